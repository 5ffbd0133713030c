"""Days of a district in fast motion, played through the public API."""
