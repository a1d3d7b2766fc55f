"""The year to date against quotas."""
