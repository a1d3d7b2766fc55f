"""The vehicles' books: drivers, the duty list, seals and services."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Path, Query

from api.access import Permit, needs
from api.fleet_book_schemas import (
    DriverIn,
    DriverList,
    DriverOut,
    DutyIn,
    DutyList,
    DutyOut,
    SealIn,
    SealList,
    SealOut,
    ServiceIn,
    ServiceList,
    ServiceOut,
    UnsealIn,
)
from api.params import Given, parse_instant, parse_span, today_of
from api.services import Services
from quotawatt.access.roles import Permission
from quotawatt.dispatch import drivers, duty, seals
from quotawatt.dispatch import services as services_book
from quotawatt.dispatch.records import Driver, DutyEntry, Seal, Service
from quotawatt.errors import InputError, NotFoundError
from quotawatt.register.model import Vehicle
from quotawatt.spans import local_date

router = APIRouter(prefix="/fleet", tags=["fleet"])

Reader = Annotated[Permit, needs(Permission.RESULTS_READ)]
Writer = Annotated[Permit, needs(Permission.FLEET_WRITE)]
Decider = Annotated[Permit, needs(Permission.DISPATCH_DECIDE)]
DriverCode = Annotated[str, Path(max_length=64, pattern=r"^[A-Za-z0-9._-]+$")]
VehicleCode = Annotated[str, Path(max_length=64, description="Code of the vehicle")]
Number = Annotated[int, Path(ge=1, le=2**63 - 1)]
VehicleParam = Annotated[str | None, Query(max_length=64, description="Default: all within reach")]
FirstParam = Annotated[
    str, Query(alias="from", max_length=64, description="Instant, or a local date: its midnight")
]
UntilParam = Annotated[
    str | None, Query(max_length=64, description="Not included; default: far ahead")
]
_FIRST, _LAST = "2000-01-01", "2199-01-01"


@router.get("/drivers", response_model=DriverList)
def list_drivers(services: Given, permit: Reader) -> dict[str, Any]:
    """Drivers of organisations within reach."""
    with services.records.connect() as conn:
        found = drivers.read_drivers(conn)
    return {"items": [asdict(one) for one in found if permit.sees(one.organisation)]}


@router.put("/drivers/{code}", response_model=DriverOut)
def put_driver(services: Given, permit: Writer, code: DriverCode, body: DriverIn) -> dict[str, Any]:
    """Enter a driver, or what is known of one anew. Who drives no more is set inactive."""
    permit.require(body.organisation)
    with services.records.begin() as conn:
        for known in drivers.read_drivers(conn):
            if known.code == code:
                permit.require(known.organisation)
        driver = Driver(code=code, **body.model_dump())
        kept = drivers.put_driver(conn, driver, permit.actor, services.clock())
    return asdict(kept)


@router.get("/duty", response_model=DutyList)
def list_duty(
    services: Given,
    permit: Reader,
    vehicle: VehicleParam = None,
    first: FirstParam = _FIRST,
    until: UntilParam = None,
) -> dict[str, Any]:
    """The approved duty list: vehicles that may drive while the others stand sealed."""
    days = _days(services, first, until)
    with services.records.connect() as conn:
        found = duty.duty_entries(conn, *days, _wanted(vehicle), withdrawn=True)
    return _seen(permit, found)


@router.post("/duty", response_model=DutyOut, status_code=201)
def add_duty(services: Given, permit: Decider, body: DutyIn) -> dict[str, Any]:
    """Let a vehicle drive on days on which the others stand sealed."""
    _require_vehicle(services, permit, body.vehicle)
    now = services.clock()
    with services.records.begin() as conn:
        kept = duty.add_duty(
            conn, body.vehicle, body.first_day, body.until, body.reason, permit.actor, now
        )
    return asdict(kept)


@router.post("/duty/{number}/withdraw", response_model=DutyOut)
def withdraw_duty(services: Given, permit: Decider, number: Number) -> dict[str, Any]:
    """Take an entry of the duty list back; it stays listed."""
    with services.records.begin() as conn:
        permit.require(duty.read_duty(conn, number).vehicle)
        return asdict(duty.withdraw_duty(conn, number, permit.actor, services.clock()))


@router.get("/seals", response_model=SealList)
def list_seals(
    services: Given,
    permit: Reader,
    vehicle: VehicleParam = None,
    first: FirstParam = _FIRST,
    until: UntilParam = None,
) -> dict[str, Any]:
    """Seals that held at some time of the span, with the odometer before and after."""
    span = parse_span(first, until or _LAST, _zone(services), services.clock())
    with services.records.connect() as conn:
        found = seals.seals_between(conn, span.start, span.end, _wanted(vehicle))
    return _seen(permit, found)


@router.post("/seals", response_model=SealOut, status_code=201)
def seal(services: Given, permit: Writer, body: SealIn) -> dict[str, Any]:
    """Put a vehicle out of use (封存)."""
    _require_vehicle(services, permit, body.vehicle)
    now = services.clock()
    at = _instant(services, body.at, now)
    wanted = Seal(0, body.vehicle, at, permit.actor, body.odometer_km, note=body.note)
    with services.records.begin() as conn:
        return asdict(seals.add_seal(conn, wanted, now))


@router.post("/seals/{vehicle}/unseal", response_model=SealOut)
def unseal(services: Given, permit: Writer, vehicle: VehicleCode, body: UnsealIn) -> dict[str, Any]:
    """Put a sealed vehicle into use again (启封)."""
    permit.require(vehicle)
    now = services.clock()
    at = _instant(services, body.at, now)
    with services.records.begin() as conn:
        return asdict(seals.unseal(conn, vehicle, at, body.odometer_km, permit.actor, now))


@router.get("/services", response_model=ServiceList)
def list_services(
    services: Given,
    permit: Reader,
    vehicle: VehicleParam = None,
    first: FirstParam = _FIRST,
    until: UntilParam = None,
) -> dict[str, Any]:
    """Maintenance, repair, insurance and the like, those taken back included."""
    days = _days(services, first, until)
    with services.records.connect() as conn:
        found = services_book.services_between(conn, *days, _wanted(vehicle), withdrawn=True)
    return _seen(permit, found)


@router.post("/services", response_model=ServiceOut, status_code=201)
def add_service(services: Given, permit: Writer, body: ServiceIn) -> dict[str, Any]:
    """Put down what was done to a vehicle or paid for it."""
    _require_vehicle(services, permit, body.vehicle)
    if body.day > today_of(services):
        raise InputError(f"the day of a service must not lie in the future, got {body.day}")
    wanted = Service(
        id=0, entered_by=permit.actor, entered_at=services.clock(), **body.model_dump()
    )
    with services.records.begin() as conn:
        return asdict(services_book.add_service(conn, wanted))


@router.post("/services/{number}/withdraw", response_model=ServiceOut)
def withdraw_service(services: Given, permit: Writer, number: Number) -> dict[str, Any]:
    """Say that a service does not count; it stays listed."""
    with services.records.begin() as conn:
        permit.require(services_book.read_service(conn, number).vehicle)
        kept = services_book.withdraw_service(conn, number, permit.actor, services.clock())
    return asdict(kept)


def _require_vehicle(services: Services, permit: Permit, code: str) -> None:
    """Raise NotFoundError for what is no vehicle within reach, InputError for an exempt one."""
    permit.require(code)
    vehicle = services.register_source().assets.get(code)
    if not isinstance(vehicle, Vehicle):
        raise NotFoundError(f"a vehicle must be one of the register, got {code!r}")
    if vehicle.tracking_exempt:
        raise InputError(f"a vehicle must not be exempt from tracking, got {code}")


def _seen(permit: Permit, found: list[DutyEntry] | list[Seal] | list[Service]) -> dict[str, Any]:
    return {"items": [asdict(one) for one in found if permit.sees(one.vehicle)]}


def _wanted(vehicle: str | None) -> list[str] | None:
    return None if vehicle is None else [vehicle]


def _zone(services: Services) -> ZoneInfo:
    return ZoneInfo(services.settings.timezone)


def _instant(services: Services, told: str | None, now: datetime) -> datetime:
    return now if told is None else parse_instant(told, "at", _zone(services))


def _days(services: Services, first: str, until: str | None) -> tuple[date, date]:
    zone = _zone(services)
    span = parse_span(first, until or _LAST, zone, services.clock())
    return local_date(span.start, zone), local_date(span.end, zone)
