"""The worker: frames in, analysed in batches, recorded as events."""
