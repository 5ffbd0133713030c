"""Which issue types the models at hand can recognise."""
