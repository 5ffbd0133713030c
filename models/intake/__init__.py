"""How a file becomes a model version: reading, exporting, quantising."""
