"""What the rule engine costs a look."""
