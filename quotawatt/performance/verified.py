"""Savings of a period as one proposes and somebody else verifies them (核证), in the record store.

What is verified is a snapshot: later readings change the live figure only. A correction is another edition of
the same days, and the one before stays. Every function works within the caller's transaction.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, insert, select, update

from quotawatt.errors import InputError, NotFoundError, StateError
from quotawatt.ledger import Ledger
from quotawatt.ledger.entry import canonical_json, sha256_of
from quotawatt.performance.book import LOCK, read_contract
from quotawatt.rulebook.proposal import person_of
from quotawatt.storage.facts import lock_fact
from quotawatt.storage.performance_tables import verified_savings

PROPOSED, VERIFIED, SENT_BACK = "proposed", "verified", "sent_back"


@dataclass(frozen=True, slots=True)
class Verification:
    """Savings of local days ``[first_day, until)``; ``edition`` counts up for the same days of a contract."""

    id: int
    contract: int
    first_day: date
    until: date
    edition: int
    state: str
    content: Mapping[str, Any]
    sha256: str
    note: str
    proposed_by: str
    proposed_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    decision_note: str

    @property
    def number(self) -> str:
        """By which reports name it."""
        return f"EPC-{self.contract}-{self.first_day:%Y%m%d}-{self.edition}"


@dataclass(frozen=True, slots=True)
class Period:
    """Local days of a contract, half-open."""

    contract: int
    first_day: date
    until: date


def propose(
    conn: Connection,
    period: Period,
    content: Mapping[str, Any],
    note: str,
    actor: str,
    at: datetime,
) -> Verification:
    """Put the savings of a period up for verification.

    Raises NotFoundError for an unknown contract; StateError where a proposal of days among them waits, where
    a verified period shares only some of the days, or where the verified edition says the same; InputError
    for content that is not plain JSON, and for a correction without a note.
    """
    text = canonical_json(content)
    lock_fact(conn, LOCK, 0)
    subject = read_contract(conn, period.contract).subject
    before = _standing(conn, period)
    if before is not None:
        if before.sha256 == sha256_of(text):
            raise StateError(f"a correction must differ from what it corrects, got {before.number}")
        if not note.strip():
            raise InputError(f"a correction must say why, got no note on {before.number}")
    row = {
        "contract": period.contract,
        "first_day": period.first_day,
        "until": period.until,
        "edition": _editions(conn, period) + 1,
        "state": PROPOSED,
        "content": text,
        "sha256": sha256_of(text),
        "note": note,
        "proposed_by": actor,
        "proposed_at": at,
        "decision_note": "",
    }
    made = conn.execute(insert(verified_savings).values(row)).inserted_primary_key
    found = read_verification(conn, int(made[0]) if made else 0)
    _tell(conn, "savings_proposed", found, subject, actor, at)
    return found


def decide(
    conn: Connection, number: int, verified: bool, note: str, actor: str, at: datetime
) -> Verification:
    """Verify a proposal or send it back, as somebody else than who proposed it.

    Raises NotFoundError, StateError where it was decided or by who proposed it, and InputError for one that
    is sent back without a note.
    """
    lock_fact(conn, LOCK, 0)
    proposal = read_verification(conn, number)
    if proposal.state != PROPOSED:
        raise StateError(f"savings must be decided once, got {proposal.number}, {proposal.state}")
    if person_of(actor) == person_of(proposal.proposed_by):
        raise StateError(
            f"savings must be verified by somebody else than who proposed them, got {actor}"
        )
    if not verified and not note.strip():
        raise InputError(f"what is sent back must say why, got no note on {proposal.number}")
    state = VERIFIED if verified else SENT_BACK
    values = {"state": state, "decided_by": actor, "decided_at": at, "decision_note": note}
    one = verified_savings.c.id == number
    conn.execute(update(verified_savings).where(one).values(values))
    found = read_verification(conn, number)
    subject = read_contract(conn, found.contract).subject
    _tell(conn, f"savings_{state}", found, subject, actor, at)
    return found


def read_verification(conn: Connection, number: int) -> Verification:
    """The verification of this number. Raises NotFoundError where there is none."""
    query = select(verified_savings).where(verified_savings.c.id == number)
    row = conn.execute(query).mappings().one_or_none()
    if row is None:
        raise NotFoundError(f"verified savings must exist by their number, got {number}")
    return _of(row)


def read_verifications(conn: Connection, contract: int) -> list[Verification]:
    """All of a contract, by first day and edition."""
    t = verified_savings.c
    query = select(verified_savings).where(t.contract == contract)
    query = query.order_by(t.first_day, t.edition, t.id)
    return [_of(row) for row in conn.execute(query).mappings()]


def _standing(conn: Connection, period: Period) -> Verification | None:
    """The verified edition of the very days; None: the days are free. Raises StateError like ``propose``."""
    standing = None
    for one in read_verifications(conn, period.contract):
        if one.until <= period.first_day or period.until <= one.first_day:
            continue
        if one.state == PROPOSED:
            raise StateError(f"a proposal must be decided before another, got {one.number} open")
        same = (one.first_day, one.until) == (period.first_day, period.until)
        if one.state == VERIFIED and not same:
            raise StateError(
                f"days must be verified once, got {period.first_day} to {period.until} "
                f"beside {one.number}, {one.first_day} to {one.until}"
            )
        if one.state == VERIFIED:
            standing = one
    return standing


def _editions(conn: Connection, period: Period) -> int:
    """How many editions of the same first day there are, whatever became of them."""
    found = read_verifications(conn, period.contract)
    return sum(one.first_day == period.first_day for one in found)


def _of(row: RowMapping) -> Verification:
    return Verification(**{**row, "content": json.loads(row["content"])})


def _tell(
    conn: Connection, action: str, found: Verification, subject: str, actor: str, at: datetime
) -> None:
    Ledger(conn.engine).append(
        conn,
        at=at,
        actor=actor,
        action=action,
        subject=subject,
        detail={
            "number": found.number,
            "contract": found.contract,
            "first_day": found.first_day.isoformat(),
            "until": found.until.isoformat(),
            "sha256": found.sha256,
            "note": found.note if found.decided_by is None else found.decision_note,
        },
    )
