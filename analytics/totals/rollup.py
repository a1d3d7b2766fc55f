"""Totals: up the tree by the hour, and along time from hours to local days to months."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

import numpy as np

from analytics.grid import (
    HOUR_US,
    Bools,
    Floats,
    Grid,
    Key,
    Micros,
    empty_grid,
    instant_of,
    micros_of,
    stack,
)
from analytics.totals.weighted import weighted_sum
from quotawatt.measures import measure
from quotawatt.spans import DAY, Span, ceil_hour, local_date, local_midnight, next_month


class Additions(Protocol):
    """Which series add up to which, hour by hour; see ``Tree``."""

    def parts(self, total: Key, span: Span) -> tuple[Key, ...]:
        """What adds up to the total at any time of the span."""

    def held(self, total: Key, part: Key, starts: Micros) -> Bools:
        """Whether ``part`` adds to ``total`` in each hour."""

    def weights(self, total: Key, part: Key, starts: Micros) -> Floats:
        """How many times ``part`` counts in ``total`` in each hour."""

    def expected(self, key: Key, starts: Micros) -> Bools:
        """Whether the series should have a result in each hour."""

    def is_virtual(self, subject: str) -> bool:
        """Whether the subject is a virtual meter."""


def add_up(hours: Grid, totals: Iterable[Key], tree: Additions) -> Grid:
    """The totals by the hour, given parts before their totals, from a grid that holds all points.

    A total is the sum of the parts that have a result, each in the hours in which it is a part; its
    coverage is the mean of theirs, where a part that is expected and has no result counts 0. It is
    estimated if any part is; it is absent where all parts are. A virtual meter is a weighted sum
    (``weighted_sum``).
    """
    keys = tuple(totals)
    if not keys or not len(hours.starts):
        return empty_grid(keys, hours.starts)
    found = {key: hours.select([key]) for key in hours.keys}
    span = Span(instant_of(hours.starts[0]), instant_of(hours.starts[-1] + HOUR_US))
    for total in keys:
        parts = [found[key] for key in tree.parts(total, span) if key in found]
        add = _computed if tree.is_virtual(total.subject) else _total
        found[total] = add(total, stack([empty_grid((), hours.starts), *parts]), tree)
    return stack([empty_grid((), hours.starts), *(found[key] for key in keys)])


def _total(total: Key, parts: Grid, tree: Additions) -> Grid:
    held = np.array([tree.held(total, part, parts.starts) for part in parts.keys], dtype=bool)
    if not held.all():
        parts = _only(parts, held)
    known = parts.known()
    due = known.copy()
    for row in np.flatnonzero(~known.all(axis=1)):
        due[row] |= tree.expected(parts.keys[row], parts.starts) & held[row]
    summed = np.nansum(parts.value, axis=0, keepdims=True)
    return Grid(
        (total,),
        parts.starts,
        np.where(known.any(axis=0, keepdims=True), summed, np.nan),
        parts.coverage.sum(axis=0, keepdims=True) / np.maximum(due.sum(axis=0, keepdims=True), 1),
        np.asarray(parts.estimated.any(axis=0, keepdims=True)),
    )


def _computed(total: Key, parts: Grid, tree: Additions) -> Grid:
    shape = parts.value.shape
    rows = parts.keys
    weights = np.array([tree.weights(total, part, parts.starts) for part in rows], dtype=float)
    expected = np.array([tree.expected(part, parts.starts) for part in rows], dtype=bool)
    return weighted_sum(total, parts, weights.reshape(shape), expected.reshape(shape))


def _only(parts: Grid, held: Bools) -> Grid:
    """The parts with no results where they are not held."""
    return Grid(
        parts.keys,
        parts.starts,
        np.where(held, parts.value, np.nan),
        np.where(held, parts.coverage, 0.0),
        parts.estimated & held,
    )


def to_days(hours: Grid, zone: ZoneInfo) -> Grid:
    """Hours, those of whole local days (``hours_of_days``), to days of 23 to 25 hours.

    A UTC hour belongs to the day in which it starts. Additive measures are summed, others averaged over
    the hours that have a result. Coverage is the share of the whole day; estimated if any hour is.
    """
    edges = day_edges(_starts(hours), zone)
    return _coarser(hours, edges, np.ones(len(hours.starts)))


def to_months(days: Grid, zone: ZoneInfo) -> Grid:
    """Days, those of whole local months, to months; as ``to_days``, days weighted by their length."""
    lengths = np.diff(day_edges(_starts(days), zone)) / HOUR_US
    return _coarser(days, month_edges(_starts(days), zone), lengths)


def whole_days(span: Span, zone: ZoneInfo) -> Span:
    """The local days that the span touches."""
    first, last = local_date(span.start, zone), local_date(span.end, zone)
    end = local_midnight(last, zone)
    return Span(
        local_midnight(first, zone), end if end >= span.end else local_midnight(last + DAY, zone)
    )


def whole_months(span: Span, zone: ZoneInfo) -> Span:
    """The local months that the span touches."""
    first, last = month_of(span.start, zone), local_date(span.end, zone)
    end = local_midnight(last.replace(day=1), zone)
    return Span(
        local_midnight(first, zone),
        end if end >= span.end else local_midnight(next_month(last), zone),
    )


def hours_of_days(days: Span) -> Span:
    """The UTC hours that start within the days: these, where the zone's offset is whole hours."""
    return Span(ceil_hour(days.start), ceil_hour(days.end))


def day_edges(span: Span, zone: ZoneInfo) -> Micros:
    """Where the local days that the span touches begin, and where the last of them ends."""
    days = whole_days(span, zone)
    day, edges = local_date(days.start, zone), [days.start]
    while edges[-1] < days.end:
        day += DAY
        edges.append(local_midnight(day, zone))
    return np.array([micros_of(edge) for edge in edges], dtype=np.int64)


def month_edges(span: Span, zone: ZoneInfo) -> Micros:
    """Where the local months that the span touches begin, and where the last of them ends."""
    months = whole_months(span, zone)
    day, edges = local_date(months.start, zone), [months.start]
    while edges[-1] < months.end:
        day = next_month(day)
        edges.append(local_midnight(day, zone))
    return np.array([micros_of(edge) for edge in edges], dtype=np.int64)


def month_of(instant: datetime, zone: ZoneInfo) -> date:
    """The first day of the local month that holds the instant."""
    return local_date(instant, zone).replace(day=1)


def _starts(grid: Grid) -> Span:
    """From the first start to just after the last."""
    return Span(instant_of(grid.starts[0]), instant_of(grid.starts[-1] + 1))


def _coarser(grid: Grid, edges: Micros, weights: Floats) -> Grid:
    """Columns between neighbouring edges to one; ``weights`` are the columns' lengths."""
    first = np.searchsorted(grid.starts, edges[:-1])

    def total(cells: Floats) -> Floats:
        summed: Floats = np.add.reduceat(cells, first, axis=1)
        return summed

    known = grid.known()
    filled = np.where(known, grid.value, 0.0)
    known_weight = total(known * weights)
    additive = np.array([measure(key.measure).additive for key in grid.keys], dtype=bool)
    mean = total(filled * weights) / np.where(known_weight > 0, known_weight, 1.0)
    value = np.where(additive[:, None], total(filled), mean)
    return Grid(
        grid.keys,
        edges[:-1],
        np.where(known_weight > 0, value, np.nan),
        total(grid.coverage * weights) / np.add.reduceat(weights, first),
        np.logical_or.reduceat(grid.estimated, first, axis=1),
    )
