"""What can be recognised: the issue catalogue, installed models and their export."""
