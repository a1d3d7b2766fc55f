"""Values of many series from InfluxDB, as numbers only: the fields asked for and nothing beside them.

A suspect value is a field of its own, so whoever does not ask for it never meets it; only a suspect
correction has to be known, because it hides the reading that it corrects.
"""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from quotawatt.readings import SeriesKey
from quotawatt.spans import Span
from quotawatt.storage.frames import Floats, Ints, Mask, micros
from quotawatt.storage.influx_http import InfluxServer, Series
from quotawatt.storage.influx_lines import decode_tag
from quotawatt.storage.influx_points import SUSPECT
from quotawatt.storage.influx_statements import at, groups, hiding_where, queries, values_where
from quotawatt.storage.resolution import last_of_each
from quotawatt.storage.values import values_table

QUESTIONS_AT_ONCE = 4


class _Rows(NamedTuple):
    """Values by number: series, time (µs since 1970), revision, value (NaN: a suspect correction)."""

    series: Ints
    time_us: Ints
    revision: Ints
    value: Floats

    def pick(self, rows: Ints | Mask) -> "_Rows":
        """The rows chosen, in their order."""
        return _Rows(self.series[rows], self.time_us[rows], self.revision[rows], self.value[rows])


def values_within(
    server: InfluxServer, series: Sequence[SeriesKey], span: Span, context: int
) -> pa.Table:
    """What ``SeriesStore.read_values`` answers: a table of schema VALUES."""
    number = {key: place for place, key in enumerate(series)}
    parts = [_winners(_answers(server, number, _inside(series, span)))]
    if context:
        parts += _neighbours(server, number, f"time < {micros(span.start)}u", context, "DESC")
        parts += _neighbours(server, number, f"time >= {micros(span.end)}u", context, "ASC")
    found = _together(parts)
    return values_table(found.series, found.time_us, found.value)


def _inside(series: Sequence[SeriesKey], span: Span) -> Iterator[str]:
    """The statements for what lies within the span."""
    when = f"time >= {micros(span.start)}u AND time < {micros(span.end)}u"
    for quantities, places in groups(series):
        yield values_where(quantities, f"{at(places)} AND {when}")
        yield hiding_where(quantities, f"{at(places)} AND {when}")


def _neighbours(
    server: InfluxServer,
    number: dict[SeriesKey, int],
    when: str,
    count: int,
    direction: str,
) -> Iterator[_Rows]:
    """The ``count`` values of each series that come first in ``direction``."""
    for quantities, places in groups(number):
        where = f"{at(places)} AND {when}"
        hiding = _answers(server, number, [hiding_where(quantities, where)])
        # What is hidden does not count, so as many more are asked for.
        limit = f"ORDER BY time {direction} LIMIT {count + len(hiding.series)}"
        asked = _answers(server, number, [values_where([q], where, limit) for q in quantities])
        yield _nearest(_winners(_together([asked, hiding])), count, direction)


def _answers(
    server: InfluxServer, number: dict[SeriesKey, int], statements: Iterable[str]
) -> _Rows:
    # The server answers a question on one core.
    with ThreadPoolExecutor(QUESTIONS_AT_ONCE) as pool:
        return _together(pool.map(partial(_answer, server, number), queries(statements)))


def _answer(server: InfluxServer, number: dict[SeriesKey, int], query: str) -> _Rows:
    """What a query of one or several statements finds."""
    return _together(rows for series in server.query(query) for rows in _columns_of(series, number))


def _columns_of(series: Series, number: dict[SeriesKey, int]) -> Iterator[_Rows]:
    """One series of an answer: its values of each quantity, absent ones left out."""
    device, channel = (decode_tag(series.tags.get(name, "")) for name in ("device", "channel"))
    revision = int(series.tags.get("revision") or 0)
    time_us, *columns = zip(*series.rows, strict=True)
    for name, column in zip(series.columns[1:], columns, strict=True):
        value = np.array(column, dtype=np.float64)
        there = ~np.isnan(value)
        value = value[there]
        if name.endswith(SUSPECT):
            value = np.full_like(value, np.nan)
        place = number[SeriesKey(device, channel, name.removesuffix(SUSPECT))]
        yield _Rows(
            np.full(len(value), place),
            np.array(time_us, dtype=np.int64)[there],
            np.full(len(value), revision),
            value,
        )


def _winners(rows: _Rows) -> _Rows:
    """The highest revision of each identity, of one revision what is sound; suspect ones left out."""
    if not rows.revision.any():
        return rows
    best_last = rows.pick(np.lexsort((~np.isnan(rows.value), rows.revision)))
    chosen = best_last.pick(last_of_each(best_last.series, best_last.time_us))
    return chosen.pick(~np.isnan(chosen.value))


def _nearest(rows: _Rows, count: int, direction: str) -> _Rows:
    """The ``count`` rows of each series that come first in ``direction``."""
    away = -rows.time_us if direction == "DESC" else rows.time_us
    ordered = rows.pick(np.lexsort((away, rows.series)))
    first = np.searchsorted(ordered.series, ordered.series)
    return ordered.pick(np.arange(len(first)) - first < count)


def _together(parts: Iterable[_Rows]) -> _Rows:
    none = np.empty(0, dtype=np.int64)
    every = [_Rows(none, none, none, np.empty(0, dtype=np.float64)), *parts]
    return _Rows(*(np.concatenate(columns) for columns in zip(*every, strict=True)))
