"""What every package uses: errors, log, settings, child processes, back-off."""
