"""What a worker knows of a camera, kept so that another one can go on with it."""
