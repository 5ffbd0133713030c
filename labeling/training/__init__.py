"""Training: plan, data, run, products."""
