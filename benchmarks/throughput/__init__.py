"""How many cameras a machine carries, and how late events are."""
