"""The catalogue of issue types: data, overlays, checks, wording."""
