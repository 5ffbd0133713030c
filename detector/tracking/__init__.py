"""Tracking: follows moving things from look to look, where the looks come fast enough."""
