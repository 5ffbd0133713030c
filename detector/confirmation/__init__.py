"""Confirmation: a second opinion on events, asked for beside the analysis and never before it."""
