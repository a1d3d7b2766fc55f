"""What can be wrong with one entry of the ledger: itself, its place in the chain, and what hangs on it."""

from collections.abc import Collection, Iterable, Iterator

from sqlalchemy import Connection

from quotawatt.errors import InputError
from quotawatt.findings import Finding
from quotawatt.ledger import attachments, wording
from quotawatt.ledger.entry import LedgerEntry, Link

# What reading a row can raise that somebody wrote past this program: SQLite keeps any type in any column.
UNREADABLE = (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError)

_CODES_SHOWN = 10


class Unreadable:
    """A row that does not read as an entry."""

    def __init__(self, seq: int, reason: str) -> None:
        self.seq = seq
        self.reason = reason


Row = LedgerEntry | Unreadable


def fault_of(entry: Row, before: Link) -> Finding | None:
    """What is wrong with the entry that follows ``before``, whose hash is empty where it is not known."""
    subject = f"ledger/{entry.seq}"
    if isinstance(entry, Unreadable):
        return Finding("ledger_altered", subject, {"unreadable": entry.reason})
    try:
        holds = entry.holds()
    except (*UNREADABLE, InputError) as error:
        return Finding("ledger_altered", subject, {"unreadable": str(error)})
    if not holds:
        hashes = {"hash": str(entry.hash), "expected_hash": entry.expected_hash()}
        return Finding("ledger_altered", subject, hashes)
    if before.hash and entry.previous != before.hash:
        named = {"previous": entry.previous, "expected_previous": before.hash}
        return Finding("ledger_broken", subject, named)
    return None


def faults_beside(
    conn: Connection, entry: LedgerEntry, mentioned: Collection[str]
) -> Iterator[Finding]:
    """What is wrong with the attachment of an entry that holds, and with the codes it is found by."""
    subject = f"ledger/{entry.seq}"
    try:
        wanted = _mentions_of(conn, entry)
    except InputError as error:
        yield Finding("ledger_attachment", subject, {"reason": str(error)})
        return
    except UNREADABLE as error:
        # Its hash was made for it, but the ledger never writes such a detail.
        yield Finding("ledger_altered", subject, {"unreadable": str(error)})
        return
    if set(mentioned) != set(wanted):
        yield _mentions_differ(subject, wanted, mentioned)


def _mentions_of(conn: Connection, entry: LedgerEntry) -> list[str]:
    """The codes that the entry holds. Raises InputError where its attachment is missing or altered."""
    named = wording.attachment_named(entry.detail)
    attached = "" if named is None else attachments.fetch(conn, named)
    # Most entries have none, and are spared the parsing.
    if named is None and f'"{wording.MENTIONS}":' not in entry.detail:
        return []
    return [str(code) for code in wording.opened(entry.detail, attached).get(wording.MENTIONS, ())]


def _mentions_differ(subject: str, wanted: Iterable[str], found: Iterable[str]) -> Finding:
    missing, added = set(wanted) - set(found), set(found) - set(wanted)
    return Finding("ledger_mentions", subject, {"missing": _some(missing), "added": _some(added)})


def _some(codes: Iterable[str]) -> str:
    return ", ".join(sorted(map(str, codes))[:_CODES_SHOWN])
