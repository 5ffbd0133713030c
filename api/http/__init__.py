"""What every answer has in common: problems, limits on bodies, the reference, metrics."""
