"""Signed messages to departments' systems: what became of their cases."""
