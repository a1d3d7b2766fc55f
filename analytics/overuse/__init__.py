"""Overconsumption explained: when, where, what it costs, which pattern it has, and in words what to do."""
