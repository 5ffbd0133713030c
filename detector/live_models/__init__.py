"""The models a worker runs, changed while it looks."""
