"""Statistics returns: per organisation and period filled, checked, submitted, accepted, summed."""
