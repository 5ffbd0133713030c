"""Signing in with the city's own accounts, by OpenID Connect."""
