"""Marks of subjects whose results changed since the rules last looked.

Whoever writes results marks their subjects once the results are durable. The evaluator takes the marks, reads
the results, and clears up to the generation it took, in the transaction that stores what came of it. A
generation is a number that only grows, and a subject that is marked again gets the new one: what is
written during an evaluation stays marked. A writer that is killed between result and mark is made good by
the full look that an evaluator takes now and then.

Every function works inside the caller's transaction, which must be one of ``engine.begin()``.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

import pyarrow as pa
from sqlalchemy import Connection, Engine, case, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from quotawatt.readings import TIME, Grain, SeriesKey
from quotawatt.spans import Span
from quotawatt.storage.case_tables import result_marks
from quotawatt.storage.port import SeriesStore, WriteReport
from quotawatt.storage.records import bump_counters
from quotawatt.storage.tables import counters

_GENERATION = "result_marks_generation"


def mark(conn: Connection, since: Mapping[str, datetime]) -> None:
    """Mark subjects. ``since`` is the start of the earliest hour or day that was written of each (UTC).

    Of a mark that stands the earlier start stays. Markers wait for each other until the caller commits.
    """
    if not since:
        return
    generation = _next(conn)
    insert = sqlite.insert if conn.dialect.name == "sqlite" else postgresql.insert
    statement = insert(result_marks)
    new, old = statement.excluded, result_marks.c
    statement = statement.on_conflict_do_update(
        index_elements=["subject"],
        set_={
            "generation": new.generation,
            "since": case((old.since < new.since, old.since), else_=new.since),
        },
    )
    rows = [
        {"subject": subject, "generation": generation, "since": start}
        for subject, start in sorted(since.items())
    ]
    conn.execute(statement, rows)


def take(conn: Connection) -> tuple[int, dict[str, datetime]]:
    """The present generation, and since when which subject's results changed. They stay until ``clear``."""
    generation = _next(conn)
    rows = conn.execute(select(result_marks.c.subject, result_marks.c.since))
    return generation, {row.subject: row.since for row in rows}


def clear(conn: Connection, generation: int) -> None:
    """Remove the marks that were not set after ``generation``."""
    conn.execute(delete(result_marks).where(result_marks.c.generation <= generation))


def _next(conn: Connection) -> int:
    # The row stays locked, so that a number once given is that of everything visible.
    bump_counters(conn, {_GENERATION: 1})
    query = select(counters.c.total).where(counters.c.name == _GENERATION).with_for_update()
    return int(conn.execute(query).scalar_one())


class MarkingSeriesStore:
    """A series store that marks the subjects of the results it writes; all else another store does."""

    def __init__(self, series: SeriesStore, records: Engine) -> None:
        self._series = series
        self._records = records

    def write_results(self, grain: Grain, results: pa.Table) -> None:
        """See SeriesStore; the subjects are marked when the results are durable.

        A month or year is written with its days, so that only hours and days say since when.
        """
        self._series.write_results(grain, results)
        if grain not in (Grain.HOUR, Grain.DAY) or not len(results):
            return
        with self._records.begin() as conn:
            mark(conn, _earliest(results))

    def write_readings(self, readings: pa.Table) -> WriteReport:
        """See SeriesStore."""
        return self._series.write_readings(readings)

    def read_readings(
        self, series: Collection[SeriesKey], span: Span, context: int = 0
    ) -> pa.Table:
        """See SeriesStore."""
        return self._series.read_readings(series, span, context)

    def read_values(self, series: Sequence[SeriesKey], span: Span, context: int = 0) -> pa.Table:
        """See SeriesStore."""
        return self._series.read_values(series, span, context)

    def known_series(self) -> list[SeriesKey]:
        """See SeriesStore."""
        return self._series.known_series()

    def last_readings(self, until: datetime) -> pa.Table:
        """See SeriesStore."""
        return self._series.last_readings(until)

    def activity(self, span: Span) -> pa.Table:
        """See SeriesStore."""
        return self._series.activity(span)

    def read_results(
        self,
        grain: Grain,
        subjects: Collection[str] | None,
        measures: Collection[str],
        span: Span,
    ) -> pa.Table:
        """See SeriesStore."""
        return self._series.read_results(grain, subjects, measures, span)

    def sum_results(
        self, grain: Grain, subjects: Collection[str] | None, measures: Collection[str], span: Span
    ) -> pa.Table:
        """See SeriesStore."""
        return self._series.sum_results(grain, subjects, measures, span)

    def drop_readings(self, before: datetime) -> None:
        """See SeriesStore."""
        self._series.drop_readings(before)

    def thin_readings(self, series: Collection[SeriesKey], span: Span, every: timedelta) -> None:
        """See SeriesStore."""
        self._series.thin_readings(series, span, every)

    def drop_results(self, grain: Grain, before: datetime) -> None:
        """See SeriesStore."""
        self._series.drop_results(grain, before)

    def close(self) -> None:
        """See SeriesStore."""
        self._series.close()


def _earliest(results: pa.Table) -> dict[str, datetime]:
    """The earliest start of each subject."""
    plain = results.select(["subject", "start"]).cast(
        pa.schema([("subject", pa.string()), ("start", TIME)])
    )
    found = plain.group_by("subject").aggregate([("start", "min")]).to_pylist()
    return {row["subject"]: row["start_min"] for row in found}
