"""What the analyser keeps in the record store beside its marks: findings, requests to recompute."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, select, update

from quotawatt.findings import Finding
from quotawatt.register import findings_book
from quotawatt.register.model import Register
from quotawatt.storage.tables import state

_RECOMPUTE = "recompute"

SOURCE = "analysis"
"""What the analyser's findings go by."""

# The check of books against telemetry says it once, for all quotas that wait for the same figure.
_SAID_ELSEWHERE = frozenset({"denominator_missing"})


ACCOUNT_CODES = frozenset({"use_missing", "base_value_missing", "quota_ambiguous"})
"""What is found by drawing up the yearly accounts, of all assets at once, and by nothing else."""


class Request(NamedTuple):
    """A channel of a device whose results no longer follow the register, from an instant on."""

    device: str
    channel: str
    start: datetime


def note_findings(
    conn: Connection, found: Iterable[Finding], register: Register, now: datetime
) -> int:
    """List findings; one that is listed already was seen again. Returns how many there were."""
    own = [finding for finding in found if finding.code not in _SAID_ELSEWHERE]
    return findings_book.note_findings(conn, SOURCE, own, register, now)


def report_accounts(
    conn: Connection, found: Iterable[Finding], register: Register, now: datetime
) -> int:
    """List why accounts are missing by the newest ones; what keeps none back any more is cleared.

    Returns how many findings there were.
    """
    own = [finding for finding in found if finding.code in ACCOUNT_CODES]
    findings_book.report_findings(conn, SOURCE, own, register, now, ACCOUNT_CODES)
    return len(own)


def recompute_requests(conn: Connection) -> list[Request]:
    """What changes of the register ask to be computed anew."""
    return [
        Request(str(r["device"]), str(r["channel"]), datetime.fromisoformat(r["from"]))
        for r in _requests(conn)
    ]


def drop_requests(conn: Connection, done: Sequence[Request]) -> None:
    """Remove the requests that were met; what was asked for meanwhile stays."""
    kept = [
        r
        for r in _requests(conn)
        if Request(str(r["device"]), str(r["channel"]), datetime.fromisoformat(r["from"]))
        not in done
    ]
    conn.execute(update(state).where(state.c.name == _RECOMPUTE).values(value=kept))


def _requests(conn: Connection) -> list[dict[str, str]]:
    query = select(state.c.value).where(state.c.name == _RECOMPUTE).with_for_update()
    found: list[dict[str, str]] | None = conn.execute(query).scalar_one_or_none()
    return found or []
