"""The ledger of a record store: appending to it, and reading it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, insert, select, update

from quotawatt.clock import require_utc
from quotawatt.errors import InputError, NotFoundError
from quotawatt.findings import Finding
from quotawatt.ledger import attachments, wording
from quotawatt.ledger.chain import HEAD_ID, Stretch, read_head, walk
from quotawatt.ledger.entry import START, LedgerEntry, Link
from quotawatt.ledger.faults import UNREADABLE
from quotawatt.ledger.selection import EVERYTHING, Selection, entry_of, select_after, select_before
from quotawatt.storage.ledger_tables import ledger_mentions
from quotawatt.storage.records import upsert
from quotawatt.storage.tables import ledger, ledger_head


@dataclass(frozen=True, slots=True)
class Deed:
    """What an entry is to say; see ``Ledger.append``."""

    at: datetime
    actor: str
    action: str
    subject: str
    detail: Mapping[str, object]
    rule: str = ""
    before: object = None
    after: object = None
    mentions: Collection[str] = ()


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
        mentions: Collection[str] = (),
    ) -> LedgerEntry:
        """Add an entry within the caller's transaction, so that it stands or falls with the deed.

        rule
            The rule or clause under which it was done; empty: none.
        before, after
            What the subject was and what it became, as plain JSON; None: nothing.
        mentions
            Codes of assets that it is about beside the subject, under which it is found too.

        ``conn`` comes from ``engine.begin()``. The head row stays locked until the transaction ends:
        append last, after the rows that the entry is about, so that two writers never wait for each
        other. A detail of any size is kept; see ``wording`` for names that are too long.

        Raises InputError for a time without a zone, a detail that is not plain JSON, and one with a key
        that the ledger sets itself.
        """
        deed = Deed(at, actor, action, subject, detail, rule, before, after, mentions)
        return self.append_many(conn, [deed])[0]

    def append_many(self, conn: Connection, deeds: Sequence[Deed]) -> list[LedgerEntry]:
        """Add an entry for each deed, in order, as ``append`` does: the head is locked and moved once.

        Raises like ``append``; then none is added.
        """
        if not deeds:
            return []
        kept = [_worded(deed) for deed in deeds]
        for _, sealed in kept:
            if sealed.attachment:
                attachments.keep(conn, sealed.attachment)
        link = _locked_head(conn)
        entries: list[LedgerEntry] = []
        for deed, (names, sealed) in zip(deeds, kept, strict=True):
            entries.append(_chained(link, require_utc(deed.at, "at"), names, sealed.detail))
            link = entries[-1].link
        conn.execute(insert(ledger), [_row(entry) for entry in entries])
        _note_mentions(conn, entries, deeds)
        conn.execute(
            update(ledger_head)
            .where(ledger_head.c.id == HEAD_ID)
            .values(seq=link.seq, hash=link.hash)
        )
        return entries

    def hold(self, conn: Connection) -> None:
        """Keep others from appending until the transaction ends, as ``append`` does.

        For rows whose numbers must come to be seen in their order: what is numbered while it is held is
        seen before whatever is numbered after.
        """
        _locked_head(conn)

    def head(self) -> Link:
        """Number of entries and hash of the last one: what to keep in another place."""
        with self._engine.connect() as conn:
            return read_head(conn)

    def entries(self, limit: int = 100, after: int = 0) -> list[LedgerEntry]:
        """Up to ``limit`` entries that follow number ``after``, in order."""
        return self.find(EVERYTHING, limit, after)

    def find(self, wanted: Selection, limit: int = 100, after: int = 0) -> list[LedgerEntry]:
        """Up to ``limit`` entries of the selection that follow number ``after``, in order."""
        with self._engine.connect() as conn:
            return select_after(conn, wanted, after, limit)

    def latest(
        self, wanted: Selection, limit: int = 100, before: int | None = None
    ) -> list[LedgerEntry]:
        """Up to ``limit`` entries of the selection before number ``before`` (None: all), latest first."""
        with self._engine.connect() as conn:
            return select_before(conn, wanted, before, limit)

    def entry(self, seq: int) -> LedgerEntry:
        """The entry of this number. Raises NotFoundError where there is none."""
        with self._engine.connect() as conn:
            row = conn.execute(select(ledger).where(ledger.c.seq == seq)).one_or_none()
        if row is None:
            raise NotFoundError(f"a ledger entry must exist by its number, got {seq}")
        return entry_of(row)

    def detail_of(self, entry: LedgerEntry) -> dict[str, Any]:
        """All that the entry says, what is attached to it included.

        Raises InputError where its attachment is missing or altered, or its detail was written by others.
        """
        try:
            return wording.opened(entry.detail, self.attachment_of(entry))
        except UNREADABLE as error:
            raise InputError(
                f"a detail must be as the ledger writes it, got another in entry {entry.seq} ({error})"
            ) from None

    def attachment_of(self, entry: LedgerEntry) -> str:
        """The attachment's canonical JSON; empty where the entry has none. Raises like ``detail_of``."""
        named = wording.attachment_named(entry.detail)
        if named is None:
            return ""
        with self._engine.connect() as conn:
            return attachments.fetch(conn, named)

    def verify(self) -> list[Finding]:
        """Walk the whole chain; empty where it holds. See ``chain.walk``."""
        return list(self.walk(START).findings)

    def walk(self, start: Link, limit: int | None = None) -> Stretch:
        """Check up to ``limit`` entries (None: all) that follow ``start``, which holds."""
        if limit is not None and limit < 1:
            raise InputError(f"a stretch of the ledger must have an entry, got {limit}")
        return walk(self._engine, start, limit)


