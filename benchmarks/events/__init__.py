"""How right the events are, over scenes and clips with known truth."""
