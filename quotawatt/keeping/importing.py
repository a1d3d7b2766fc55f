"""Taking a file of readings in: all lines are checked first, then all are written, or none.

Writing is safe to repeat, also after a crash in the middle: the same reading twice is one reading. What is
to be computed anew is durable before the first reading is. A small file marks its series and hours, as a
collector does; of a large one the marks would be more than the readings of a day, so its whole time is
computed anew at the end. Until then the fact ``readings_import`` says from when on: whoever finds it left
behind by an import that broke off asks for the computation in its place (``settle_broken``).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Connection, Engine

from quotawatt.clock import Clock
from quotawatt.errors import StateError
from quotawatt.findings import Finding
from quotawatt.keeping.chunks import reach_back
from quotawatt.keeping.kinds import FileKind
from quotawatt.keeping.lines import check_lines
from quotawatt.keeping.problems import Problems, Rules
from quotawatt.keeping.sources import read_pieces
from quotawatt.quantities import QUANTITIES, Kind
from quotawatt.readings import Quality, SeriesKey
from quotawatt.register.repository import RECOMPUTE
from quotawatt.storage.facts import lock_fact, put_fact, read_fact
from quotawatt.storage.frames import distinct, integers
from quotawatt.storage.horizon import RAW_EXPIRED, frozen_before, raw_horizon
from quotawatt.storage.marker import Marker
from quotawatt.storage.port import SeriesStore, WriteReport
from quotawatt.storage.records import bump_counters
from quotawatt.storage.touched import Touched

MARKS_LIMIT = 50_000
"""So many series and hours are marked one by one; where a file touches more, its whole time is computed."""

UNDER_WAY = "readings_import"
"""Fact: from when on an import under way writes, and when it last did; empty where none is."""

BROKEN_AFTER = timedelta(minutes=10)
"""So long after its last step an import has broken off."""

IMPORT_STEPS = "readings_import_steps"
"""Counter: steps of imports, so that a backup sees whether one went on beside it."""

CONFLICTS_TOLD = 1_000
"""So many conflicts become findings."""

_HOUR_US = 3_600_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_COMPUTED = frozenset(name for name, line in QUANTITIES.items() if line.kind is not Kind.STATE)

Progress = Callable[[str, int], None]
"""Told the step (``check`` or ``write``) and how many lines it has done."""


@dataclass
class ImportReport:
    """What an import found, and did unless it was only tried.

    lines
        Lines with a reading.
    keys, first, last, suspect
        Of these readings: their series, the first and the last time, and how many are implausible.
    written, duplicates
        See WriteReport.
    conflicts_found, conflicts
        How many ``reading_conflict`` findings there were, and the first of them.
    """

    lines: int = 0
    keys: set[SeriesKey] = field(default_factory=set)
    first: datetime | None = None
    last: datetime | None = None
    suspect: int = 0
    written: int = 0
    duplicates: int = 0
    problems: Problems = field(default_factory=Problems)
    conflicts_found: int = 0
    conflicts: list[Finding] = field(default_factory=list)


@dataclass(frozen=True)
class FileOfReadings:
    """A file, its kind, and the rules for its lines."""

    path: Path
    kind: FileKind
    rules: Rules

    def tables(self, problems: Problems) -> Iterator[pa.Table]:
        """The readings of its good lines as tables READINGS. Raises InputError like ``read_pieces``."""
        for piece in read_pieces(self.path, self.kind, problems):
            yield check_lines(piece.table, piece.lines, self.rules, problems)


@dataclass(frozen=True)
class Target:
    """Where readings are written, the machine's clock, and who is told of progress."""

    series: SeriesStore
    records: Engine
    clock: Clock
    progress: Progress = lambda step, lines: None


def check_file(file: FileOfReadings, progress: Progress) -> tuple[ImportReport, int]:
    """What is in the file, and how many series and hours it touches at most; nothing is written."""
    report, marks = ImportReport(), 0
    for table in file.tables(report.problems):
        marks += len(touched_by(table))
        report.keys.update(SeriesKey(*key) for key in distinct(table, SeriesKey._fields)[0])
        _note(report, table)
        progress("check", report.lines + report.problems.count)
    report.problems.first.sort(key=lambda problem: problem.line)
    return report, marks


