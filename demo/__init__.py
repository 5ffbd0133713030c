"""The demo: real footage replayed as cameras of an invented district."""
