"""How a story becomes pictures with known truth."""
