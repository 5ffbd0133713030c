"""The pictures an event is shown by."""
