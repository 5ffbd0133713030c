"""Who may call: the keys of workers and other systems."""
