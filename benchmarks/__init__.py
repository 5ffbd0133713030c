"""What it costs: each benchmark a module with one entry point."""
