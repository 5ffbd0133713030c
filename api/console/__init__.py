"""The console: the governance centre's page, on the same app as the REST API."""
