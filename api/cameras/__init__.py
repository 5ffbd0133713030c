"""Cameras as the API keeps them: their list, map, tiles, references and what workers remember."""
