"""The state of the ledger's chain: verified when and by whom, and the heads that were signed of it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from itertools import chain
from typing import Any

from api.services import Services
from quotawatt.errors import NotFoundError
from quotawatt.findings import Finding
from quotawatt.ledger import GENESIS, Ledger, LedgerEntry
from quotawatt.ledger.entry import START
from quotawatt.ledger.heads import SignedHead, check_heads, missing_days, read_heads
from quotawatt.ledger.keys import signing_key
from quotawatt.ledger.outside import head_folders
from quotawatt.ledger.selection import Selection

VERIFIED = "ledger_verified"


@dataclass(frozen=True)
class HeadsState:
    """The signed heads that lie in the folders of the settings.

    heads
        Each once, the latest first.
    missing
        Days (UTC) since the first of which there is none.
    findings
        What does not agree with the chain, or is none; empty: all agree.
    """

    heads: Sequence[SignedHead]
    missing: Sequence[date]
    findings: Sequence[Finding]


def last_verification(services: Services) -> LedgerEntry | None:
    """The entry of the last time that the chain was verified and put down; None: never."""
    found = Ledger(services.records).latest(Selection(action=VERIFIED), 1)
    return found[0] if found else None


def verify_and_note(services: Services, actor: str, at: datetime) -> Mapping[str, Any]:
    """Walk the whole chain, and put down who did so and what came of it. Returns what was put down."""
    book = Ledger(services.records)
    walked = book.walk(START)
    said = {
        "holds": not walked.findings,
        "entries": walked.end.seq,
        "hash": walked.end.hash,
        "faults": [asdict(finding) for finding in walked.findings],
    }
    with services.records.begin() as conn:
        book.append(conn, at=at, actor=actor, action=VERIFIED, subject="ledger", detail=said)
    return said


def heads_state(services: Services, at: datetime) -> HeadsState:
    """The signed heads, held against the chain as it is now.

    Raises InputError where a folder of the settings cannot be read, and like ``signing_key``.
    """
    settings = services.settings
    folders = [folder for folder in head_folders(settings) if folder.is_dir()]
    read = list(chain.from_iterable(read_heads(folder) for folder in folders))
    known = {head for _, head in read if isinstance(head, SignedHead)}
    heads = sorted(known, key=lambda head: (head.at, head.key), reverse=True)
    if not read:
        return HeadsState([], [], [])
    key = signing_key(settings.home, settings.ledger_key_file).public
    book = Ledger(services.records)
    return HeadsState(
        heads=heads,
        missing=missing_days(heads, at.date()),
        findings=check_heads(read, [key], lambda count: _hash_at(book, count)),
    )


def _hash_at(book: Ledger, count: int) -> str | None:
    if count == 0:
        return GENESIS
    try:
        return book.entry(count).hash
    except NotFoundError:
        return None
