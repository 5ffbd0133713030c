"""What a loaded API does: events, listeners, lists and figures of a large city."""
