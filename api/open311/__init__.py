"""Open311 GeoReport v2: matters that the public reports by other people's clients."""
