"""From counter readings to use by the hour, and from gauges to means by the hour.

Vectorised over all series at once. ``policy`` says what counts between two readings; here that is
spread over time to UTC hours, hour boundaries interpolated, and added up by point.
"""

from collections.abc import Collection, Sequence

import numpy as np

from analytics.consumption.amounts import Amount
from analytics.consumption.cleaning import GAUGES, CleanReadings
from analytics.consumption.counter_findings import counter_findings
from analytics.consumption.passing import Segments, passed_at
from analytics.consumption.points import Wiring
from analytics.consumption.spreading import spread
from analytics.grid import HOUR_US, Floats, Grid, Key, hour_starts, micros_of
from quotawatt.findings import Finding
from quotawatt.spans import Span


def hourly_use(
    readings: CleanReadings,
    wiring: Wiring,
    points: Collection[Key],
    hours: Span,
    amounts: Sequence[Amount] = (),
) -> tuple[Grid, list[Finding]]:
    """Use of counters and means of gauges in the hours of ``hours`` (ends on full UTC hours).

    readings
        Of every series that feeds the points, from before the first hour until after the last one as
        far as there are any: an increment is spread over the time between its two readings.
    points
        Rows of the answer, sorted; each asset's quantity.
    amounts
        What passed by bills, purchases and charging sessions; those of other points are passed over. They
        count where no device is bound to the point and no reading by hand tells.

    Value is in the unit of the quantity, with the binding's multiplier applied. It is NaN where nothing
    counts. Coverage is the share of the hour over which all that passed is known; where several
    bindings hold at once (phases), the mean of theirs. An hour is estimated if any of it is. Across a
    change of bindings nothing is invented. Findings are those of ``counter_findings``.
    """
    keys = tuple(sorted(points))
    rows = {key: i for i, key in enumerate(keys)}
    passed = passed_at(readings, wiring, keys, amounts)
    row_of = np.array([rows[point] for point in passed.points], dtype=np.intp)
    grid = spread(passed.increments, row_of, keys, hours)
    expected_us = np.maximum(_expected_us(keys, wiring, hours), HOUR_US)
    coverage = np.minimum(grid.coverage * HOUR_US / expected_us, 1.0)
    grid = Grid(keys, grid.starts, grid.value, coverage, grid.estimated)
    found = counter_findings(passed, hours)
    means = _means(_gauges(readings, wiring, rows), hours)
    return (grid.overlay(means, means.known()) if means.keys else grid), found


def _expected_us(keys: tuple[Key, ...], wiring: Wiring, hours: Span) -> Floats:
    """For how long of each hour series are bound to each point, summed over the series."""
    starts = hour_starts(hours)
    expected = np.zeros((len(keys), len(starts)))
    for row, key in enumerate(keys):
        for stretch in wiring.sources(key):
            if stretch.overlaps(hours) and not stretch.implied:
                low = np.maximum(starts, micros_of(stretch.start))
                high = np.minimum(starts + HOUR_US, micros_of(stretch.end))
                expected[row] += np.maximum(high - low, 0)
    return expected


def _gauges(readings: CleanReadings, wiring: Wiring, points: Collection[Key]) -> Segments:
    parts = [
        (stretch, index)
        for index, series in enumerate(readings.series)
        if series.quantity in GAUGES
        for stretch in wiring.stretches(series)
        if stretch.point in points
    ]
    return Segments.of(readings, parts, closing=False)


def _means(segments: Segments, hours: Span) -> Grid:
    """Arithmetic mean of each hour's samples; an hour with any sample is covered."""
    starts = hour_starts(hours)
    keys = tuple(dict.fromkeys(s.point for s in segments.stretches))
    row = np.array([keys.index(s.point) for s in segments.stretches], dtype=np.intp)
    hour = (segments.time_us - micros_of(hours.start)) // HOUR_US
    inside = (hour >= 0) & (hour < len(starts))
    row_of_reading = np.repeat(row, np.diff(segments.offsets))
    cell = row_of_reading[inside] * len(starts) + hour[inside]
    size, shape = len(keys) * len(starts), (len(keys), len(starts))
    count = np.bincount(cell, minlength=size).reshape(shape)
    total = np.bincount(cell, weights=segments.value[inside], minlength=size).reshape(shape)
    mean = np.divide(total, count, out=np.full(shape, np.nan), where=count > 0)
    return Grid(keys, starts, mean, (count > 0).astype(float), np.zeros(shape, dtype=bool))
