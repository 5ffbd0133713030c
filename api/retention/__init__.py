"""Retention: how long pictures are kept, what must stay, and the proof of what was deleted."""
