"""The rule engine: from what was found in a look to sightings."""
