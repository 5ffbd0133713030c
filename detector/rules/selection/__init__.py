"""Which boxes of a look count for which rule."""