def _worded(deed: Deed) -> tuple[dict[str, str], wording.Sealed]:
    """Names as their columns can hold them, and the whole detail as it is kept."""
    names = {"actor": deed.actor, "action": deed.action, "subject": deed.subject}
    given = {"rule": deed.rule, "before": deed.before, "after": deed.after}
    whole = wording.whole_detail(deed.detail, given, names, deed.mentions)
    fitted = {name: wording.fitting(name, words) for name, words in names.items()}
    return fitted, wording.sealed(whole)


def _row(entry: LedgerEntry) -> dict[str, object]:
    return {column.name: getattr(entry, column.name) for column in ledger.c}


def _chained(head: Link, at: datetime, names: Mapping[str, str], detail: str) -> LedgerEntry:
    unsealed = LedgerEntry(
        seq=head.seq + 1, at=at, detail=detail, previous=head.hash, hash="", **names
    )
    return LedgerEntry(
        seq=head.seq + 1,
        at=at,
        detail=detail,
        previous=head.hash,
        hash=unsealed.expected_hash(),
        **names,
    )


def _locked_head(conn: Connection) -> Link:
    # FOR UPDATE locks on PostgreSQL; on SQLite the transaction holds the write lock already.
    statement = (
        select(ledger_head.c.seq, ledger_head.c.hash)
        .where(ledger_head.c.id == HEAD_ID)
        .with_for_update()
    )
    row = conn.execute(statement).one_or_none()
    if row is None:
        first = {"id": HEAD_ID, "seq": START.seq, "hash": START.hash}
        upsert(conn, ledger_head, [first], keys=["id"])
        row = conn.execute(statement).one()
    return Link(row.seq, row.hash)


def _note_mentions(conn: Connection, entries: Sequence[LedgerEntry], deeds: Sequence[Deed]) -> None:
    rows = [
        {"code": code, "seq": entry.seq}
        for entry, deed in zip(entries, deeds, strict=True)
        for code in wording.fitting_mentions(deed.mentions)
    ]
    upsert(conn, ledger_mentions, rows, keys=["code", "seq"])
