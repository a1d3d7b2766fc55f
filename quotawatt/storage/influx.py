"""The served series store: InfluxDB 1.x, 2.x or 3.x.

Readings are points of ``readings``, all quantities of a device's channel at an instant in one of them:
``influx_points`` says how. Results are points of ``results_hour``, ``results_day`` and ``results_month`` with
the tags subject and measure. An empty tag is left out, as the server demands.

A write replaces what a point holds of the same fields. So a batch is first held against what is stored, but
only where it holds times not later than the latest of their series: what arrives in order costs no query,
but for one every ``REMEMBERED_S`` that asks what others have written, or one a batch where collectors share
their devices (``shared``). What another process wrote since that question is not seen, so for up to
``REMEMBERED_S``, or between question and write where devices are shared: where both write different readings
of one identity and revision then, the later write stands, without a finding.
"""

import time
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

import numpy as np
import pyarrow as pa

from quotawatt.errors import StoreError
from quotawatt.quantities import QUANTITIES
from quotawatt.readings import Grain, Quality, SeriesKey
from quotawatt.spans import Span
from quotawatt.storage.activity import activity_of
from quotawatt.storage.frames import (
    Ints,
    Mask,
    check_readings,
    check_results,
    distinct,
    micros,
)
from quotawatt.storage.influx_frames import (
    activity_table,
    ascending,
    nearest,
    note_activity,
    place_of,
    reading_frames,
    winners,
)
from quotawatt.storage.influx_http import InfluxServer
from quotawatt.storage.influx_known import known_series
from quotawatt.storage.influx_latest import LatestTimes
from quotawatt.storage.influx_points import reading_lines
from quotawatt.storage.influx_results import result_lines, results_of, totals_of
from quotawatt.storage.influx_statements import (
    activity_within,
    at,
    corrected_within,
    groups,
    in_the_way,
    queries,
    readings_where,
    results_wanted,
    sound_where,
    suspect_corrections_where,
)
from quotawatt.storage.influx_thinning import levelled
from quotawatt.storage.influx_values import values_within
from quotawatt.storage.port import WriteReport
from quotawatt.storage.resolution import (
    Candidates,
    Resolution,
    candidates,
    no_candidates,
    resolve,
)

REMEMBERED_S = 10.0
# A server refuses what is too large for it: 1.x more than 25 MB, unless told otherwise.
ROWS_A_REQUEST = 50_000


