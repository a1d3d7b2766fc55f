"""What the officer of the system looks after: refused payloads, unknown devices, findings, ledger."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Query

from api.params import Given, LimitParam, OffsetParam
from api.queries import page_of_rows
from api.schemas import LedgerVerdict, Page
from quotawatt.ledger import Ledger
from quotawatt.storage.tables import dead_letters, findings, seen_devices

router = APIRouter(tags=["operations"])


@router.get("/deadletters", response_model=Page)
def list_dead_letters(
    services: Given,
    reason: Annotated[str | None, Query(examples=["not_json"])] = None,
    limit: LimitParam = 100,
    offset: OffsetParam = 0,
) -> dict[str, Any]:
    """Payloads that could not become readings, newest first; kept as they came."""
    conditions = [dead_letters.c.reason == reason] if reason is not None else []
    newest = [dead_letters.c.id.desc()]
    total, rows = page_of_rows(services.records, dead_letters, conditions, newest, limit, offset)
    return {"total": total, "items": [_with_text(row) for row in rows]}


def _with_text(row: Mapping[str, Any]) -> dict[str, Any]:
    """The payload as text; bytes that are none show as U+FFFD, and its size is told."""
    payload: bytes = row["payload"]
    text = payload.decode("utf-8", errors="replace")
    return {**row, "payload": text, "payload_bytes": len(payload)}


@router.get("/seen-devices", response_model=Page)
def list_seen_devices(
    services: Given, limit: LimitParam = 100, offset: OffsetParam = 0
) -> dict[str, Any]:
    """Devices that send and that no binding knows, latest first. Their readings are stored all the same."""
    order = [seen_devices.c.last_seen.desc(), seen_devices.c.device, seen_devices.c.channel]
    total, rows = page_of_rows(services.records, seen_devices, [], order, limit, offset)
    return {"total": total, "items": rows}


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
