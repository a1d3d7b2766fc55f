"""Time that a baseline must not learn from, since use was out of the ordinary then."""

from collections.abc import Iterable
from itertools import pairwise

from analytics.grid import Floats, Micros, instant_of
from quotawatt.spans import Span

FLAGGED_PCT = 15.0
"""Days with a larger ``electricity_excess_pct`` teach nothing (rule use-above-expected)."""


def flagged_days(edges: Micros, excess_pct: Floats) -> list[Span]:
    """The days that were found to be far above expectation.

    edges
        Beginnings of days in a row and the end of the last one, UTC microseconds.
    excess_pct
        ``electricity_excess_pct`` of each; NaN where it was not judged: such a day teaches.
    """
    days = pairwise(edges.tolist())
    return [
        Span(instant_of(start), instant_of(end))
        for (start, end), excess in zip(days, excess_pct.tolist(), strict=True)
        if excess > FLAGGED_PCT
    ]


def joined(spans: Iterable[Span], within: Span) -> tuple[Span, ...]:
    """The time within ``within`` that any of the spans covers, as spans in order that do not touch."""
    found: list[Span] = []
    for span in sorted(spans, key=lambda s: s.start):
        start, end = max(span.start, within.start), min(span.end, within.end)
        if end <= start:
            continue
        if found and start <= found[-1].end:
            found[-1] = Span(found[-1].start, max(found[-1].end, end))
        else:
            found.append(Span(start, end))
    return tuple(found)
