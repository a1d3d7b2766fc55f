"""What the analyser keeps in the record store beside its marks: findings, requests to recompute."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, select, update

from quotawatt.findings import Finding
from quotawatt.storage.records import upsert
from quotawatt.storage.tables import findings, state

_RECOMPUTE = "recompute"
_KEY_LENGTH = 256

# What tells two findings of one code about one subject apart, where their detail has it.
_KEY_FIELDS = (
    "device", "channel", "quantity", "at", "as_of",
    "quota", "quotas", "target", "year", "base_year", "factor_set", "measures", "region",
)  # fmt: skip


class Request(NamedTuple):
    """A channel of a device whose results no longer follow the register, from an instant on."""

    device: str
    channel: str
    start: datetime


def note_findings(conn: Connection, found: Iterable[Finding], now: datetime) -> int:
    """List findings; one that is listed already was seen again. Returns how many there were."""
    rows = {}
    for finding in found:
        key = finding_key(finding)
        rows[finding.code, finding.subject, key] = {
            "code": finding.code,
            "subject": finding.subject,
            "key": key,
            "detail": dict(finding.detail),
            "first_seen": now,
            "last_seen": now,
        }
    keys, latest = ["code", "subject", "key"], ["detail", "last_seen"]
    upsert(conn, findings, list(rows.values()), keys=keys, update=latest)
    return len(rows)


def finding_key(finding: Finding) -> str:
    """What tells the finding apart from others of its code and subject."""
    parts = (finding.detail.get(name) for name in _KEY_FIELDS)
    return "/".join(str(part) for part in parts if part not in (None, ""))[:_KEY_LENGTH]


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
