"""Confirmations: that an organisation has earned a share of an item's points, with the evidence.

A confirmation is never changed; a later one for the same item stands in its place.
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from quotawatt.errors import InputError, NotFoundError
from quotawatt.ledger import Ledger
from quotawatt.rulebook.assessment import Scheme
from quotawatt.storage.assessment_tables import assessment_confirmations

_BASIS = "confirmed"
_LONGEST_EVIDENCE = 2000


@dataclass(frozen=True, slots=True)
class Confirmation:
    """``share`` (0..1) of the points of an item of a scheme; ``evidence`` says what shows it."""

    organisation: str
    year: int
    scheme: str
    item: str
    share: float
    evidence: str


def confirm(
    conn: Connection, scheme: Scheme, given: Confirmation, actor: str, at: datetime
) -> None:
    """Keep a confirmation and put it in the ledger.

    Raises NotFoundError for an item that the scheme does not have, and InputError for one that is not
    confirmed by people, a share outside 0 to 1, and evidence that is blank or too long.
    """
    item = next((item for item in scheme.items if item.id == given.item), None)
    if item is None:
        raise NotFoundError(f"an item must be one of {scheme.id}, got {given.item!r}")
    if item.basis != _BASIS:
        raise InputError(f"an item must be one that people confirm, got {item.id} by {item.basis}")
    if not 0 <= given.share <= 1:
        raise InputError(f"a share must lie in 0 to 1, got {given.share}")
    if not 0 < len(given.evidence.strip()) <= _LONGEST_EVIDENCE:
        raise InputError(
            f"evidence must have 1 to {_LONGEST_EVIDENCE} characters, got {len(given.evidence)}"
        )
    row = {**asdict(given), "confirmed_by": actor, "confirmed_at": at}
    conn.execute(insert(assessment_confirmations).values(row))
    Ledger(conn.engine).append(
        conn,
        at=at,
        actor=actor,
        action="assessment_confirmed",
        subject=given.organisation,
        detail={k: v for k, v in asdict(given).items() if k != "organisation"},
    )


def confirmations(
    conn: Connection, scheme: str, year: int, organisation: str = ""
) -> list[dict[str, Any]]:
    """The confirmations that stand for a scheme and year, by organisation and item (empty: of all)."""
    t = assessment_confirmations.c
    chosen = select(assessment_confirmations).where(t.scheme == scheme, t.year == year)
    if organisation:
        chosen = chosen.where(t.organisation == organisation)
    newest = {
        (row.organisation, row.item): dict(row._mapping)
        for row in conn.execute(chosen.order_by(t.id))
    }
    return [newest[key] for key in sorted(newest)]
