"""The served series store: InfluxDB 1.x, 2.x or 3.x.

Readings are points of ``readings`` with the tags device, channel and quantity; a correction is a point of
its own, told apart by the tag ``revision``. Results are points of ``results_hour``, ``results_day`` and
``results_month`` with the tags subject and measure. An empty tag is left out, as the server demands.

A write replaces the point of the same identity. So a batch is first held against what is stored, but only
where it holds times not later than the latest of their series: what arrives in order costs no query. Two
processes that write one series do not see each other's latest times; that matters only where they write
different readings under one identity and revision.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from threading import Lock
from typing import TypeVar

import numpy as np
import pyarrow as pa

from quotawatt.readings import RESULTS, Grain, Quality, SeriesKey
from quotawatt.spans import Span
from quotawatt.storage.frames import (
    SUMS,
    check_readings,
    check_results,
    distinct,
    micros,
)
from quotawatt.storage.influx_frames import (
    ascending,
    nearest,
    reading_frame,
    result_frame,
    series_key,
    total_row,
    winners,
)
from quotawatt.storage.influx_http import InfluxServer
from quotawatt.storage.influx_lines import decode_tag, literal, reading_lines, result_lines
from quotawatt.storage.port import WriteReport
from quotawatt.storage.resolution import Candidates, candidates, no_candidates, resolve

_Item = TypeVar("_Item")

# So many series are named in one query, whose address would grow too long otherwise.
SERIES_A_QUERY = 100

_FIELDS = "value, arrived, quality, reason, timed_by_server"
_BY_READING_TAGS = "GROUP BY device, channel, quantity, revision"
_BY_RESULT_TAGS = "GROUP BY subject, measure"


class InfluxSeriesStore:
    """A SeriesStore in the database or bucket ``bucket`` of the server at ``url``.

    Nothing is sent before the first read or write. Threads may share it.
    """

    def __init__(self, url: str, token: str, org: str, bucket: str) -> None:
        self._server = InfluxServer(url, token, org, bucket)
        self._lock = Lock()
        self._latest_us: dict[SeriesKey, int] = {}

    def write_readings(self, readings: pa.Table) -> WriteReport:
        """See SeriesStore."""
        readings = check_readings(readings)
        if not len(readings):
            return WriteReport(0, 0)
        with self._lock:
            names, numbers = distinct(readings, SeriesKey._fields)
            keys = [SeriesKey(*name) for name in names]
            batch = candidates(numbers, readings)
            self._learn_latest(keys)
            outcome = resolve(batch, self._stored(batch, keys), keys.__getitem__)
            if len(outcome.write):
                self._server.write(reading_lines(readings.take(outcome.write)))
            for number, time_us in zip(numbers.tolist(), batch.time_us.tolist(), strict=True):
                key = keys[number]
                self._latest_us[key] = max(self._latest_us.get(key, time_us), time_us)
        return WriteReport(len(outcome.write), outcome.duplicates, outcome.conflicts)

    def read_readings(
        self, series: Collection[SeriesKey], span: Span, context: int = 0
    ) -> pa.Table:
        """See SeriesStore."""
        found: list[pa.Table] = []
        start, end = micros(span.start), micros(span.end)
        for chosen in _chunks(sorted(set(series)), SERIES_A_QUERY):
            where = f"({' OR '.join(_is(key) for key in chosen)})"
            found += self._readings(f"{where} AND time >= {start}u AND time < {end}u")
            if context:
                found += self._neighbours(f"{where} AND time < {start}u", context, "DESC")
                found += self._neighbours(f"{where} AND time >= {end}u", context, "ASC")
        return winners(found)

    def last_readings(self, until: datetime) -> pa.Table:
        """See SeriesStore."""
        return winners(self._neighbours(f"time < {micros(until)}u", 1, "DESC"))

    def write_results(self, grain: Grain, results: pa.Table) -> None:
        """See SeriesStore."""
        results = check_results(results)
        if len(results):
            self._server.write(result_lines(grain, results))

    def read_results(
        self,
        grain: Grain,
        subjects: Collection[str] | None,
        measures: Collection[str],
        span: Span,
    ) -> pa.Table:
        """See SeriesStore."""
        fields = "value, quality, coverage, revision, withdrawn"
        found = [RESULTS.empty_table()]
        for where in _result_filters(subjects, measures, span):
            query = f"SELECT {fields} FROM results_{grain} WHERE {where} {_BY_RESULT_TAGS}"
            found += [result_frame(series) for series in self._server.query(query)]
        return ascending(pa.concat_tables(found), ("subject", "measure", "start"))

    def sum_results(
        self, grain: Grain, subjects: Collection[str] | None, measures: Collection[str], span: Span
    ) -> pa.Table:
        """See SeriesStore."""
        rows: dict[tuple[str, str], dict[str, float]] = {}
        for where in _result_filters(subjects, measures, span):
            source = f"FROM results_{grain} WHERE {where}"
            # A missing result may still hold the value that it had before.
            there = f"{source} AND quality <> '{Quality.MISSING}'"
            statements = (
                f"SELECT COUNT(coverage) AS intervals, MEAN(coverage) AS coverage {source}",
                f"SELECT SUM(value) AS value {there}",
                f"SELECT SUM(value) AS estimated {there} AND quality <> '{Quality.MEASURED}'",
            )
            query = "; ".join(f"{statement} {_BY_RESULT_TAGS}" for statement in statements)
            for series in self._server.query(query):
                key = decode_tag(series.tags["subject"]), decode_tag(series.tags["measure"])
                figures = dict(zip(series.columns, series.rows[0], strict=True))
                rows.setdefault(key, {}).update(figures)
        return pa.Table.from_pylist(
            [total_row(key, rows[key]) for key in sorted(rows)], schema=SUMS
        )

    def close(self) -> None:
        """See SeriesStore."""
        self._server.close()

    def _learn_latest(self, keys: Sequence[SeriesKey]) -> None:
        """Ask for the latest times of series that this process has not written yet."""
        unknown = [key for key in keys if key not in self._latest_us]
        for chosen in _chunks(unknown, SERIES_A_QUERY):
            where = " OR ".join(_is(key) for key in chosen)
            query = f"SELECT LAST(value) FROM readings WHERE {where}"
            for series in self._server.query(f"{query} GROUP BY device, channel, quantity"):
                self._latest_us[series_key(series)] = series.rows[0][0]

    def _stored(self, batch: Candidates, keys: Sequence[SeriesKey]) -> Candidates:
        """The readings that may be in the way of ``batch``: those of its series between its times."""
        latest = np.array([self._latest_us.get(key, -(2**62)) for key in keys], dtype=np.int64)
        doubtful = batch.pick(batch.time_us <= latest[batch.series])
        found: list[pa.Table] = []
        for chosen in _chunks(np.unique(doubtful.series).tolist(), SERIES_A_QUERY):
            found += self._frames("; ".join(_between(doubtful, n, keys[n]) for n in chosen))
        if not found:
            return no_candidates()
        held = winners(found)
        place: dict[tuple[str, ...], int] = {key: number for number, key in enumerate(keys)}
        held_keys, numbers = distinct(held, SeriesKey._fields)
        series = np.array([place[key] for key in held_keys], dtype=np.int64)[numbers]
        return candidates(series, held)

    def _neighbours(self, where: str, count: int, direction: str) -> list[pa.Table]:
        """The ``count`` readings of each series, not suspect, that come first in ``direction``."""
        suspect = f"quality = '{Quality.SUSPECT}'"
        # A suspect correction hides the reading that it corrects, so as many more are asked for.
        hiding = self._readings(f"{where} AND {suspect} AND revision <> ''")
        limit = count + sum(len(frame) for frame in hiding)
        order = f"ORDER BY time {direction} LIMIT {limit}"
        found = self._readings(f"{where} AND quality <> '{Quality.SUSPECT}'", order)
        best = winners([*found, *hiding])
        sound = [quality != Quality.SUSPECT for quality in best["quality"].to_pylist()]
        return [nearest(best.filter(pa.array(sound, type=pa.bool_())), count, direction)]

    def _readings(self, where: str, tail: str = "") -> list[pa.Table]:
        return self._frames(
            f"SELECT {_FIELDS} FROM readings WHERE {where} {_BY_READING_TAGS} {tail}"
        )

    def _frames(self, query: str) -> list[pa.Table]:
        return [reading_frame(series) for series in self._server.query(query)]


def _is(key: SeriesKey) -> str:
    """The condition that a point belongs to the series; InfluxQL takes a tag left out for empty."""
    device, channel, quantity = (literal(name) for name in key)
    return f"(device = {device} AND channel = {channel} AND quantity = {quantity})"


def _between(batch: Candidates, number: int, key: SeriesKey) -> str:
    """The query for the points of one series from the first to the last of its times in ``batch``."""
    times = batch.time_us[batch.series == number]
    return (
        f"SELECT {_FIELDS} FROM readings WHERE {_is(key)}"
        f" AND time >= {times.min()}u AND time <= {times.max()}u {_BY_READING_TAGS}"
    )


def _result_filters(
    subjects: Collection[str] | None, measures: Collection[str], span: Span
) -> Iterator[str]:
    """Conditions that together choose the results wanted, each short enough for one query."""
    if not measures:
        return
    chosen = _any("measure", sorted(set(measures)))
    when = f"time >= {micros(span.start)}u AND time < {micros(span.end)}u AND withdrawn = false"
    if subjects is None:
        yield f"{when} AND {chosen}"
    for some in _chunks(sorted(set(subjects or ())), SERIES_A_QUERY):
        yield f"{when} AND {chosen} AND {_any('subject', some)}"


def _any(name: str, values: Sequence[str]) -> str:
    return f"({' OR '.join(f'{name} = {literal(value)}' for value in values)})"


def _chunks(items: Sequence[_Item], size: int) -> Iterator[Sequence[_Item]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
