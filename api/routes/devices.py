"""Seen devices: those that send what no binding names. Listing, adopting and forgetting them."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query

from api.auth import Actor
from api.params import Given, LimitParam, OffsetParam
from api.queries import page_of_rows
from api.schemas import Adopted, AdoptionRequest, ForgetRequest, Forgotten, Page
from quotawatt.clock import require_utc
from quotawatt.register.adoption import adopt, forget
from quotawatt.register.model import Register
from quotawatt.storage.tables import seen_devices

router = APIRouter(tags=["devices"], prefix="/seen-devices")


@router.get("", response_model=Page)
def list_seen_devices(
    services: Given,
    device: Annotated[str | None, Query(description="Only this one")] = None,
    limit: LimitParam = 100,
    offset: OffsetParam = 0,
) -> dict[str, Any]:
    """Devices that send what no binding names, latest first, with what they offer.

    Of a device that is not known to the register nothing is stored: its messages are `kept`, and taken in
    once it is adopted; `dropped` had to go for the newer ones. Of a known one the unbound channels are
    listed.
    """
    order = [seen_devices.c.last_seen.desc(), seen_devices.c.device]
    wanted = [seen_devices.c.device == device] if device is not None else []
    total, rows = page_of_rows(services.records, seen_devices, wanted, order, limit, offset)
    register = services.register_source()
    return {"total": total, "items": [_shown(row, register) for row in rows]}


@router.post("/adopt", response_model=Adopted)
def adopt_device(services: Given, actor: Actor, body: AdoptionRequest) -> dict[str, Any]:
    """Bind channels of a seen device to assets: all of them or, where a rule is broken, none.

    `valid_from` defaults to the first reading that was kept. `job` takes in what was kept, and can be
    asked after under `/jobs`.
    """
    start = None if body.valid_from is None else _instant(body.valid_from)
    wanted = [channel.model_dump() for channel in body.channels]
    adopted = adopt(services.records, body.device, wanted, start, actor, services.wall_clock())
    return {"device": body.device, **asdict(adopted)}


@router.post("/forget", response_model=Forgotten)
def forget_device(services: Given, actor: Actor, body: ForgetRequest) -> dict[str, Any]:
    """Take a device from the list, with the messages kept of it. When it sends again it is listed again."""
    kept = forget(services.records, body.device, actor, services.wall_clock())
    return {"device": body.device, "messages": kept}


def _instant(given: datetime) -> datetime:
    return require_utc(given, "valid_from")


def _shown(row: Mapping[str, Any], register: Register) -> dict[str, Any]:
    """The payload as text; bytes that are none show as U+FFFD."""
    text = row["payload"].decode("utf-8", errors="replace")
    return {**row, "payload": text, "known": row["device"] in register.bound_channels}
