"""What an evaluation leaves beside the alerts: entries of the ledger, and findings."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection

from alerts.engine.looking import Empty
from alerts.engine.repository import Change
from quotawatt.findings import Finding
from quotawatt.ledger import Deed, Ledger
from quotawatt.register.findings_book import report_findings
from quotawatt.register.model import Register

ACTOR = "alerts"
"""Who the ledger names for what the service does by itself."""

EMPTY_DENOMINATOR = "rule_denominator_empty"


def record(conn: Connection, ledger: Ledger, changes: Sequence[Change], now: datetime) -> None:
    """Append what happened to the alerts, each event by its name after ``alert_``."""
    deeds = [
        Deed(
            at=now,
            actor=ACTOR,
            action=f"alert_{event}",
            subject=f"{change.alert.rule}:{change.alert.subject}",
            detail=_detail(change),
        )
        for change in changes
        for event in change.events
    ]
    ledger.append_many(conn, deeds)


def note_empty_denominators(
    conn: Connection, empty: Collection[Empty], register: Register, now: datetime
) -> None:
    """Report the whole set of denominators that are empty; what is none any more is cleared."""
    found = [
        Finding(EMPTY_DENOMINATOR, one.asset, {"rule": one.rule, "measures": one.per})
        for one in sorted(empty)
    ]
    report_findings(conn, ACTOR, found, register, now, [EMPTY_DENOMINATOR])


def _detail(change: Change) -> dict[str, object]:
    alert = change.alert
    said: dict[str, object] = {"value": alert.state.value, "evidence": dict(alert.evidence)}
    if alert.state.severity is not None:
        said["severity"] = alert.state.severity
    return {**said, "note": dict(change.note)} if change.note else said
