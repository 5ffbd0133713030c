"""Figures of the district, counted for those who watch it."""
