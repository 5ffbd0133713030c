"""What happens in each scene, told step by step."""
