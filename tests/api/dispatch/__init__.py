"""Tests of the way from a matter to its department."""