def write_file(file: FileOfReadings, report: ImportReport, marks: int, target: Target) -> None:
    """Write the readings of a file that was checked, and note in ``report`` what that did.

    Raises StoreError where a store fails, StateError where the raw horizon moved meanwhile; then do all of
    it again.
    """
    large = marks > MARKS_LIMIT
    marker = Marker(target.records)
    start = _reach(report, target.series) if large else None
    done = 0
    for table in file.tables(Problems()):
        touched = frozenset[Touched]() if large else touched_by(table)
        with target.records.begin() as conn:
            _require_horizon(conn, file.rules)
            bump_counters(conn, {IMPORT_STEPS: 1})
            _hold(conn, start, target.clock())
        generation = marker.mark(touched)
        wrote = target.series.write_readings(table)
        with target.records.begin() as conn:
            marker.confirm(conn, touched, generation)
            bump_counters(conn, {"readings_written": wrote.written})
        _add(report, wrote)
        done += len(table)
        target.progress("write", done)
    if large:
        with target.records.begin() as conn:
            # Another import may have begun earlier; it says so again at its next step.
            since = under_way(conn)
            lock_fact(conn, UNDER_WAY, {})
            put_fact(conn, UNDER_WAY, {})
            request_from(conn, since, target.clock())


def touched_by(table: pa.Table) -> frozenset[Touched]:
    """Series and hours whose results the readings (schema READINGS) change; wrong clocks are left out."""
    wrong_clock = pc.starts_with(table["reason"], "clock")
    computed = pc.is_in(table["quantity"], value_set=pa.array(sorted(_COMPUTED)))
    used = table.filter(pc.and_(computed, pc.invert(wrong_clock)))
    hours = pa.array(integers(used["time"]) // _HOUR_US)
    groups = used.select(SeriesKey._fields).append_column("hour", hours)
    rows = groups.group_by(groups.schema.names).aggregate([]).to_pylist()
    return frozenset(
        Touched(r["device"], r["channel"], r["quantity"], _EPOCH + timedelta(hours=r["hour"]))
        for r in rows
    )


def settle_broken(conn: Connection, now: datetime) -> bool:
    """Ask for what an import that broke off would have had computed. Returns whether there was one."""
    if not read_fact(conn, UNDER_WAY, {}):
        return False
    left = lock_fact(conn, UNDER_WAY, {})
    if not left or now - datetime.fromisoformat(left["at"]) < BROKEN_AFTER:
        return False
    request_from(conn, datetime.fromisoformat(left["from"]), now)
    put_fact(conn, UNDER_WAY, {})
    return True


def under_way(conn: Connection) -> datetime | None:
    """From when on imports under way, or broken off, write what nobody is asked to compute yet."""
    left = read_fact(conn, UNDER_WAY, {})
    return datetime.fromisoformat(left["from"]) if left else None


def request_from(conn: Connection, start: datetime | None, at: datetime) -> None:
    """Have all results from ``start`` on computed anew, as far back as readings go.

    ``at`` tells this request from others.
    """
    if start is None:
        return
    start = max(start, frozen_before(conn) or start)
    wanted = {"device": "readings", "channel": at.isoformat(), "from": start.isoformat()}
    put_fact(conn, RECOMPUTE, [*lock_fact(conn, RECOMPUTE, []), wanted])


def _require_horizon(conn: Connection, rules: Rules) -> None:
    """Raise StateError where lines were checked by an older raw horizon than the present one."""
    horizon = raw_horizon(conn)
    if horizon != rules.horizon:
        raise StateError(
            f"{RAW_EXPIRED}: the raw horizon must stay while a file is taken in (do it again), got {horizon}"
        )


def _reach(report: ImportReport, store: SeriesStore) -> datetime | None:
    """From when on results rest on the readings of the file; None: none do."""
    return None if report.first is None else reach_back(store, report.keys, report.first)


def _hold(conn: Connection, start: datetime | None, at: datetime) -> None:
    """Say that an import is under way, and from when on. ``start`` None: what it writes is marked."""
    if start is None:
        return
    lock_fact(conn, UNDER_WAY, {})
    first = min(start, under_way(conn) or start)
    put_fact(conn, UNDER_WAY, {"from": first.isoformat(), "at": at.isoformat()})


def _note(report: ImportReport, table: pa.Table) -> None:
    report.lines += len(table)
    report.suspect += table["quality"].to_pylist().count(Quality.SUSPECT)
    clock = pc.starts_with(table["reason"], "clock")
    times = table["time"].filter(pc.invert(clock))
    if len(times):
        found: Any = pc.min_max(times).as_py()
        report.first = min(found["min"], report.first or found["min"])
        report.last = max(found["max"], report.last or found["max"])


def _add(report: ImportReport, wrote: WriteReport) -> None:
    report.written += wrote.written
    report.duplicates += wrote.duplicates
    report.conflicts_found += len(wrote.conflicts)
    report.conflicts += wrote.conflicts[: max(0, CONFLICTS_TOLD - len(report.conflicts))]
