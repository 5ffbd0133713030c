"""The rule language: what the catalogue can say about when an issue is there."""
