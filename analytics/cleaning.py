"""Readings as analytics takes them: by series, in order of time, each instant once, none suspect."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from analytics.grid import Bools, Floats, Micros, micros, micros_of
from quotawatt.quantities import COUNTERS
from quotawatt.readings import Quality, SeriesKey

GAUGES = frozenset({"outdoor_temperature_c"})
"""Gauges that have results of their own: the weather that expected values rest on."""

USED = COUNTERS | GAUGES
"""Quantities whose readings become hourly results."""


@dataclass(frozen=True)
class CleanReadings:
    """Readings of several series: those of ``series[i]`` are rows ``offsets[i]`` to ``offsets[i + 1]``.

    Values are as the device gave them, in canonical units.
    """

    series: tuple[SeriesKey, ...]
    offsets: NDArray[np.intp]
    time_us: Micros
    value: Floats


def clean(readings: pa.Table, until: datetime) -> CleanReadings:
    """Readings (schema READINGS, in any order) that can be computed with, up to ``until`` included.

    Suspect ones, values that are no number, and quantities that nothing is computed from are left out.
    Of several readings at one instant the one counts that the series store keeps: the highest revision,
    of these one that is not suspect, of these the largest value. So a suspect correction leaves nothing.
    """
    usable = np.isfinite(readings["value"].to_numpy())
    usable &= micros(readings["time"]) <= micros_of(until)
    usable &= _isin(readings["quantity"], sorted(USED))
    table = readings.filter(pa.array(usable))
    series, row_series = _series(table)
    time_us = micros(table["time"])
    value = table["value"].to_numpy()
    sound = ~_isin(table["quality"], [Quality.SUSPECT.value])
    order = np.lexsort((value, sound, table["revision"].to_numpy(), time_us, row_series))
    row_series, time_us = row_series[order], time_us[order]
    kept = sound[order]
    kept[:-1] &= (row_series[1:] != row_series[:-1]) | (time_us[1:] != time_us[:-1])
    used, starts = np.unique(row_series[kept], return_index=True)
    offsets = np.append(starts, np.count_nonzero(kept))
    return CleanReadings(
        tuple(series[i] for i in used.tolist()), offsets, time_us[kept], value[order][kept]
    )


def _isin(column: "pa.ChunkedArray[pa.StringScalar]", names: list[str]) -> Bools:
    return np.asarray(pc.is_in(column, value_set=pa.array(names)))


def _series(table: pa.Table) -> tuple[tuple[SeriesKey, ...], NDArray[np.intp]]:
    """The series of the table, sorted, and which one each row belongs to."""
    code = np.zeros(len(table), dtype=np.int64)
    names: list[list[str]] = []
    for column in SeriesKey._fields:
        encoded = table[column].combine_chunks().dictionary_encode()
        names.append([str(name) for name in encoded.dictionary.to_pylist()])
        code = code * max(len(names[-1]), 1) + np.asarray(encoded.indices, dtype=np.int64)
    codes, inverse = np.unique(code, return_inverse=True)
    found = []
    for one in codes.tolist():
        rest, quantity = divmod(one, len(names[2]))
        device, channel = divmod(rest, len(names[1]))
        found.append(SeriesKey(names[0][device], names[1][channel], names[2][quantity]))
    order = sorted(range(len(found)), key=found.__getitem__)
    rank = np.empty(len(found), dtype=np.intp)
    rank[order] = np.arange(len(found))
    return tuple(found[i] for i in order), rank[inverse]
