"""Events: stored once, judged, found again, followed live, with their evidence."""
