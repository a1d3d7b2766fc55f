"""Which entries are wanted: by time, by who did it, by what was done, and by what it is about."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, or_, select

from quotawatt.errors import StoreError
from quotawatt.ledger.entry import LedgerEntry
from quotawatt.storage.ledger_tables import ledger_mentions
from quotawatt.storage.tables import ledger


@dataclass(frozen=True, slots=True)
class Selection:
    """Entries that meet all of these; None or empty: any.

    start, end
        When it was done, ``[start, end)``, UTC.
    subject
        A code or name: entries about it (``CODE``, ``CODE/...``, ``rule:CODE``, ``rule:CODE/...``), and
        entries that mention it.
    seqs
        Their numbers.
    """

    start: datetime | None = None
    end: datetime | None = None
    actor: str = ""
    action: str = ""
    subject: str = ""
    seqs: Sequence[int] = ()


EVERYTHING = Selection()


def conditions_of(wanted: Selection) -> list[ColumnElement[bool]]:
    """The selection as conditions of a statement over the ledger."""
    found: list[ColumnElement[bool]] = []
    if wanted.start is not None:
        found.append(ledger.c.at >= wanted.start)
    if wanted.end is not None:
        found.append(ledger.c.at < wanted.end)
    if wanted.actor:
        found.append(ledger.c.actor == wanted.actor)
    if wanted.action:
        found.append(ledger.c.action == wanted.action)
    if wanted.subject:
        found.append(_about(wanted.subject))
    if wanted.seqs:
        found.append(ledger.c.seq.in_(wanted.seqs))
    return found


def select_after(conn: Connection, wanted: Selection, after: int, limit: int) -> list[LedgerEntry]:
    """Up to ``limit`` entries of the selection that follow number ``after``, in order."""
    statement = select(ledger).where(ledger.c.seq > after, *conditions_of(wanted))
    return _read(conn, statement.order_by(ledger.c.seq).limit(limit))


def select_before(
    conn: Connection, wanted: Selection, before: int | None, limit: int
) -> list[LedgerEntry]:
    """Up to ``limit`` entries of the selection before number ``before`` (None: the last), latest first."""
    statement = select(ledger).where(*conditions_of(wanted))
    if before is not None:
        statement = statement.where(ledger.c.seq < before)
    return _read(conn, statement.order_by(ledger.c.seq.desc()).limit(limit))


def entry_of(row: Row[Any]) -> LedgerEntry:
    """A row of the table, all columns in their order, as an entry."""
    return LedgerEntry(*tuple(row))


def _read(conn: Connection, statement: Select[Any]) -> list[LedgerEntry]:
    try:
        return [entry_of(row) for row in conn.execute(statement)]
    except (ValueError, TypeError, OverflowError) as error:
        # SQLite keeps any type in any column, for whoever writes past this program.
        raise StoreError(
            f"entries of the ledger must be readable; a verification names those that are not, got {error}"
        ) from None


def _about(code: str) -> ColumnElement[bool]:
    subject = ledger.c.subject
    mentioned = select(ledger_mentions.c.seq).where(ledger_mentions.c.code == code)
    return or_(
        subject == code,
        subject.startswith(f"{code}/", autoescape=True),
        subject.endswith(f":{code}", autoescape=True),
        subject.contains(f":{code}/", autoescape=True),
        ledger.c.seq.in_(mentioned),
    )
