"""From gauges to means: what stays of temperatures, voltages and the like when their readings go."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from analytics.consumption.cleaning import USED
from analytics.consumption.points import bound_spans
from analytics.grid import HOUR_US, Grid, Key, hour_starts, micros_of
from quotawatt.quantities import QUANTITIES, Kind
from quotawatt.readings import SeriesKey
from quotawatt.register.model import Register
from quotawatt.spans import Span

# The mean of positions and courses is none that anything was at.
_NO_MEAN = frozenset({"latitude_deg", "longitude_deg", "altitude_m", "heading_deg"})

DOWNSAMPLED = frozenset(
    name
    for name, line in QUANTITIES.items()
    if line.kind is Kind.GAUGE and name not in USED | _NO_MEAN
)
"""Gauges that have no hourly results before their readings go."""


def hourly_means(
    series: Sequence[SeriesKey], values: pa.Table, register: Register, hours: Span
) -> Grid:
    """The arithmetic mean of each gauge in the hours of ``hours`` (ends on full UTC hours).

    series, values
        What ``SeriesStore.read_values`` gives: columns series (index), time, value, sorted.

    Rows are points (asset, quantity) to which the series are bound at the time, the multiplier applied;
    readings that nothing is bound to have none. An hour with any sample is covered, one without has no value.
    """
    which, time_us = values["series"].to_numpy(), values["time"].cast(pa.int64()).to_numpy()
    value = values["value"].to_numpy()
    starts = hour_starts(hours)
    rows: dict[Key, int] = {}
    cells, samples = [np.empty(0, dtype=np.int64)], [np.empty(0)]
    for number, key in enumerate(series):
        low, high = np.searchsorted(which, [number, number + 1])
        for span, binding in bound_spans(key, register):
            edges = [micros_of(max(span.start, hours.start)), micros_of(min(span.end, hours.end))]
            first, until = low + np.searchsorted(time_us[low:high], edges)
            if first >= until:
                continue
            point = Key(binding.asset, binding.point_quantity or key.quantity)
            row = rows.setdefault(point, len(rows))
            hour = (time_us[first:until] - micros_of(hours.start)) // HOUR_US
            cells.append(row * len(starts) + hour)
            samples.append(value[first:until] * binding.multiplier)
    shape = (len(rows), len(starts))
    size = shape[0] * shape[1]
    cell = np.concatenate(cells)
    count = np.bincount(cell, minlength=size).reshape(shape)
    total = np.bincount(cell, weights=np.concatenate(samples), minlength=size).reshape(shape)
    mean = np.divide(total, count, out=np.full(shape, np.nan), where=count > 0)
    covered = (count > 0).astype(float)
    return Grid(tuple(rows), starts, mean, covered, np.zeros(shape, dtype=bool))
