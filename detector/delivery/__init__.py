"""From the worker's disk to the API: the outbox, its sender, the client."""
