"""Model cards: what a version is, of which files, how well it does."""
