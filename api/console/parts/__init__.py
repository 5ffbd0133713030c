"""What all pages of the console share: texts, elements, head, settings."""
