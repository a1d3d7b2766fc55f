"""Days on which a virtual meter went below zero: its formula, or one of its meters, must be wrong."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from analytics.grid import HOUR_US, Floats, Grid, Key, instant_of, micros_of
from analytics.totals.rollup import day_edges
from analytics.totals.tree import Tree
from quotawatt.findings import Evidence, Finding
from quotawatt.spans import Span

TOLERANCE = 0.01
"""Of what is taken from: meters are exact to 1 % or so, and read a little apart."""


def negative_days(
    meters: Sequence[Key], hours: Grid, tree: Tree, zone: ZoneInfo, now: datetime
) -> Iterator[Finding]:
    """``virtual_negative``: the last local day that is over and negative, of each virtual meter.

    hours
        Of whole local days; the parts of the meters are among its rows.
    """
    if not len(hours.starts):
        return
    edges = day_edges(_span(hours), zone)
    first = np.searchsorted(hours.starts, edges[:-1])
    over = edges[1:] <= micros_of(now)
    for key in meters:
        value = _summed(hours.select([key]).value[0], first)
        taken_from = _summed(_positive(key, hours, tree), first)
        days = np.flatnonzero(over & (value < -TOLERANCE * taken_from) & (value < 0))
        if len(days):
            day = int(days[-1])
            evidence: Evidence = {
                "quantity": key.measure,
                "since": instant_of(edges[day]).isoformat(),
                "until": instant_of(edges[day + 1]).isoformat(),
                "value": float(value[day]),
                "taken_from": float(taken_from[day]),
                "formula": tree.register.virtual_meters[key.subject].formula,
            }
            yield Finding("virtual_negative", key.subject, evidence)


def _positive(key: Key, hours: Grid, tree: Tree) -> Floats:
    """What the parts that are added have together, by the hour."""
    total = np.zeros(len(hours.starts))
    parts = hours.select(tree.parts(key, _span(hours)))
    for part, values in zip(parts.keys, parts.value, strict=True):
        weights = np.maximum(tree.weights(key, part, hours.starts), 0.0)
        total += weights * np.nan_to_num(values)
    return total


def _summed(values: Floats, first: NDArray[np.intp]) -> Floats:
    summed: Floats = np.add.reduceat(np.nan_to_num(values), first)
    return summed


def _span(hours: Grid) -> Span:
    return Span(instant_of(hours.starts[0]), instant_of(hours.starts[-1] + HOUR_US))
