"""Which model versions workers run, and what they can recognise."""
