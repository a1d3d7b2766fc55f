"""Walking the chain: every alteration, gap and cut is found, and the entry named."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import Connection, Engine, or_, select

from quotawatt.errors import InputError
from quotawatt.findings import Finding
from quotawatt.ledger import attachments, wording
from quotawatt.ledger.entry import START, LedgerEntry, Link
from quotawatt.ledger.selection import entry_of
from quotawatt.storage.ledger_tables import ledger_mentions
from quotawatt.storage.tables import ledger, ledger_head

HEAD_ID = 1
_CHUNK = 1000
_FINDINGS_LIMIT = 100
"""So many attachments and mentions that are wrong are named; the first fault of the chain ends a walk."""

# What reading a row can raise that somebody wrote past this program: SQLite keeps any type in any column.
_UNREADABLE = (ValueError, TypeError, AttributeError, OverflowError)


@dataclass(frozen=True, slots=True)
class Stretch:
    """What came of walking a part of the chain.

    findings
        ``ledger_gap`` (an entry is missing), ``ledger_altered`` (a field was changed),
        ``ledger_broken`` (an entry does not name the one before it), ``ledger_stray`` (an entry outside
        the numbers), ``ledger_cut`` (the end that the head names is missing), ``ledger_head_altered``
        (the last entry is not the one that the head names), ``ledger_beyond_head`` (an entry that
        nobody appended), ``ledger_attachment`` (what an entry refers to is missing or altered),
        ``ledger_mentions`` (the codes it is found by are not those that it holds). The subject is
        ``ledger/NUMBER``.
    end
        The last entry that was found right.
    head
        What the head row said at the beginning. Entries appended meanwhile are left for the next time.
    """

    findings: tuple[Finding, ...]
    end: Link
    head: Link

    @property
    def complete(self) -> bool:
        """Whether nothing is left to walk: the head was reached, or a fault ended it."""
        return bool(self.findings) or self.end.seq >= self.head.seq


def read_head(conn: Connection) -> Link:
    """What the head row says; the beginning where there is none."""
    statement = select(ledger_head.c.seq, ledger_head.c.hash).where(ledger_head.c.id == HEAD_ID)
    row = conn.execute(statement).one_or_none()
    if row is None:
        return START
    # SQLite keeps any type in any column; no entry has the number -1.
    return Link(row.seq if isinstance(row.seq, int) else -1, row.hash)


def walk(engine: Engine, start: Link, limit: int | None = None) -> Stretch:
    """Check up to ``limit`` entries (None: all) after ``start``; memory is bounded by a chunk."""
    with engine.connect() as conn:
        head = read_head(conn)
        last = head.seq if limit is None else min(head.seq, start.seq + limit)
        walker = _Walker(conn, start, last)
        found = list(islice(walker.faults(), _FINDINGS_LIMIT))
        if not walker.broken and (last == head.seq or head.seq < start.seq):
            found += _faults_at_the_end(conn, walker.link, head)
        return Stretch(tuple(found), walker.link, head)


class _Walker:
    """Goes along the chain; ``link`` is the last entry that was right, ``broken`` whether one was not."""

    def __init__(self, conn: Connection, start: Link, last: int) -> None:
        self._conn = conn
        self._last = last
        self.link = start
        self.broken = False

    def faults(self) -> Iterator[Finding]:
        """What is wrong, in order; the first fault of the chain itself is the last that is said."""
        if self.link == START:
            yield from _before_the_first(self._conn)
        while chunk := _read_chunk(self._conn, self.link.seq, self._last):
            mentioned = _mentions(self._conn, self.link.seq, chunk[-1])
            for entry in chunk:
                fault = _fault(entry, self.link)
                if fault is not None:
                    self.broken = True
                    yield fault
                    return
                assert isinstance(entry, LedgerEntry)  # _fault has said so of any other
                yield from _fault_beside(self._conn, entry, mentioned)
                self.link = entry.link


class _Unreadable:
    """A row that does not read as an entry."""

    def __init__(self, seq: int, reason: str) -> None:
        self.seq = seq
        self.reason = reason


_Found = LedgerEntry | _Unreadable


def _read_chunk(conn: Connection, after: int, until: int) -> Sequence[_Found]:
    statement = (
        select(ledger)
        .where(ledger.c.seq > after, ledger.c.seq <= until)
        .order_by(ledger.c.seq)
        .limit(_CHUNK)
    )
    try:
        return [entry_of(row) for row in conn.execute(statement)]
    except _UNREADABLE:
        return _one_by_one(conn, after, until)


def _one_by_one(conn: Connection, after: int, until: int) -> list[_Found]:
    """The rows up to the first that does not read."""
    numbers = (
        select(ledger.c.seq)
        .where(ledger.c.seq > after, ledger.c.seq <= until)
        .order_by(ledger.c.seq)
        .limit(_CHUNK)
    )
    found: list[_Found] = []
    for seq in list(conn.execute(numbers).scalars()):
        try:
            found.append(entry_of(conn.execute(select(ledger).where(ledger.c.seq == seq)).one()))
        except _UNREADABLE as error:
            found.append(_Unreadable(seq, str(error)))
            break
    return found


def _fault(entry: _Found, before: Link) -> Finding | None:
    seq = before.seq + 1
    subject = f"ledger/{seq}"
    if entry.seq != seq:
        return Finding("ledger_gap", subject, {"next_present": entry.seq})
    if isinstance(entry, _Unreadable):
        return Finding("ledger_altered", subject, {"unreadable": entry.reason})
    try:
        holds = entry.holds()
    except (*_UNREADABLE, InputError) as error:
        return Finding("ledger_altered", subject, {"unreadable": str(error)})
    if not holds:
        hashes = {"hash": entry.hash, "expected_hash": entry.expected_hash()}
        return Finding("ledger_altered", subject, hashes)
    if entry.previous != before.hash:
        named = {"previous": entry.previous, "expected_previous": before.hash}
        return Finding("ledger_broken", subject, named)
    return None


def _fault_beside(
    conn: Connection, entry: LedgerEntry, mentioned: Mapping[int, list[str]]
) -> Iterator[Finding]:
    """What is wrong with the entry's attachment and with the codes that it is found by."""
    subject = f"ledger/{entry.seq}"
    named = wording.attachment_named(entry.detail)
    attached = ""
    if named is not None:
        try:
            attached = attachments.fetch(conn, named)
        except InputError as error:
            yield Finding("ledger_attachment", subject, {"reason": str(error)})
            return
    wanted: list[str] = []
    if named is not None or f'"{wording.MENTIONS}":' in entry.detail:
        wanted = wording.opened(entry.detail, attached).get(wording.MENTIONS, [])
    if sorted(mentioned.get(entry.seq, [])) != wanted:
        yield _mentions_differ(subject, wanted, mentioned.get(entry.seq, []))


