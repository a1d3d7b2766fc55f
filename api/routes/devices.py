"""Seen devices: those that send what no binding names. Listing, adopting and forgetting them."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query
from sqlalchemy import Engine

from api.access import Permit, needs
from api.intake_schemas import (
    Adopted,
    AdoptionRequest,
    ForgetRequest,
    Forgotten,
    SeenDevicePage,
)
from api.params import Given, LimitParam, OffsetParam, parse_instant
from api.queries import page_of_rows
from quotawatt.access.roles import Permission
from quotawatt.register.adoption import Wish, adopt, forget
from quotawatt.register.csvfolder import csv_text
from quotawatt.register.model import Register
from quotawatt.storage.tables import dead_letters, seen_devices

router = APIRouter(tags=["devices"], prefix="/seen-devices")

Doer = Annotated[Permit, needs(Permission.INTAKE_ACT)]


@router.get("", response_model=SeenDevicePage)
def list_seen_devices(
    services: Given,
    permit: Annotated[Permit, needs(Permission.INTAKE_READ)],
    device: Annotated[str | None, Query(description="Only this one")] = None,
    limit: LimitParam = 100,
    offset: OffsetParam = 0,
) -> dict[str, Any]:
    """Devices that send what no binding names, latest first, with what they offer.

    Of a device that is not known to the register nothing is stored: its messages are `kept`, and taken in
    once it is adopted; `dropped` had to go for the newer ones. Of a known one the unbound channels are
    listed. Messages of no known family are dead letters: only their number is said.
    """
    permit.require_everywhere()
    order = [seen_devices.c.last_seen.desc(), seen_devices.c.device]
    wanted = [seen_devices.c.device == device] if device is not None else []
    total, rows = page_of_rows(services.records, seen_devices, wanted, order, limit, offset)
    register = services.register_source()
    return {
        "total": total,
        "items": [_shown(row, register) for row in rows],
        "unknown_family": _unknown_family(services.records),
    }


@router.post("/adopt", response_model=Adopted)
def adopt_device(services: Given, permit: Doer, body: AdoptionRequest) -> dict[str, Any]:
    """Bind channels of a seen device to assets: all of them or, where a rule is broken, none.

    `valid_from` defaults to the first reading that is kept or stored. Where another device feeds an asset
    with the same quantity, `if_fed` must say what becomes of it. `job` takes in what was kept, and can be
    asked after under `/jobs`.
    """
    permit.require_everywhere()
    zone = ZoneInfo(services.settings.timezone)
    start = None
    if body.valid_from is not None:
        # A date begins where the first asset is.
        there = services.register_source().zone_of_asset(body.channels[0].asset)
        start = parse_instant(body.valid_from, "valid_from", there or zone)
    wanted = [channel.model_dump() for channel in body.channels]
    wish = Wish(body.device, wanted, start, body.if_fed)
    at = services.wall_clock()
    adopted = adopt(services.records, services.series, wish, permit.actor, at, zone, services.near)
    rows = csv_text("bindings", [*adopted.ended, *adopted.bindings])
    return {"device": body.device, **asdict(adopted), "csv": rows}


@router.post("/forget", response_model=Forgotten)
def forget_device(services: Given, permit: Doer, body: ForgetRequest) -> dict[str, Any]:
    """Take a device from the list, with the messages kept of it. When it sends again it is listed again."""
    permit.require_everywhere()
    kept = forget(services.records, body.device, permit.actor, services.wall_clock())
    return {"device": body.device, "messages": kept}


def _unknown_family(records: Engine) -> dict[str, Any]:
    """How many messages no profile fitted, and the topic of the last."""
    fits_none = [dead_letters.c.reason == "no_profile"]
    order = [dead_letters.c.id.desc()]
    count, rows = page_of_rows(records, dead_letters, fits_none, order, 1, 0)
    return {"messages": count, "topic": rows[0]["topic"] if rows else None}


def _shown(row: Mapping[str, Any], register: Register) -> dict[str, Any]:
    """The payload as text; bytes that are none show as U+FFFD."""
    text = row["payload"].decode("utf-8", errors="replace")
    return {**row, "payload": text, "known": row["device"] in register.bound_channels}
