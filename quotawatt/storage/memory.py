"""The series store in memory: shipped for tests and trials, and the yardstick of the other adapters."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby
from threading import RLock
from typing import Any

import pyarrow as pa

from quotawatt.clock import require_utc
from quotawatt.findings import Finding
from quotawatt.readings import RESULTS, Grain, Quality, Reading, SeriesKey, readings_table
from quotawatt.spans import Span
from quotawatt.storage.activity import activity_of
from quotawatt.storage.frames import SUMS, check_readings, check_results
from quotawatt.storage.port import WriteReport
from quotawatt.storage.values import values_of

_Result = Mapping[str, Any]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class MemorySeriesStore:
    """A SeriesStore of plain dictionaries. Nothing outlives the process; threads may share it."""

    def __init__(self) -> None:
        self._readings: dict[SeriesKey, dict[datetime, Reading]] = {}
        self._results: dict[Grain, dict[tuple[str, str, datetime], _Result]] = {
            g: {} for g in Grain
        }
        self._lock = RLock()

    def copy(self) -> "MemorySeriesStore":
        """Another store with the same contents, that goes its own way from here."""
        other = MemorySeriesStore()
        with self._lock:
            other._readings = {key: dict(stored) for key, stored in self._readings.items()}
            other._results = {grain: dict(rows) for grain, rows in self._results.items()}
        return other

    def write_readings(self, readings: pa.Table) -> WriteReport:
        """See SeriesStore."""
        written: set[tuple[SeriesKey, datetime]] = set()
        conflicts: list[Finding] = []
        rows = check_readings(readings).to_pylist()
        with self._lock:
            for row in rows:
                reading = Reading(**{**row, "quality": Quality(row["quality"])})
                key = SeriesKey(reading.device, reading.channel, reading.quantity)
                stored = self._readings.setdefault(key, {})
                other = stored.get(reading.time)
                if other is not None:
                    conflicts += _conflict(key, other, reading)
                if other is None or _rank(reading) > _rank(other):
                    stored[reading.time] = reading
                    written.add((key, reading.time))
        return WriteReport(len(written), len(rows) - len(written), tuple(conflicts))

    def read_readings(
        self, series: Collection[SeriesKey], span: Span, context: int = 0
    ) -> pa.Table:
        """See SeriesStore."""
        found: list[Reading] = []
        with self._lock:
            for key in sorted(set(series)):
                stored = self._readings.get(key, {})
                ordered = [stored[time] for time in sorted(stored)]
                sound = [r for r in ordered if r.quality is not Quality.SUSPECT]
                before = [r for r in sound if r.time < span.start]
                after = [r for r in sound if r.time >= span.end]
                found += before[len(before) - min(context, len(before)) :]
                found += [r for r in ordered if span.contains(r.time)]
                found += after[:context]
        return readings_table(found)

    def read_values(self, series: Sequence[SeriesKey], span: Span, context: int = 0) -> pa.Table:
        """See SeriesStore."""
        return values_of(self.read_readings(series, span, context), series)

    def known_series(self) -> list[SeriesKey]:
        """See SeriesStore."""
        with self._lock:
            return sorted(self._readings)

    def last_readings(self, until: datetime) -> pa.Table:
        """See SeriesStore."""
        end = require_utc(until, "until")
        found: list[Reading] = []
        with self._lock:
            for _, stored in sorted(self._readings.items()):
                sound = [
                    r for r in stored.values() if r.quality is not Quality.SUSPECT and r.time < end
                ]
                found += sorted(sound, key=lambda r: r.time)[-1:]
        return readings_table(found)

    def activity(self, span: Span) -> pa.Table:
        """See SeriesStore."""
        with self._lock:
            return activity_of(self.read_readings(tuple(self._readings), span))

    def write_results(self, grain: Grain, results: pa.Table) -> None:
        """See SeriesStore."""
        rows = check_results(results).to_pylist()
        with self._lock:
            for row in rows:
                self._results[grain][row["subject"], row["measure"], row["start"]] = row

    def read_results(
        self,
        grain: Grain,
        subjects: Collection[str] | None,
        measures: Collection[str],
        span: Span,
    ) -> pa.Table:
        """See SeriesStore."""
        with self._lock:
            rows = [
                row
                for (subject, measure, start), row in sorted(self._results[grain].items())
                if (subjects is None or subject in subjects)
                and measure in measures
                and span.contains(start)
                and not row["withdrawn"]
            ]
        return pa.Table.from_pylist(rows, schema=RESULTS)

    def sum_results(
        self, grain: Grain, subjects: Collection[str] | None, measures: Collection[str], span: Span
    ) -> pa.Table:
        """See SeriesStore."""
        rows = self.read_results(grain, subjects, measures, span).to_pylist()
        groups = groupby(rows, key=lambda row: (row["subject"], row["measure"]))
        return pa.Table.from_pylist([_total(key, group) for key, group in groups], schema=SUMS)

    def drop_readings(self, before: datetime) -> None:
        """See SeriesStore."""
        edge = require_utc(before, "before")
        with self._lock:
            for key, stored in self._readings.items():
                self._readings[key] = {time: r for time, r in stored.items() if time >= edge}

    def thin_readings(self, series: Collection[SeriesKey], span: Span, every: timedelta) -> None:
        """See SeriesStore."""
        with self._lock:
            for key in set(series):
                stored = self._readings.get(key, {})
                inside = [r for r in stored.values() if span.contains(r.time)]
                kept = _first_of_each(inside, every)
                self._readings[key] = {
                    time: r for time, r in stored.items() if time in kept or not span.contains(time)
                }

    def drop_results(self, grain: Grain, before: datetime) -> None:
        """See SeriesStore."""
        edge = require_utc(before, "before")
        with self._lock:
            rows = self._results[grain]
            self._results[grain] = {key: row for key, row in rows.items() if key[2] >= edge}

    def close(self) -> None:
        """See SeriesStore."""


def _rank(reading: Reading) -> tuple[int, bool, float]:
    return reading.revision, reading.quality is not Quality.SUSPECT, reading.value


def _first_of_each(readings: Iterable[Reading], every: timedelta) -> Collection[datetime]:
    """The time of the first reading of each ``every``, suspect ones last."""
    first: dict[int, datetime] = {}
    for reading in sorted(readings, key=lambda r: (r.quality is Quality.SUSPECT, r.time)):
        first.setdefault((reading.time - _EPOCH) // every, reading.time)
    return set(first.values())


def _conflict(key: SeriesKey, one: Reading, other: Reading) -> list[Finding]:
    if one.revision != other.revision or one.value == other.value:
        return []
    dropped, kept = sorted((one, other), key=_rank)
    detail: dict[str, str | float] = {
        "time": one.time.isoformat(),
        "revision": one.revision,
        "kept": kept.value,
        "dropped": dropped.value,
    }
    return [Finding("reading_conflict", "/".join(key), detail)]


def _total(key: tuple[str, str], rows: Iterable[_Result]) -> dict[str, object]:
    group = list(rows)
    values = [row["value"] for row in group if row["value"] is not None]
    total = sum(values) if values else None
    estimated = sum(
        row["value"]
        for row in group
        if row["value"] is not None and row["quality"] != Quality.MEASURED
    )
    return {
        "subject": key[0],
        "measure": key[1],
        "value": total,
        "intervals": len(group),
        "coverage": sum(row["coverage"] for row in group) / len(group),
        "estimated": estimated / total if total else 0.0,
    }
