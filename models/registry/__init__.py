"""The registry of model versions, in a folder or a bucket."""
