"""What is typed about models and the catalogue."""
