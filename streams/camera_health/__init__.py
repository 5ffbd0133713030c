"""Whether a camera can be trusted now, and why not."""
