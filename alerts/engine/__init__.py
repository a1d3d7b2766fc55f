"""From results, readings and findings to the states of alerts."""
