"""Anomalies as lasting events: told from those already known, explained by others, made findings."""
