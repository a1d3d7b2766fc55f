"""What the analyser keeps in the record store beside its marks: findings, requests to recompute."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, select, update

from quotawatt.findings import Finding
from quotawatt.register import findings_book
from quotawatt.register.model import Register
from quotawatt.storage.facts import lock_fact, put_fact, read_fact
from quotawatt.storage.tables import state

_RECOMPUTE = "recompute"
_ACCOUNTED = "accounts_drawn_up"

SOURCE = "analysis"
"""What the analyser's findings go by."""

# The check of books against telemetry says it once, for all quotas that wait for the same figure.
_SAID_ELSEWHERE = frozenset({"denominator_missing"})


ACCOUNT_CODES = frozenset(
    {
        *("use_missing", "base_value_missing", "quota_ambiguous", "quota_none"),
        *("partly_metered", "heating_season_missing", "share_incomplete", "correction_unknown"),
        *("account_factor_missing", "account_grid_region_ambiguous", "account_grid_factor_missing"),
    }
)
"""What is found by drawing up the yearly accounts, of all assets at once, and by nothing else."""


class Request(NamedTuple):
    """A channel of a device whose results no longer follow the register, from an instant on.

    Without a device: everything, as a recomputation that was begun and may have been broken off.
    """

    device: str
    channel: str
    start: datetime

    @property
    def is_everything(self) -> bool:
        """Whether all results are asked for, accounts included."""
        return not self.device


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


def ask_recompute(conn: Connection, request: Request) -> None:
    """Ask for it; what is asked for already stays."""
    lock_fact(conn, _RECOMPUTE, [])
    asked = {
        "device": request.device,
        "channel": request.channel,
        "from": request.start.isoformat(),
    }
    put_fact(conn, _RECOMPUTE, [*(r for r in _requests(conn) if r != asked), asked])


def accounted_until(conn: Connection) -> datetime | None:
    """The last midnight as of which yearly accounts were drawn up and are durable; None: none yet."""
    text = read_fact(conn, _ACCOUNTED, "")
    return datetime.fromisoformat(text) if text else None


def note_accounted(conn: Connection, known: datetime | None, midnight: datetime | None) -> None:
    """Accounts up to ``midnight`` are durable; ``known`` is what ``accounted_until`` said before."""
    if midnight is not None and midnight != known:
        lock_fact(conn, _ACCOUNTED, "")
        put_fact(conn, _ACCOUNTED, midnight.isoformat())


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
