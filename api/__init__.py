"""From events to closed cases: the FastAPI service, its storage and the console."""
