"""The ledger: who did what, when, append-only and chained by hashes.

Each entry holds the hash of the one before it, and a head row holds number and hash of the last. So an
altered entry, a missing one and a cut tail all show. Whoever can rewrite every entry *and* the head can
still forge the whole: that shows only against a (count, hash) kept elsewhere, which ``head`` gives.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, Row, insert, select, update

from quotawatt.clock import require_utc
from quotawatt.errors import InputError
from quotawatt.findings import Finding
from quotawatt.storage.records import upsert
from quotawatt.storage.tables import ledger, ledger_head

GENESIS = "0" * 64
"""What stands for the hash before the first entry."""

_HEAD_ID = 1
_CHUNK = 1000


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One entry. ``detail`` is canonical JSON: what was hashed is what is kept. ``at`` is UTC."""

    seq: int
    at: datetime
    actor: str
    action: str
    subject: str
    detail: str
    previous: str
    hash: str

    def expected_hash(self) -> str:
        """SHA-256 (hex) over the canonical JSON of all other fields, ``at`` in ISO 8601 to the µs."""
        content = {
            "seq": self.seq,
            "at": self.at.isoformat(timespec="microseconds"),
            "actor": self.actor,
            "action": self.action,
            "subject": self.subject,
            "detail": self.detail,
            "previous": self.previous,
        }
        return hashlib.sha256(canonical_json(content).encode()).hexdigest()


def canonical_json(value: Mapping[str, object]) -> str:
    """JSON with sorted keys and no blanks, so that equal values have one text.

    Raises InputError for what JSON or UTF-8 cannot hold (NaN, other types, half a surrogate pair).
    """
    try:
        text = json.dumps(
            value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
        )
        text.encode()
    except (TypeError, ValueError) as error:
        raise InputError(f"a ledger entry must be plain JSON, got {value!r} ({error})") from None
    return text


class Ledger:
    """The ledger of one record store."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def append(
        self,
        conn: Connection,
        *,
        at: datetime,
        actor: str,
        action: str,
        subject: str,
        detail: Mapping[str, object],
        rule: str = "",
        before: object = None,
        after: object = None,
    ) -> LedgerEntry:
        """Add an entry within the caller's transaction, so that it stands or falls with the deed.

        rule
            The rule or clause under which it was done; empty: none.
        before, after
            What the subject was and what it became, as plain JSON; None: nothing.

        ``conn`` comes from ``engine.begin()``. The head row stays locked until the transaction ends:
        append last, after the rows that the entry is about, so that two writers never wait for each
        other.

        Raises InputError for a time without a zone or a detail that is not plain JSON.
        """
        seq, previous = _locked_head(conn)
        given = {"rule": rule or None, "before": before, "after": after}
        whole = {**detail, **{name: value for name, value in given.items() if value is not None}}
        entry = _sealed(
            seq + 1, require_utc(at, "at"), actor, action, subject, canonical_json(whole), previous
        )
        conn.execute(insert(ledger), {c.name: getattr(entry, c.name) for c in ledger.c})
        conn.execute(
            update(ledger_head)
            .where(ledger_head.c.id == _HEAD_ID)
            .values(seq=entry.seq, hash=entry.hash)
        )
        return entry

    def head(self) -> tuple[int, str]:
        """Number of entries and hash of the last one: what to keep in another place."""
        with self._engine.connect() as conn:
            return _head(conn)

    def entries(self, limit: int = 100, after: int = 0) -> list[LedgerEntry]:
        """Up to ``limit`` entries that follow number ``after``, in order."""
        with self._engine.connect() as conn:
            return _entries_after(conn, after, limit)

    def verify(self) -> list[Finding]:
        """Walk the whole chain; empty where it holds, else the first fault.

        Codes: ``ledger_gap`` (an entry is missing), ``ledger_altered`` (a field was changed),
        ``ledger_broken`` (an entry does not name the one before it), ``ledger_cut`` (the end is not
        what the head says), ``ledger_beyond_head`` (an entry that nobody appended). The subject is
        ``ledger/NUMBER``. Entries appended meanwhile are left for the next time.
        """
        with self._engine.connect() as conn:
            last_seq, last_hash = _head(conn)
            seq, previous = 0, GENESIS
            while chunk := _entries_after(conn, seq, _CHUNK, until=last_seq):
                for entry in chunk:
                    fault = _fault(entry, seq + 1, previous)
                    if fault is not None:
                        return [fault]
                    seq, previous = entry.seq, entry.hash
            if (seq, previous) != (last_seq, last_hash):
                return [_cut(seq, previous, last_seq, last_hash)]
            return _beyond_head(conn)


def _sealed(
    seq: int, at: datetime, actor: str, action: str, subject: str, detail: str, previous: str
) -> LedgerEntry:
    unsealed = LedgerEntry(seq, at, actor, action, subject, detail, previous, hash="")
    sealed = unsealed.expected_hash()
    return LedgerEntry(seq, at, actor, action, subject, detail, previous, hash=sealed)


def _locked_head(conn: Connection) -> tuple[int, str]:
    # FOR UPDATE locks on PostgreSQL; on SQLite the transaction holds the write lock already.
    statement = select(ledger_head.c.seq, ledger_head.c.hash).with_for_update()
    row = conn.execute(statement).one_or_none()
    if row is None:
        upsert(conn, ledger_head, [{"id": _HEAD_ID, "seq": 0, "hash": GENESIS}], keys=["id"])
        row = conn.execute(statement).one()
    return row.seq, row.hash


def _head(conn: Connection) -> tuple[int, str]:
    row = conn.execute(select(ledger_head.c.seq, ledger_head.c.hash)).one_or_none()
    return (0, GENESIS) if row is None else (row.seq, row.hash)


def _entries_after(
    conn: Connection, after: int, limit: int, until: int | None = None
) -> list[LedgerEntry]:
    statement = select(ledger).where(ledger.c.seq > after).order_by(ledger.c.seq).limit(limit)
    if until is not None:
        statement = statement.where(ledger.c.seq <= until)
    return [_entry(row) for row in conn.execute(statement)]


def _entry(row: Row[tuple[object, ...]]) -> LedgerEntry:
    return LedgerEntry(**row._mapping)


def _fault(entry: LedgerEntry, seq: int, previous: str) -> Finding | None:
    if entry.seq != seq:
        return Finding("ledger_gap", f"ledger/{seq}", {"next_present": entry.seq})
    if entry.hash != entry.expected_hash():
        return Finding(
            "ledger_altered",
            f"ledger/{seq}",
            {"hash": entry.hash, "expected_hash": entry.expected_hash()},
        )
    if entry.previous != previous:
        return Finding(
            "ledger_broken",
            f"ledger/{seq}",
            {"previous": entry.previous, "expected_previous": previous},
        )
    return None


def _cut(seq: int, found_hash: str, head_seq: int, head_hash: str) -> Finding:
    return Finding(
        "ledger_cut",
        f"ledger/{seq + 1 if seq < head_seq else head_seq}",
        {"last_entry": seq, "last_hash": found_hash, "head": head_seq, "head_hash": head_hash},
    )


def _beyond_head(conn: Connection) -> list[Finding]:
    # One statement, so that an entry appended meanwhile is seen together with its head.
    statement = (
        select(ledger.c.seq)
        .where(ledger.c.seq > select(ledger_head.c.seq).scalar_subquery())
        .order_by(ledger.c.seq)
        .limit(1)
    )
    seq = conn.execute(statement).scalar_one_or_none()
    return [] if seq is None else [Finding("ledger_beyond_head", f"ledger/{seq}")]
