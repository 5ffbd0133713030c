"""Real clips of the shared folder, with what must be reported of them, written by looking."""
