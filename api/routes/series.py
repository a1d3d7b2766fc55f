"""Readings as devices gave them, and consumption as it was computed from them."""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from api.access import Permit, needs
from api.fleet_looks import PLACES, require_tracks, tell_look
from api.params import (
    FromParam,
    Given,
    UntilParam,
    parse_measures,
    parse_span,
    require_asset,
    require_max_span,
    require_size,
    zone_of_subject,
)
from api.queries import consumption_series, readings_of_asset, readings_of_device
from api.schemas import Consumption, ReadingList
from api.services import Services
from quotawatt.access.roles import Permission
from quotawatt.errors import InputError, NotFoundError
from quotawatt.quantities import quantity as known_quantity
from quotawatt.readings import Grain, SeriesKey
from quotawatt.register.model import Register
from quotawatt.spans import Span

router = APIRouter(tags=["series"])

MAX_READING_DAYS = 92

Reader = Annotated[Permit, needs(Permission.RESULTS_READ)]


@router.get("/readings", response_model=ReadingList)
def list_readings(
    services: Given,
    permit: Reader,
    quantity: Annotated[str, Query(examples=["electricity_import_kwh"])],
    first: FromParam,
    until: UntilParam = None,
    asset: Annotated[str | None, Query(description="Code; its bindings say which devices")] = None,
    device: Annotated[str | None, Query(description="Identity as the device gave it")] = None,
    channel: Annotated[str, Query(description="Phase or socket, with device")] = "",
    limit: Annotated[int, Query(ge=1, le=20_000)] = 1000,
) -> dict[str, Any]:
    """Readings of an asset's point, or of a device's channel, within at most 92 days.

    Positions take the permission ``tracks.read`` besides, and that they were looked at is in the ledger.
    """
    if (asset is None) == (device is None):
        raise InputError(
            f"either asset or device must be given, got asset {asset!r} and device {device!r}"
        )
    known_quantity(quantity)
    register = services.register_source()
    zone = zone_of_subject(register, asset or "", services.settings)
    span = parse_span(first, until, zone, services.clock())
    require_max_span(span, MAX_READING_DAYS)
    if asset is not None:
        permit.require(asset)
        require_asset(register, asset)
        _look(services, permit, asset, [asset], quantity, span)
        items, next_from = readings_of_asset(
            services.series, register, asset, quantity, span, limit
        )
    else:
        _require_device(register, permit, str(device), channel)
        fed = sorted({binding.asset for binding in register.bindings_on(str(device), channel)})
        _look(services, permit, str(device), fed or [str(device)], quantity, span)
        key = SeriesKey(str(device), channel, quantity)
        items, next_from = readings_of_device(services.series, key, span, limit)
    return {"items": items, "next_from": next_from}


def _look(
    services: Services, permit: Permit, subject: str, assets: list[str], quantity: str, span: Span
) -> None:
    """Where a vehicle was is for those who may see tracks, and a look at it is told first."""
    if quantity in PLACES:
        require_tracks(permit, assets)
        detail = {"from": span.start.isoformat(), "until": span.end.isoformat(), "why": ""}
        tell_look(services, permit, "track_read", subject, {**detail, "quantity": quantity})


def _require_device(register: Register, permit: Permit, device: str, channel: str) -> None:
    """Raise NotFoundError unless all that the device's channel ever fed is within reach."""
    fed = register.bindings_on(device, channel)
    if not permit.everywhere and not (fed and all(permit.sees(b.asset) for b in fed)):
        raise NotFoundError(f"a device must be bound to an asset within reach, got {device!r}")


@router.get("/consumption", response_model=Consumption)
def read_consumption(
    services: Given,
    permit: Reader,
    subject: Annotated[
        str, Query(description="An asset's code, or ASSET/ACCOUNT", examples=["BLD-1"])
    ],
    first: FromParam,
    measure: Annotated[
        list[str],
        Query(min_length=1, description="May be repeated", examples=["electricity_import_kwh"]),
    ],
    grain: Annotated[Grain, Query(description="Length of an interval")] = Grain.DAY,
    until: UntilParam = None,
) -> dict[str, Any]:
    """Intervals with quality and coverage, and their total.

    Days and months are those of the subject's time zone. An interval belongs to the span when it
    starts within it.
    """
    register = services.register_source()
    permit.require(subject.partition("/")[0])
    require_asset(register, subject.partition("/")[0])
    names = parse_measures(measure)
    zone = zone_of_subject(register, subject, services.settings)
    span = parse_span(first, until, zone, services.clock())
    require_size(span, grain, len(names))
    return {
        "subject": subject,
        "grain": grain,
        "from_": span.start,
        "until": span.end,
        "timezone": zone.key,
        "series": consumption_series(services.series, subject, names, grain, span),
    }
