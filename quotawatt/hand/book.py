"""Entries in the record store: read, added, corrected, withdrawn.

Every function works within the caller's transaction. Who writes locks the book first, and reads what the
writing rests on after that.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, func, insert, select, update

from quotawatt.errors import NotFoundError
from quotawatt.hand.entries import READING, Entry, EntryKey, Stored
from quotawatt.storage.facts import lock_fact, put_fact, read_fact
from quotawatt.storage.hand_tables import hand_entries

_NUMBERS = "hand_entries"
"""The fact that says how many entries were ever made; whoever writes holds it."""
_OWN = "hand_own"
"""The fact that lists the series beside totals (``subject_of``), once made, as (subject, quantity)."""
_CODES_AT_ONCE = 500

_ENTRY_FIELDS = tuple(field.name for field in fields(Entry))
_STORED_FIELDS = tuple(field.name for field in fields(Stored) if field.name != "entry")


def lock_book(conn: Connection) -> int:
    """Keep others from writing until the transaction ends; the last number that was given."""
    return int(lock_fact(conn, _NUMBERS, 0))


def standing_entries(conn: Connection, points: Collection[tuple[str, str]]) -> list[Stored]:
    """The latest of all entries of these (asset, quantity), those withdrawn left out."""
    t = hand_entries.c
    codes = sorted({asset for asset, _ in points})
    found: list[Stored] = []
    for at in range(0, len(codes), _CODES_AT_ONCE):
        some = codes[at : at + _CODES_AT_ONCE]
        query = select(hand_entries).where(t.latest, ~t.withdrawn, t.asset.in_(some))
        found += [stored_of(dict(row)) for row in conn.execute(query).mappings()]
    wanted = frozenset(points)
    return [one for one in found if (one.entry.asset, one.entry.quantity) in wanted]


def own_series(conn: Connection) -> list[tuple[str, str]]:
    """The (subject, quantity) of all series that entries ever made beside a total, sorted."""
    return [(subject, name) for subject, name in read_fact(conn, _OWN, [])]


def revisions_of(conn: Connection, number: int) -> list[Stored]:
    """All revisions of an entry, the latest last. Raises NotFoundError where there is none."""
    t = hand_entries.c
    query = select(hand_entries).where(t.number == number).order_by(t.revision)
    found = [stored_of(dict(row)) for row in conn.execute(query).mappings()]
    if not found:
        raise NotFoundError(f"an entry by hand must exist by its number, got {number}")
    return found


def add_entry(conn: Connection, entry: Entry, subject: str, actor: str, at: datetime) -> Stored:
    """Keep a new entry."""
    return add_entries(conn, [(entry, subject)], actor, at)[0]


def add_entries(
    conn: Connection, new: Sequence[tuple[Entry, str]], actor: str, at: datetime
) -> list[Stored]:
    """Keep new entries, each with the subject of its results; none of them of the key of another."""
    last = lock_book(conn)
    put_fact(conn, _NUMBERS, last + len(new))
    taken = _in_series(conn, [entry for entry, _ in new if entry.kind == READING])
    kept = []
    for number, (entry, subject) in enumerate(new, start=last + 1):
        reading = entry.kind == READING
        revision = taken.get(entry.key, 0) + 1 if reading else 0
        kept.append(Stored(number, 1, entry, subject, False, actor, at, revision, not reading))
    return _keep(conn, kept)


def revise_entry(
    conn: Connection,
    kept: Stored,
    entry: Entry,
    subject: str,
    actor: str,
    at: datetime,
    *,
    withdrawn: bool = False,
) -> Stored:
    """Keep another revision of an entry: corrected, or withdrawn."""
    t = hand_entries.c
    series = _series_after(conn, kept, entry, withdrawn=withdrawn)
    older: dict[str, Any] = {"latest": False}
    if entry.kind == READING and kept.entry.key != entry.key:
        # The series store must forget the reading where it was.
        older |= {"written": False, "series_revision": _next_in_series(conn, kept.entry)}
    elif series.revision == kept.series_revision:
        older |= {"written": True}  # the newer row says the same
    conn.execute(update(hand_entries).where(t.number == kept.number, t.latest).values(older))
    new = Stored(
        number=kept.number,
        revision=kept.revision + 1,
        entry=entry,
        subject=subject,
        withdrawn=withdrawn,
        entered_by=actor,
        entered_at=at,
        series_revision=series.revision,
        written=series.written,
    )
    return _keep(conn, [new])[0]


def unwritten(conn: Connection) -> list[tuple[int, Stored, bool]]:
    """Of each row whose reading the series store may lack: its id, what is kept, and whether it stands."""
    rows = conn.execute(select(hand_entries).where(~hand_entries.c.written)).mappings()
    return [
        (row["id"], stored_of(dict(row)), row["latest"] and not row["withdrawn"]) for row in rows
    ]


def note_written(conn: Connection, rows: Sequence[tuple[int, Stored, bool]]) -> None:
    """Say that the series store has the readings of these rows, unless they have changed since."""
    t = hand_entries.c
    same = (t.id == bindparam("row"), t.series_revision == bindparam("known"))
    known = [{"row": row, "known": stored.series_revision} for row, stored, _ in rows]
    conn.execute(update(hand_entries).where(*same).values(written=True), known)


def stored_of(row: Mapping[str, Any]) -> Stored:
    """A row of the table as an entry."""
    entry = Entry(**{name: row[name] for name in _ENTRY_FIELDS})
    return Stored(entry=entry, **{name: row[name] for name in _STORED_FIELDS})


class _InSeries(NamedTuple):
    """Which revision of a reading the series store is to have, and whether it has."""

    revision: int
    written: bool


def _series_of_new(conn: Connection, entry: Entry) -> _InSeries:
    if entry.kind != READING:
        return _InSeries(0, True)
    return _InSeries(_next_in_series(conn, entry), False)


def _series_after(conn: Connection, kept: Stored, entry: Entry, *, withdrawn: bool) -> _InSeries:
    same = kept.entry.key == entry.key and kept.entry.value == entry.value
    if same and not withdrawn:
        return _InSeries(kept.series_revision, kept.written)
    return _series_of_new(conn, entry)


def _keep(conn: Connection, new: Sequence[Stored]) -> list[Stored]:
    if not new:
        return []
    rows = [
        {
            **{name: getattr(one, name) for name in _STORED_FIELDS},
            **asdict(one.entry),
            "latest": True,
        }
        for one in new
    ]
    conn.execute(insert(hand_entries), rows)
    own = {(one.subject, one.entry.quantity) for one in new if one.subject != one.entry.asset}
    if own:
        known = {(subject, name) for subject, name in lock_fact(conn, _OWN, [])}
        put_fact(conn, _OWN, sorted(list(series) for series in known | own))
    return list(new)


def _next_in_series(conn: Connection, entry: Entry) -> int:
    """One more than any revision that the series store can have of the reading; from 1 on.

    So a reading by hand goes before one that came live or by a file, which has 0.
    """
    return _in_series(conn, [entry]).get(entry.key, 0) + 1


def _in_series(conn: Connection, readings: Sequence[Entry]) -> dict[EntryKey, int]:
    """The highest revision that the series store can have of each of these readings, where it has any."""
    if not readings:
        return {}
    t = hand_entries.c
    codes = sorted({entry.asset for entry in readings})
    times = [entry.start for entry in readings]
    point = (t.kind, t.asset, t.quantity, t.start)
    found: dict[EntryKey, int] = {}
    for at in range(0, len(codes), _CODES_AT_ONCE):
        highest = (
            select(*point, func.max(t.series_revision))
            .where(t.asset.in_(codes[at : at + _CODES_AT_ONCE]), t.kind == READING)
            .where(t.start.between(min(times), max(times)))
            .group_by(*point)
        )
        found |= {EntryKey(*key): int(revision) for *key, revision in conn.execute(highest)}
    return found
