"""What the officer of the system looks after: refused payloads."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from sqlalchemy import FromClause, LargeBinary, func, select

from api.access import Permit, needs
from api.intake_schemas import DeadLetterDetail, DeadLetterPage
from api.params import Given, LimitParam, OffsetParam
from api.queries import group_counts, page_of_rows
from quotawatt.access.roles import Permission
from quotawatt.errors import NotFoundError
from quotawatt.storage.tables import dead_letters

router = APIRouter(tags=["operations"])

Reader = Annotated[Permit, needs(Permission.INTAKE_READ)]

SHOWN_BYTES = 4096
"""So much of a payload is listed."""


@router.get("/deadletters", response_model=DeadLetterPage)
def list_dead_letters(
    services: Given,
    permit: Reader,
    reason: Annotated[str | None, Query(examples=["not_json"])] = None,
    limit: LimitParam = 100,
    offset: OffsetParam = 0,
) -> dict[str, Any]:
    """Payloads that could not become readings, newest first, and how many there are by reason.

    Of each payload the beginning is listed; the letter itself has all that was kept.
    """
    permit.require_everywhere()
    listed = _beginnings()
    conditions = [listed.c.reason == reason] if reason is not None else []
    newest = [listed.c.id.desc()]
    total, rows = page_of_rows(services.records, listed, conditions, newest, limit, offset)
    by_reason = group_counts(services.records, dead_letters.c.reason)
    return {"total": total, "items": [_shown(row) for row in rows], "by_reason": by_reason}


@router.get("/deadletters/{letter_id}", response_model=DeadLetterDetail)
def show_dead_letter(
    services: Given, permit: Reader, letter_id: Annotated[int, Path(ge=1, le=2**63 - 1)]
) -> dict[str, Any]:
    """One of them, with its payload as it came, or as much of it as was kept."""
    permit.require_everywhere()
    mine = [dead_letters.c.id == letter_id]
    _, rows = page_of_rows(services.records, dead_letters, mine, [], 1, 0)
    if not rows:
        raise NotFoundError(f"a dead letter must exist by its number, got {letter_id}")
    kept: bytes = rows[0]["payload"]
    return {**_shown({**rows[0], "kept_bytes": len(kept)}), "payload_hex": kept.hex()}


def _beginnings() -> FromClause:
    """The dead letters with the beginning of their payloads, and how much of each is kept."""
    payload = dead_letters.c.payload
    beginning = func.substr(payload, 1, SHOWN_BYTES, type_=LargeBinary).label("payload")
    others = [column for column in dead_letters.c if column is not payload]
    return select(*others, beginning, func.length(payload).label("kept_bytes")).subquery()


def _shown(row: Mapping[str, Any]) -> dict[str, Any]:
    """The payload as text, bytes that are none as U+FFFD; how many bytes came, and whether all are kept."""
    sent = max(row["kept_bytes"], row["payload_bytes"])
    text = row["payload"].decode("utf-8", errors="replace")
    return {**row, "payload": text, "payload_bytes": sent, "cut": sent > row["kept_bytes"]}
