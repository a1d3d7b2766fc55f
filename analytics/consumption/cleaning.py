"""Readings as analytics takes them: by series, in order of time, each instant once, none suspect."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from analytics.grid import Bools, Floats, Micros, micros, micros_of
from quotawatt.flows import POWERS
from quotawatt.quantities import COUNTERS
from quotawatt.readings import Quality, SeriesKey

GAUGES = frozenset({"outdoor_temperature_c"})
"""Gauges that have results of their own: the weather that expected values rest on."""

USED = COUNTERS | GAUGES
"""Quantities that have hourly results."""

TAKEN = USED | POWERS
"""Quantities whose readings hourly results are made from."""


@dataclass(frozen=True)
class CleanReadings:
    """Readings of several series: those of ``series[i]`` are rows ``offsets[i]`` to ``offsets[i + 1]``.

    Values are as the device gave them, in canonical units.
    """

    series: tuple[SeriesKey, ...]
    offsets: NDArray[np.intp]
    time_us: Micros
    value: Floats

    @classmethod
    def of_values(
        cls, series: Sequence[SeriesKey], table: pa.Table, until: datetime | None = None
    ) -> "CleanReadings":
        """What the series store's ``read_values`` gives: each instant once, no suspect reading among it.

        table
            Columns ``series`` (index into the sequence), ``time``, ``value``, sorted by series, then time.
        until
            Later readings are left out; None: there are none.

        Values that are no number, and quantities that nothing is computed from, are left out.
        """
        which = table["series"].to_numpy()
        time_us, value = micros(table["time"]), table["value"].to_numpy()
        kept = np.isfinite(value)
        taken = np.array([key.quantity in TAKEN for key in series], dtype=bool)
        if not taken.all():
            kept &= taken[which]
        if until is not None:
            kept &= time_us <= micros_of(until)
        if not kept.all():
            which, time_us, value = which[kept], time_us[kept], value[kept]
        edges = np.searchsorted(which, np.arange(len(series) + 1))
        held = np.flatnonzero(np.diff(edges))
        offsets = np.append(edges[held], len(which)).astype(np.intp)
        return cls(tuple(series[i] for i in held.tolist()), offsets, time_us, value)


def clean(readings: pa.Table, until: datetime) -> CleanReadings:
    """Readings (schema READINGS, in any order) that can be computed with, up to ``until`` included.

    Suspect ones, values that are no number, and quantities that nothing is computed from are left out.
    Of several readings at one instant the one counts that the series store keeps: the highest revision,
    of these one that is not suspect, of these the largest value. So a suspect correction leaves nothing.
    """
    series, edges = _blocks(readings)
    if _in_order(series, edges, readings):
        return _cleaned(series, edges, readings, until)
    return clean_any(readings, until)


def _cleaned(
    series: Sequence[SeriesKey], edges: NDArray[np.intp], readings: pa.Table, until: datetime
) -> CleanReadings:
    """As ``clean``, of readings that stand as a store gives them: nothing has to be sorted."""
    sound = ~_isin(readings["quality"], [Quality.SUSPECT.value])
    which = np.repeat(np.arange(len(series), dtype=np.int32), np.diff(edges))
    table = readings.select(["time", "value"]).append_column("series", pa.array(which))
    held = table if sound.all() else table.filter(pa.array(sound))
    return CleanReadings.of_values(series, held, until)


def _in_order(series: Sequence[SeriesKey], edges: NDArray[np.intp], readings: pa.Table) -> bool:
    """Whether each series stands in one block, blocks in order, and no instant in one of them twice."""
    if any(one >= other for one, other in pairwise(series)):
        return False
    later = np.diff(micros(readings["time"])) > 0
    later[edges[1:-1] - 1] = True
    return bool(later.all())


def _blocks(readings: pa.Table) -> tuple[list[SeriesKey], NDArray[np.intp]]:
    """Runs of readings of one series: which it is, and where each begins, with the end of the last."""
    ends = [
        pc.call_function("run_end_encode", [readings[name].combine_chunks()]).run_ends
        for name in SeriesKey._fields
    ]
    edges = np.unique(np.concatenate([[0], *ends])).astype(np.intp)
    first = readings.select(SeriesKey._fields).take(pa.array(edges[:-1], type=pa.int64()))
    return [SeriesKey(**row) for row in first.to_pylist()], edges


def clean_any(readings: pa.Table, until: datetime) -> CleanReadings:
    """As ``clean``, of readings in whatever order."""
    usable = np.isfinite(readings["value"].to_numpy())
    usable &= micros(readings["time"]) <= micros_of(until)
    usable &= _isin(readings["quantity"], sorted(TAKEN))
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
