"""Scenes: composed clips of which it is known exactly what happens in them, and when."""
