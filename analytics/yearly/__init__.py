"""The year to date against quotas and carbon targets."""
