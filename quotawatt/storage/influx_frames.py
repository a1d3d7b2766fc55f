"""From InfluxDB's answers to Arrow tables."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from quotawatt.quantities import QUANTITIES
from quotawatt.readings import READINGS, RESULTS, Quality, SeriesKey
from quotawatt.storage.activity import ACTIVITY
from quotawatt.storage.frames import Floats, Ints, distinct, integers
from quotawatt.storage.influx_http import Series
from quotawatt.storage.influx_lines import decode_tag
from quotawatt.storage.influx_points import QUALITY, REASON, SUSPECT
from quotawatt.storage.influx_statements import Place

# Columns of one series of an answer, by name.
_Columns = dict[str, Sequence[Any]]


def reading_frames(series: Series) -> list[pa.Table]:
    """One series of an answer as tables of schema READINGS, one for each quantity asked for."""
    columns = _columns(series)
    return [_reading_frame(series, columns, name) for name in columns if name in QUANTITIES]


def result_frame(series: Series) -> pa.Table:
    """One series of an answer as a table of schema RESULTS."""
    columns = _columns(series)
    size = len(series.rows)
    # The point of a missing result holds a 0.
    missing = np.array(columns["quality"]) == Quality.MISSING
    return _frame(
        {
            **columns,
            **{name: [decode_tag(series.tags[name])] * size for name in ("subject", "measure")},
            "start": columns["time"],
            "value": np.where(missing, np.nan, _numbers(columns["value"])),
        },
        RESULTS,
    )


def place_of(series: Series) -> Place:
    """The place that a series of an answer is about."""
    return Place(*(decode_tag(series.tags[name]) for name in Place._fields))


def note_activity(
    figures: dict[SeriesKey, dict[str, Any]], where: tuple[str, str], series: Series
) -> None:
    """Enter one series of an answer to ``activity_within`` under its place and quantity."""
    time_us, *values = series.rows[0]
    for column, value in zip(series.columns[1:], values, strict=True):
        figure, _, name = column.partition(":")
        own = figures.setdefault(SeriesKey(*where, name), {})
        # The first and the last are asked for by their times.
        own[figure] = time_us if figure in {"first", "last"} else value


def activity_table(figures: Mapping[SeriesKey, Mapping[str, Any]]) -> pa.Table:
    """What ``note_activity`` entered as a table of schema ACTIVITY, in any order."""
    # A series that nothing was counted of began while it was being asked about.
    rows = [
        {**key._asdict(), **own}
        for key, own in figures.items()
        if own.get("count") and "first" in own and "last" in own
    ]
    columns = {field.name: [row[field.name] for row in rows] for field in ACTIVITY}
    return _frame(columns, ACTIVITY)


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


def _reading_frame(series: Series, columns: _Columns, name: str) -> pa.Table:
    """The readings of one quantity; a suspect value counts only where there is no other."""
    good, suspect = _numbers(columns[name]), _numbers(columns[name + SUSPECT])
    sound = ~np.isnan(good)
    size = len(sound)
    frame = _frame(
        {
            "device": [decode_tag(series.tags["device"])] * size,
            "channel": [decode_tag(series.tags.get("channel", ""))] * size,
            "quantity": [name] * size,
            "time": columns["time"],
            "value": np.where(sound, good, suspect),
            "arrived": columns["arrived"],
            "revision": [int(series.tags.get("revision") or 0)] * size,
            "quality": [
                (said or Quality.MEASURED.value) if good_one else Quality.SUSPECT.value
                for said, good_one in zip(columns[name + QUALITY], sound.tolist(), strict=True)
            ],
            "reason": [said or "" for said in columns[name + REASON]],
            "timed_by_server": [bool(said) for said in columns["timed_by_server"]],
        },
        READINGS,
    )
    return frame.filter(pc.is_valid(frame["value"]))


def _columns(series: Series) -> _Columns:
    return dict(zip(series.columns, zip(*series.rows, strict=True), strict=True))


def _numbers(column: Sequence[Any]) -> Floats:
    """Numbers of an answer, absent ones as NaN. The server writes some large ones like integers."""
    return np.array(column, dtype=np.float64)


def _frame(columns: Mapping[str, Sequence[Any] | Floats], schema: pa.Schema) -> pa.Table:
    """Columns of an answer as a table; NaN becomes null."""
    arrays = [pa.array(columns[field.name], field.type, from_pandas=True) for field in schema]
    return pa.Table.from_arrays(arrays, schema=schema)
