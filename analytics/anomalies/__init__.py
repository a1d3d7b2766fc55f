"""What differs from expected use: one anomaly is one event, with its start, end, size and likely kind."""
