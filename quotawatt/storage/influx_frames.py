"""From InfluxDB's answers to Arrow tables."""

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa

from quotawatt.readings import READINGS, RESULTS, Quality, SeriesKey
from quotawatt.storage.frames import Ints, distinct, integers
from quotawatt.storage.influx_http import Series
from quotawatt.storage.influx_lines import decode_tag


def series_key(series: Series) -> SeriesKey:
    """The series of readings that an answer's tags name."""
    return SeriesKey(*(decode_tag(series.tags.get(name, "")) for name in SeriesKey._fields))


def reading_frame(series: Series) -> pa.Table:
    """One series of an answer as a table of schema READINGS."""
    columns = _columns(series)
    size = len(series.rows)
    columns |= {
        name: [text] * size
        for name, text in zip(SeriesKey._fields, series_key(series), strict=True)
    }
    columns["revision"] = [int(series.tags.get("revision") or 0)] * size
    return _frame(columns, READINGS)


def result_frame(series: Series) -> pa.Table:
    """One series of an answer as a table of schema RESULTS."""
    columns = _columns(series)
    size = len(series.rows)
    columns |= {name: [decode_tag(series.tags[name])] * size for name in ("subject", "measure")}
    columns["start"] = columns["time"]
    # The point of a missing result may still hold the value that it had before.
    columns["value"] = [
        None if quality == Quality.MISSING else value
        for value, quality in zip(columns["value"], columns["quality"], strict=True)
    ]
    return _frame(columns, RESULTS)


def total_row(key: tuple[str, str], figures: Mapping[str, float]) -> dict[str, object]:
    """One row of ``sum_results``; ``estimated`` comes as an amount and leaves as a share."""
    total, estimated = figures.get("value"), figures.get("estimated")
    return {
        "subject": key[0],
        "measure": key[1],
        "value": total,
        "intervals": figures["intervals"],
        "coverage": figures["coverage"],
        "estimated": estimated / total if estimated and total else 0.0,
    }


def ascending(table: pa.Table, names: Sequence[str]) -> pa.Table:
    """``table`` sorted by these columns, in one chunk."""
    return table.sort_by([(name, "ascending") for name in names]).combine_chunks()


def winners(frames: Sequence[pa.Table]) -> pa.Table:
    """Of the readings in ``frames`` the highest revision of each identity, sorted."""
    table = pa.concat_tables([READINGS.empty_table(), *frames])
    table = ascending(table, (*SeriesKey._fields, "time", "revision"))
    _, series = distinct(table, SeriesKey._fields)
    time_us = integers(table["time"])
    last = np.ones(len(table), dtype=np.bool_)
    last[:-1] = (np.diff(series) != 0) | (np.diff(time_us) != 0)
    return table.filter(pa.array(last))


def nearest(readings: pa.Table, count: int, direction: str) -> pa.Table:
    """The first (``ASC``) or last (``DESC``) ``count`` readings of each series of a sorted table."""
    _, series = distinct(readings, SeriesKey._fields)
    ahead = _place(series) if direction == "ASC" else _place(series[::-1])[::-1]
    return readings.filter(pa.array(ahead < count))


def _place(groups: Ints) -> Ints:
    """Where each row stands within its group, from 0; rows of one group are neighbours."""
    rows = np.arange(len(groups))
    starts = np.ones(len(groups), dtype=np.bool_)
    starts[1:] = groups[1:] != groups[:-1]
    return rows - np.maximum.accumulate(np.where(starts, rows, 0))


def _columns(series: Series) -> dict[str, Sequence[object]]:
    return dict(zip(series.columns, zip(*series.rows, strict=True), strict=True))


def _frame(columns: Mapping[str, Sequence[object]], schema: pa.Schema) -> pa.Table:
    arrays = [pa.array(columns[field.name], type=field.type) for field in schema]
    return pa.Table.from_arrays(arrays, schema=schema)