class InfluxSeriesStore:
    """A SeriesStore in the database or bucket ``bucket`` of the server at ``url``.

    Nothing is sent before the first read or write. Threads may share it.

    shared
        Whether other processes write readings of the same devices all the time.
    clock
        Seconds, for how long what this process knows of the latest times counts.
    """

    def __init__(
        self,
        url: str,
        token: str,
        org: str,
        bucket: str,
        shared: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._server = InfluxServer(url, token, org, bucket)
        self._lock = Lock()
        self._latest = LatestTimes(self._server, 0.0 if shared else REMEMBERED_S, clock)

    def write_readings(self, readings: pa.Table) -> WriteReport:
        """See SeriesStore."""
        readings = check_readings(readings)
        if not len(readings):
            return WriteReport(0, 0)
        with self._lock:
            names, numbers = distinct(readings, SeriesKey._fields)
            keys = list(map(SeriesKey._make, names))
            batch = candidates(numbers, readings)
            latest = self._latest.of(keys, batch)
            outcome = resolve(batch, self._stored(batch, keys, latest), keys.__getitem__)
            self._apply(outcome, readings, keys)
            self._latest.note(keys, batch)
        return WriteReport(len(outcome.write), outcome.duplicates, outcome.conflicts)

    def read_readings(
        self, series: Collection[SeriesKey], span: Span, context: int = 0
    ) -> pa.Table:
        """See SeriesStore."""
        found: list[pa.Table] = []
        start, end = micros(span.start), micros(span.end)
        for quantities, places in groups(series):
            where = at(places)
            inside = f"{where} AND time >= {start}u AND time < {end}u"
            found += self._frames([readings_where(quantities, inside)])
            if context:
                before, after = f"{where} AND time < {start}u", f"{where} AND time >= {end}u"
                found += self._neighbours(quantities, before, context, "DESC")
                found += self._neighbours(quantities, after, context, "ASC")
        return winners(found)

    def read_values(self, series: Sequence[SeriesKey], span: Span, context: int = 0) -> pa.Table:
        """See SeriesStore."""
        return values_within(self._server, series, span, context)

    def known_series(self) -> list[SeriesKey]:
        """See SeriesStore."""
        return known_series(self._server)

    def last_readings(self, until: datetime) -> pa.Table:
        """See SeriesStore."""
        before = f"time < {micros(until)}u"
        return winners(self._neighbours(self._quantities(), before, 1, "DESC"))

    def activity(self, span: Span) -> pa.Table:
        """See SeriesStore."""
        quantities = self._quantities()
        corrected = {place_of(series) for series in self._server.query(corrected_within(span))}
        figures: dict[SeriesKey, dict[str, Any]] = {}
        for query in queries(s for name in quantities for s in activity_within(name, span)):
            for series in self._server.query(query):
                where = place_of(series)
                if where not in corrected:
                    note_activity(figures, where, series)
        keys = [SeriesKey(*where, name) for where in corrected for name in quantities]
        exact = activity_of(self.read_readings(keys, span))
        together = pa.concat_tables([activity_table(figures), exact])
        return ascending(together, SeriesKey._fields)

    def write_results(self, grain: Grain, results: pa.Table) -> None:
        """See SeriesStore."""
        results = check_results(results)
        for first in range(0, len(results), ROWS_A_REQUEST):
            self._server.write(result_lines(grain, results[first : first + ROWS_A_REQUEST]))

    def read_results(
        self,
        grain: Grain,
        subjects: Collection[str] | None,
        measures: Collection[str],
        span: Span,
    ) -> pa.Table:
        """See SeriesStore."""
        return results_of(self._server, grain, results_wanted(subjects, measures, span))

    def sum_results(
        self, grain: Grain, subjects: Collection[str] | None, measures: Collection[str], span: Span
    ) -> pa.Table:
        """See SeriesStore."""
        return totals_of(self._server, grain, results_wanted(subjects, measures, span))

    def drop_readings(self, before: datetime) -> None:
        """See SeriesStore. A 3.x server cannot: it removes by the retention of its database alone."""
        self._server.remove("readings", before)

    def thin_readings(self, series: Collection[SeriesKey], span: Span, every: timedelta) -> None:
        """See SeriesStore. A server removes points, not single fields of them: they say the same."""
        during = f"time >= {micros(span.start)}u AND time < {micros(span.end)}u"
        for quantities, places in groups(series):
            found = self._frames([readings_where(quantities, f"{at(places)} AND {during}")])
            level = levelled(found, every)
            self._write(level, np.zeros(len(level), dtype=np.bool_))

    def drop_results(self, grain: Grain, before: datetime) -> None:
        """See SeriesStore; as ``drop_readings``."""
        self._server.remove(f"results_{grain}", before)

    def close(self) -> None:
        """See SeriesStore."""
        self._server.close()

    def _stored(self, batch: Candidates, keys: Sequence[SeriesKey], latest: Ints) -> Candidates:
        """The readings that may be in the way of ``batch``: those of its series between its times."""
        doubtful = batch.time_us <= latest[batch.series]
        if not doubtful.any():
            return no_candidates()
        held = winners(self._frames(in_the_way(batch.pick(doubtful), keys)))
        number = {key: number for number, key in enumerate(keys)}
        held_keys, numbers = distinct(held, SeriesKey._fields)
        series = np.array([number[SeriesKey(*key)] for key in held_keys], dtype=np.int64)
        return candidates(series[numbers], held)

    def _apply(self, outcome: Resolution, readings: pa.Table, keys: Sequence[SeriesKey]) -> None:
        """Write what won. What the server kept of a write that failed is not known any more."""
        if not len(outcome.write):
            return
        chosen = readings if len(outcome.write) == len(readings) else readings.take(outcome.write)
        replacing = np.isin(outcome.write, outcome.replacing)
        try:
            self._write(chosen, replacing)
        except StoreError:
            self._latest.forget(keys)
            raise

    def _write(self, readings: pa.Table, replacing: Mask) -> None:
        for first in range(0, len(readings), ROWS_A_REQUEST):
            some = slice(first, first + ROWS_A_REQUEST)
            self._server.write(reading_lines(readings[some].combine_chunks(), replacing[some]))

    def _neighbours(
        self, quantities: Sequence[str], where: str, count: int, direction: str
    ) -> list[pa.Table]:
        """The ``count`` readings of each series, not suspect, that come first in ``direction``."""
        # A suspect correction hides the reading that it corrects, so as many more are asked for.
        hiding = self._frames(suspect_corrections_where(name, where) for name in quantities)
        limit = count + sum(len(frame) for frame in hiding)
        found = self._frames(sound_where(name, where, direction, limit) for name in quantities)
        best = winners([*found, *hiding])
        sound = [quality != Quality.SUSPECT for quality in best["quality"].to_pylist()]
        return [nearest(best.filter(pa.array(sound, type=pa.bool_())), count, direction)]

    def _quantities(self) -> list[str]:
        """The quantities of which there are readings that are not suspect."""
        answer = self._server.query("SHOW FIELD KEYS FROM readings")
        names = {str(row[0]) for series in answer for row in series.rows}
        return sorted(names & QUANTITIES.keys())

    def _frames(self, statements: Iterable[str]) -> list[pa.Table]:
        """The readings that answer the statements."""
        return [
            frame
            for query in queries(statements)
            for series in self._server.query(query)
            for frame in reading_frames(series)
        ]
