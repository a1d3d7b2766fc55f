"""Closed snapshots: what was issued stays as it was, whatever the data become later."""

from quotawatt.issued.book import Draft, Issued, issue, issued_after, issued_list, issued_of, latest
from quotawatt.issued.compare import Difference, differences, printed

__all__ = [
    "Difference",
    "Draft",
    "Issued",
    "differences",
    "issue",
    "issued_after",
    "issued_list",
    "issued_of",
    "latest",
    "printed",
]
