"""The desk: where cases are judged, dispatched and followed to their closing."""
