"""Data sets: reading, checking, splitting."""
