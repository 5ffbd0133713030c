"""Management grid cells, and which one a place lies in."""
