"""What a subject will use: the next day by the hour, the months to come, the rest of the year."""
