"""What is typed to measure: one command a benchmark."""