def _mentions_differ(subject: str, wanted: Iterable[str], found: Iterable[str]) -> Finding:
    missing, added = sorted(set(wanted) - set(found)), sorted(set(found) - set(wanted))
    detail = {"missing": ", ".join(missing[:10]), "added": ", ".join(added[:10])}
    return Finding("ledger_mentions", subject, detail)


def _mentions(conn: Connection, after: int, last: _Found) -> Mapping[int, list[str]]:
    statement = select(ledger_mentions).where(
        ledger_mentions.c.seq > after, ledger_mentions.c.seq <= last.seq
    )
    found: dict[int, list[str]] = defaultdict(list)
    for row in conn.execute(statement):
        found[row.seq].append(row.code)
    return found


def _before_the_first(conn: Connection) -> Iterator[Finding]:
    entries = select(ledger.c.seq).where(ledger.c.seq < 1).limit(1)
    if (stray := conn.execute(entries).scalar_one_or_none()) is not None:
        yield Finding("ledger_stray", f"ledger/{stray}")
    mentions = select(ledger_mentions.c.seq).where(ledger_mentions.c.seq < 1).limit(1)
    if (stray := conn.execute(mentions).scalar_one_or_none()) is not None:
        yield Finding("ledger_mentions", f"ledger/{stray}", {"missing": "", "added": ""})


def _faults_at_the_end(conn: Connection, end: Link, head: Link) -> Iterator[Finding]:
    said: dict[str, str | float | int | None] = {
        "last_entry": end.seq,
        "last_hash": end.hash,
        "head": head.seq,
        "head_hash": head.hash,
    }
    if end.seq < head.seq:
        yield Finding("ledger_cut", f"ledger/{end.seq + 1}", said)
    elif end != head:
        yield Finding("ledger_head_altered", f"ledger/{head.seq}", said)
    else:
        yield from _beyond_head(conn)


def _beyond_head(conn: Connection) -> Iterator[Finding]:
    # One statement each, so that an entry appended meanwhile is seen together with its head.
    head = select(ledger_head.c.seq).where(ledger_head.c.id == HEAD_ID).scalar_subquery()
    for code, column in (
        ("ledger_beyond_head", ledger.c.seq),
        ("ledger_mentions", ledger_mentions.c.seq),
    ):
        statement = select(column).where(or_(column > head, head.is_(None))).order_by(column)
        seq = conn.execute(statement.limit(1)).scalar_one_or_none()
        if seq is not None:
            yield Finding(code, f"ledger/{seq}")
            return
