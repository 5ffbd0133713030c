"""Boxes, points and zones in the picture, and where they lie on the ground."""
