"""The forms a rule can take, each judged over looks."""
