"""What people decide of findings: that one may stand, or not after all. The ledger keeps it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, select, update

from quotawatt.errors import InputError, NotFoundError, StateError
from quotawatt.ledger import Ledger
from quotawatt.register.findings_book import ACCEPTED, OPEN
from quotawatt.storage.tables import findings


def read_finding(conn: Connection, number: int) -> dict[str, Any]:
    """The finding of this number. Raises NotFoundError where there is none."""
    row = conn.execute(select(findings).where(findings.c.id == number)).mappings().one_or_none()
    if row is None:
        raise NotFoundError(f"a finding must exist by its number, got {number}")
    return dict(row)


def accept(engine: Engine, number: int, actor: str, reason: str, at: datetime) -> dict[str, Any]:
    """Say that an open finding may stand, and why; the ledger keeps it. Returns the finding.

    Raises NotFoundError for an unknown number, InputError without a reason, and StateError where it is not
    open.
    """
    if not reason.strip():
        raise InputError(f"a finding is accepted with a reason, got {reason!r}")
    values = {
        "state": ACCEPTED,
        "accepted_at": at,
        "accepted_by": actor,
        "reason": reason.strip(),
        "cleared_at": None,
    }
    return _decide(engine, number, OPEN, values, "finding_accepted", actor, at)


def reopen(engine: Engine, number: int, actor: str, at: datetime) -> dict[str, Any]:
    """Take an acceptance back; the ledger keeps it. Returns the finding.

    Raises NotFoundError for an unknown number and StateError where it is not accepted.
    """
    values = {
        "state": OPEN,
        "accepted_at": None,
        "accepted_by": None,
        "reason": "",
        "cleared_at": None,
    }
    return _decide(engine, number, ACCEPTED, values, "finding_reopened", actor, at)


def _decide(
    engine: Engine,
    number: int,
    state: str,
    values: Mapping[str, Any],
    action: str,
    actor: str,
    at: datetime,
) -> dict[str, Any]:
    with engine.begin() as conn:
        conn.execute(select(findings.c.id).where(findings.c.id == number).with_for_update())
        before = read_finding(conn, number)
        if before["state"] != state:
            raise StateError(f"a finding must be {state}, got {number} which is {before['state']}")
        conn.execute(update(findings).where(findings.c.id == number).values(values))
        after = read_finding(conn, number)
        Ledger(engine).append(
            conn,
            at=at,
            actor=actor,
            action=action,
            subject=before["subject"],
            detail={"finding": number, "code": before["code"], "evidence": before["detail"]},
            before=_decision(before),
            after=_decision(after),
        )
    return after


def _decision(row: Mapping[str, Any]) -> dict[str, str]:
    return {"state": row["state"], "reason": row["reason"]}
