"""What is typed to run a worker and look after its outbox."""
