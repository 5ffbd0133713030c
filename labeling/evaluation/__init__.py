"""How well a model does: matching, average precision, thresholds, pictures of right and wrong."""
