"""Values of many series as numbers only: what analytics reads, and how adapters put it in order."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from quotawatt.readings import TIME, Quality, SeriesKey
from quotawatt.storage.frames import Floats, Ints, distinct, floats, integers

_VALUE_COLUMNS: list[tuple[str, pa.DataType]] = [
    ("series", pa.int32()),  # place in the sequence of series that was asked for
    ("time", TIME),
    ("value", pa.float64()),
]
VALUES = pa.schema(_VALUE_COLUMNS)
"""Schema of ``SeriesStore.read_values``."""

_HALF = 16
_LOW = (1 << _HALF) - 1


def values_table(series: Ints, time_us: Ints, value: Floats) -> pa.Table:
    """Columns of numbers, in any order, as a table of schema VALUES sorted by series, then time.

    Rows of a negative series are left out.
    """
    if len(series) and series.min() < 0:
        asked = series >= 0
        series, time_us, value = series[asked], time_us[asked], value[asked]
    order = _by_series(series)
    counts = np.bincount(series)
    ordered = time_us[order]
    falls = np.flatnonzero(ordered[1:] < ordered[:-1]) + 1
    if not np.isin(falls, np.cumsum(counts)).all():
        order = np.lexsort((time_us, series))
        ordered = time_us[order]
    number = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
    columns = [pa.array(number), pa.array(ordered).cast(TIME), pa.array(value[order])]
    return pa.Table.from_arrays(columns, schema=VALUES)


def values_of(readings: pa.Table, series: Sequence[SeriesKey]) -> pa.Table:
    """What is not suspect in a table of schema READINGS, of these series (each once), as VALUES."""
    sound = readings.filter(pc.not_equal(readings["quality"], pa.scalar(Quality.SUSPECT.value)))
    keys, place = distinct(sound, SeriesKey._fields)
    wanted = {key: number for number, key in enumerate(series)}
    number = np.array([wanted.get(SeriesKey(*key), -1) for key in keys], dtype=np.int64)[place]
    held = number >= 0
    return values_table(number[held], integers(sound["time"])[held], floats(sound["value"])[held])


def _by_series(series: Ints) -> Ints:
    """The rows by series, else as they are.

    Stores hold readings about in the order of their times, so that this nearly always is the order by time
    too; numpy sorts 16-bit keys by radix, in linear time.
    """
    order = np.argsort(series.astype(np.uint16), kind="stable")
    if len(series) and int(series.max()) > _LOW:
        order = order[np.argsort((series[order] >> _HALF).astype(np.uint16), kind="stable")]
    return order
