"""Walking the chain: every alteration, gap and cut is found, and the entry named."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import BigInteger, Column, Connection, Engine, cast, func, or_, select

from quotawatt.findings import Finding
from quotawatt.ledger.entry import START, LedgerEntry, Link
from quotawatt.ledger.faults import UNREADABLE, Row, Unreadable, fault_of, faults_beside
from quotawatt.ledger.selection import entry_of
from quotawatt.storage.ledger_tables import ledger_mentions
from quotawatt.storage.tables import ledger, ledger_head

HEAD_ID = 1
FAULTS_LIMIT = 100
"""So many faults are named; then a walk ends."""

_CHUNK = 1000
_STRAYS_LIMIT = 10
_NUMBERED = cast(ledger.c.seq, BigInteger) == ledger.c.seq


@dataclass(frozen=True, slots=True)
class Stretch:
    """What came of walking a part of the chain.

    findings
        ``ledger_gap`` (an entry is missing, and those up to ``next_present``), ``ledger_altered`` (a field
        was changed), ``ledger_broken`` (an entry does not name the one before it), ``ledger_stray`` (an
        entry whose number is none), ``ledger_cut`` (the end that the head names is missing),
        ``ledger_head_altered`` (the last entry is not the one that the head names),
        ``ledger_head_missing`` (the head is missing, or is none), ``ledger_beyond_head`` (an entry that
        nobody appended), ``ledger_attachment`` (what an entry refers to is missing or altered),
        ``ledger_mentions`` (the codes it is found by are not those that it holds). The subject is
        ``ledger/NUMBER``.
    end
        The last entry that was walked; its hash is empty where it was not found right.
    head
        What the head row said at the beginning. Entries appended meanwhile are left for the next time.
    complete
        Whether nothing is left to walk: the end was reached, or there are too many faults to name.
    """

    findings: tuple[Finding, ...]
    end: Link
    head: Link
    complete: bool


def read_head(conn: Connection) -> Link:
    """What the head row says; the beginning where there is none."""
    return _readable_head(conn) or START


def walk(engine: Engine, start: Link, limit: int | None = None) -> Stretch:
    """Check up to ``limit`` entries (None: all) after ``start``; memory is bounded by a chunk.

    An entry that is wrong does not end it: the next one is judged by itself, and the chain goes on there.
    With ``start.hash`` empty the first one is judged so, too.
    """
    with engine.connect() as conn:
        named = _readable_head(conn)
        head = named or _last_entry(conn)
        last = head.seq if limit is None else min(head.seq, start.seq + limit)
        walker = _Walker(conn, start, last)
        found = list(islice(walker.faults(), FAULTS_LIMIT))
        ended = last >= head.seq
        if ended and len(found) < FAULTS_LIMIT:
            found += _faults_at_the_end(conn, walker.link, head, named is not None)
        return Stretch(tuple(found), walker.link, head, ended or len(found) >= FAULTS_LIMIT)


class _Walker:
    """Goes along the chain; ``link`` is the last entry that was walked, without hash where it was wrong."""

    def __init__(self, conn: Connection, start: Link, last: int) -> None:
        self._conn = conn
        self._last = last
        self.link = start

    def faults(self) -> Iterator[Finding]:
        """What is wrong, in order."""
        if self.link == START:
            yield from _strays(self._conn)
        while chunk := _read_chunk(self._conn, self.link.seq, self._last):
            mentioned = _mentions(self._conn, self.link.seq, chunk[-1].seq)
            for entry in chunk:
                yield from self._step(entry, mentioned.get(entry.seq, ()))

    def _step(self, entry: Row, mentioned: Sequence[str]) -> Iterator[Finding]:
        before = self.link
        if entry.seq != before.seq + 1:
            present = {"next_present": entry.seq}
            yield Finding("ledger_gap", f"ledger/{before.seq + 1}", present)
            before = Link(entry.seq - 1, "")
        fault = fault_of(entry, before)
        if fault is None and isinstance(entry, LedgerEntry):
            self.link = entry.link
            yield from faults_beside(self._conn, entry, mentioned)
        elif fault is not None:
            self.link = Link(entry.seq, "")
            yield fault


def _read_chunk(conn: Connection, after: int, until: int) -> Sequence[Row]:
    within = (ledger.c.seq > after, ledger.c.seq <= until, _NUMBERED)
    statement = select(ledger).where(*within).order_by(ledger.c.seq).limit(_CHUNK)
    try:
        return [entry_of(row) for row in conn.execute(statement)]
    except UNREADABLE:
        numbers = select(ledger.c.seq).where(*within).order_by(ledger.c.seq).limit(_CHUNK)
        return [_read_one(conn, seq) for seq in conn.execute(numbers).scalars().all()]


def _read_one(conn: Connection, seq: int) -> Row:
    try:
        return entry_of(conn.execute(select(ledger).where(ledger.c.seq == seq)).one())
    except UNREADABLE as error:
        return Unreadable(seq, str(error))


def _mentions(conn: Connection, after: int, until: int) -> Mapping[int, Sequence[str]]:
    within = (ledger_mentions.c.seq > after, ledger_mentions.c.seq <= until)
    found: dict[int, list[str]] = defaultdict(list)
    for row in conn.execute(select(ledger_mentions).where(*within)):
        found[row.seq].append(row.code)
    return found


def _strays(conn: Connection) -> Iterator[Finding]:
    """Rows whose number no entry can have: below 1, or on SQLite a fraction or no number at all."""
    for seq in _stray_numbers(conn, ledger.c.seq):
        yield Finding("ledger_stray", f"ledger/{seq}")
    for seq in _stray_numbers(conn, ledger_mentions.c.seq):
        yield Finding("ledger_mentions", f"ledger/{seq}", {"missing": "", "added": ""})


def _stray_numbers(conn: Connection, column: Column[int]) -> Sequence[object]:
    odd = or_(column < 1, cast(column, BigInteger) != column)
    return conn.execute(select(column).where(odd).distinct().limit(_STRAYS_LIMIT)).scalars().all()


def _readable_head(conn: Connection) -> Link | None:
    """What the head row says; None where there is none, or where it names no entry."""
    statement = select(ledger_head.c.seq, ledger_head.c.hash).where(ledger_head.c.id == HEAD_ID)
    row = conn.execute(statement).one_or_none()
    if row is None or not isinstance(row.seq, int) or not isinstance(row.hash, str):
        return None
    return Link(row.seq, row.hash)


def _last_entry(conn: Connection) -> Link:
    """The last entry that there is, in place of the head; without its hash."""
    last = conn.execute(select(func.max(ledger.c.seq)).where(_NUMBERED)).scalar_one()
    return START if last is None else Link(last, "")


def _faults_at_the_end(conn: Connection, end: Link, head: Link, named: bool) -> Iterator[Finding]:
    said: dict[str, str | float | int | None] = {
        "last_entry": end.seq,
        "last_hash": end.hash,
        "head": head.seq,
        "head_hash": head.hash,
    }
    if not named:
        if head != START:
            yield Finding("ledger_head_missing", f"ledger/{head.seq}", {"last_entry": end.seq})
        return
    if end.seq < head.seq:
        yield Finding("ledger_cut", f"ledger/{end.seq + 1}", said)
    elif end.seq > head.seq or end.hash not in ("", head.hash):
        yield Finding("ledger_head_altered", f"ledger/{head.seq}", said)
        return
    yield from _beyond_head(conn)


def _beyond_head(conn: Connection) -> Iterator[Finding]:
    # One statement each, so that an entry appended meanwhile is seen together with its head.
    head = select(ledger_head.c.seq).where(ledger_head.c.id == HEAD_ID).scalar_subquery()
    for code, column in (
        ("ledger_beyond_head", ledger.c.seq),
        ("ledger_mentions", ledger_mentions.c.seq),
    ):
        numbered = cast(column, BigInteger) == column
        statement = select(column).where(column > head, numbered).order_by(column)
        seq = conn.execute(statement.limit(1)).scalar_one_or_none()
        if seq is not None:
            yield Finding(code, f"ledger/{seq}")
            return
