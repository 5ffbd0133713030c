"""One model on one batch of pictures."""
