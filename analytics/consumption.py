"""From counter readings to use by the hour, and from gauges to means by the hour.

Vectorised over all series at once. ``policy`` says what counts between two readings; here that is
spread over time to UTC hours, hour boundaries interpolated, and added up by point.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.cleaning import GAUGES, CleanReadings
from analytics.grid import (
    HOUR_US,
    Bools,
    Floats,
    Grid,
    Key,
    Micros,
    hour_starts,
    instant_of,
    micros_of,
)
from analytics.points import Stretch, Wiring
from analytics.policy import Counters, Faults, Increments, increments
from quotawatt.findings import Finding
from quotawatt.spans import Span


def hourly_use(
    readings: CleanReadings, wiring: Wiring, points: Collection[Key], hours: Span
) -> tuple[Grid, list[Finding]]:
    """Use of counters and means of gauges in the hours of ``hours`` (ends on full UTC hours).

    readings
        Of every series that feeds the points, from before the first hour until after the last one as
        far as there are any: an increment is spread over the time between its two readings.
    points
        Rows of the answer, sorted; each asset's quantity.

    Value is in the unit of the quantity, with the binding's multiplier applied. It is NaN where nothing
    counts. Coverage is the share of the hour over which all that passed is known; where several
    bindings hold at once (phases), the mean of theirs. An hour is estimated if any of it is. Across a
    change of bindings nothing is invented. Findings (``counter_glitch``, ``counter_reset``,
    ``counter_above_rating``) are those of readings within ``hours``.
    """
    keys = tuple(sorted(points))
    rows = {key: i for i, key in enumerate(keys)}
    parts = [
        (part, index)
        for index, series in enumerate(readings.series)
        for part in wiring.stretches(series)
        if part.point in rows
    ]
    counters = [(p, i) for p, i in parts if p.point.measure not in GAUGES]
    gauges = [(p, i) for p, i in parts if p.point.measure in GAUGES]
    segments = _Segments.of(readings, counters, closing=True)
    passed, faults = increments(_counters(segments, wiring))
    row_of = np.array([rows[p.point] for p in segments.stretches], dtype=np.intp)
    grid = _spread(passed, row_of, keys, hours)
    expected_us = _expected_us(keys, wiring, hours)
    grid = Grid(
        keys,
        grid.starts,
        grid.value,
        np.minimum(grid.coverage * HOUR_US / np.maximum(expected_us, HOUR_US), 1.0),
        grid.estimated,
    )
    means = _means(_Segments.of(readings, gauges, closing=False), hours)
    found = [f for fault in faults for f in _findings(fault, segments, hours)]
    return grid.overlay(means, means.known()), found


@dataclass(frozen=True)
class _Segments:
    """Readings by stretch: ``segment`` says of each reading which of ``stretches`` it lies in."""

    stretches: list[Stretch]
    segment: NDArray[np.intp]
    time_us: Micros
    value: Floats

    @classmethod
    def of(
        cls, readings: CleanReadings, parts: Iterable[tuple[Stretch, int]], closing: bool
    ) -> "_Segments":
        """Cut series at the edges of their bindings. ``closing``: a reading at the end belongs too."""
        held: list[Stretch] = []
        pieces: list[NDArray[np.intp]] = []
        for stretch, index in parts:
            low, high = readings.offsets[index : index + 2]
            time_us = readings.time_us[low:high]
            first = np.searchsorted(time_us, micros_of(stretch.start))
            until = np.searchsorted(
                time_us, micros_of(stretch.end), side="right" if closing else "left"
            )
            held.append(stretch)
            pieces.append(np.arange(low + first, low + max(first, until)))
        rows = np.concatenate(pieces) if pieces else np.empty(0, dtype=np.intp)
        segment = np.repeat(np.arange(len(held)), [len(piece) for piece in pieces])
        multiplier = np.array([s.binding.multiplier for s in held], dtype=float)
        value = readings.value[rows] * multiplier[segment]
        return cls(held, segment, readings.time_us[rows], value)


def _counters(segments: _Segments, wiring: Wiring) -> Counters:
    """The segments with what the register knows of their meters."""
    most = [wiring.most_per_hour(s.point) for s in segments.stretches]
    unit = [s.binding.multiplier for s in segments.stretches]
    size = [(s.binding.register_size or np.nan) * s.binding.multiplier for s in segments.stretches]
    return Counters(
        segment=segments.segment,
        time_us=segments.time_us,
        value=segments.value,
        most_per_hour=np.array(most, dtype=float)[segments.segment],
        unit=np.array(unit, dtype=float)[segments.segment],
        register_size=np.array(size, dtype=float)[segments.segment],
    )


def _spread(
    passed: Increments, row_of_segment: NDArray[np.intp], keys: tuple[Key, ...], hours: Span
) -> Grid:
    """Increments to hours, evenly over their time. Coverage is in hours, over all series of the row."""
    starts = hour_starts(hours)
    first_us, until_us = micros_of(hours.start), micros_of(hours.end)
    start = np.maximum(passed.start_us, first_us)
    end = np.minimum(passed.end_us, until_us)
    counts = ~np.isnan(passed.amount) & (end > start)
    first_hour = (start - first_us) // HOUR_US
    n_pieces = np.where(counts, -(-(end - first_us) // HOUR_US) - first_hour, 0)
    piece = np.repeat(np.arange(len(start)), n_pieces)
    nth = np.arange(len(piece)) - np.repeat(np.cumsum(n_pieces) - n_pieces, n_pieces)
    hour = first_hour[piece] + nth
    hour_us = first_us + hour * HOUR_US
    length_us = np.minimum(end[piece], hour_us + HOUR_US) - np.maximum(start[piece], hour_us)
    share = length_us / (passed.end_us - passed.start_us)[piece]
    cell = row_of_segment[passed.segment[piece]] * len(starts) + hour
    shape = (len(keys), len(starts))

    def total(weights: Floats | Bools) -> Floats:
        flat = np.bincount(cell, weights=weights, minlength=shape[0] * shape[1])
        return flat.astype(np.float64).reshape(shape)

    value = np.where(total(np.ones(len(cell))) > 0, total(passed.amount[piece] * share), np.nan)
    coverage = total(passed.covers[piece] * length_us / HOUR_US)
    return Grid(keys, starts, value, coverage, total(passed.estimated[piece]) > 0)


def _expected_us(keys: tuple[Key, ...], wiring: Wiring, hours: Span) -> Floats:
    """For how long of each hour series are bound to each point, summed over the series."""
    starts = hour_starts(hours)
    expected = np.zeros((len(keys), len(starts)))
    for row, key in enumerate(keys):
        for stretch in wiring.sources(key):
            if stretch.overlaps(hours):
                low = np.maximum(starts, micros_of(stretch.start))
                high = np.minimum(starts + HOUR_US, micros_of(stretch.end))
                expected[row] += np.maximum(high - low, 0)
    return expected


def _means(segments: _Segments, hours: Span) -> Grid:
    """Arithmetic mean of each hour's samples; an hour with any sample is covered."""
    starts = hour_starts(hours)
    keys = tuple(dict.fromkeys(s.point for s in segments.stretches))
    row = np.array([keys.index(s.point) for s in segments.stretches], dtype=np.intp)
    hour = (segments.time_us - micros_of(hours.start)) // HOUR_US
    inside = (hour >= 0) & (hour < len(starts))
    cell = row[segments.segment[inside]] * len(starts) + hour[inside]
    size, shape = len(keys) * len(starts), (len(keys), len(starts))
    count = np.bincount(cell, minlength=size).reshape(shape)
    total = np.bincount(cell, weights=segments.value[inside], minlength=size).reshape(shape)
    mean = np.divide(total, count, out=np.full(shape, np.nan), where=count > 0)
    return Grid(keys, starts, mean, (count > 0).astype(float), np.zeros(shape, dtype=bool))


def _findings(faults: Faults, segments: _Segments, hours: Span) -> list[Finding]:
    """One finding a faulty reading within ``hours``; values are after the multiplier."""
    found = []
    for row, before in zip(faults.rows.tolist(), faults.before.tolist(), strict=True):
        at = instant_of(segments.time_us[row])
        if not hours.contains(at):
            continue
        stretch = segments.stretches[segments.segment[row]]
        name = stretch.point.measure
        detail = {
            "device": stretch.series.device,
            "channel": stretch.series.channel,
            "quantity": name,
            "at": at.isoformat(),
            "before_at": instant_of(segments.time_us[before]).isoformat(),
            name: float(segments.value[row]),
            f"{name}_before": float(segments.value[before]),
        }
        found.append(Finding(faults.code, stretch.point.subject, detail))
    return found
