"""What the officer of the system looks after: refused payloads, findings, ledger."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query

from api.params import Given, LimitParam, OffsetParam
from api.queries import group_counts, page_of_rows
from api.schemas import DeadLetterPage, LedgerVerdict, Page
from quotawatt.errors import NotFoundError
from quotawatt.ledger import Ledger
from quotawatt.storage.tables import dead_letters, findings

router = APIRouter(tags=["operations"])


@router.get("/deadletters", response_model=DeadLetterPage)
def list_dead_letters(
    services: Given,
    reason: Annotated[str | None, Query(examples=["not_json"])] = None,
    limit: LimitParam = 100,
    offset: OffsetParam = 0,
) -> dict[str, Any]:
    """Payloads that could not become readings, newest first; kept as they came, and how many by reason."""
    conditions = [dead_letters.c.reason == reason] if reason is not None else []
    newest = [dead_letters.c.id.desc()]
    total, rows = page_of_rows(services.records, dead_letters, conditions, newest, limit, offset)
    by_reason = group_counts(services.records, dead_letters.c.reason)
    return {"total": total, "items": [_with_text(row) for row in rows], "by_reason": by_reason}


def _with_text(row: Mapping[str, Any]) -> dict[str, Any]:
    """The payload as text, bytes that are none as U+FFFD; how many bytes came, and whether all are kept."""
    payload: bytes = row["payload"]
    sent = max(len(payload), row["payload_bytes"])
    text = payload.decode("utf-8", errors="replace")
    return {**row, "payload": text, "payload_bytes": sent, "cut": sent > len(payload)}


@router.get("/deadletters/{letter_id}")
def show_dead_letter(
    services: Given, letter_id: Annotated[int, Path(ge=1, le=2**63 - 1)]
) -> dict[str, Any]:
    """One of them."""
    mine = [dead_letters.c.id == letter_id]
    _, rows = page_of_rows(services.records, dead_letters, mine, [], 1, 0)
    if not rows:
        raise NotFoundError(f"a dead letter must exist by its number, got {letter_id}")
    return _with_text(rows[0])


@router.get("/findings", response_model=Page)
def list_findings(
    services: Given,
    code: Annotated[str | None, Query(examples=["counter_reset"])] = None,
    subject: Annotated[str | None, Query(examples=["MTR-1"])] = None,
    limit: LimitParam = 100,
    offset: OffsetParam = 0,
) -> dict[str, Any]:
    """Problems met in data, latest first."""
    wanted = {findings.c.code: code, findings.c.subject: subject}
    conditions = [column == value for column, value in wanted.items() if value is not None]
    order = [findings.c.last_seen.desc(), findings.c.id.desc()]
    total, rows = page_of_rows(services.records, findings, conditions, order, limit, offset)
    return {"total": total, "items": rows}


@router.get("/ledger/verify", response_model=LedgerVerdict)
def verify_ledger(services: Given) -> dict[str, Any]:
    """Walk the hash chain; the first entry that was altered, or a cut, is named."""
    found = Ledger(services.records).verify()
    return {"ok": not found, "findings": [asdict(f) for f in found]}
