"""What is typed to run and fill an API node."""
