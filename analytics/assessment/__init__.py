"""Ranking like with like, scoring by a scheme, and the reports that are issued."""
