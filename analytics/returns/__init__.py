"""Filling statistics returns from results and register."""
