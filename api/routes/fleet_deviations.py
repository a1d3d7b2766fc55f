"""What needs an explanation of the use of vehicles: listed with its clause, explained, decided by another."""

from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Path, Query
from sqlalchemy import ColumnElement

from api.access import Permit, needs
from api.fleet_deviations import deviation_item, require_deviation, sees_deviations
from api.fleet_looks import tell_places
from api.fleet_schemas import DecideIn, DeviationOut, DeviationPage, DeviationState, ExplainIn
from api.params import Given, LimitParam, OffsetParam, parse_instant, require_asset
from api.queries import page_of_seen_rows
from api.services import Services
from quotawatt.access.roles import Permission
from quotawatt.explanations.values import Act
from quotawatt.fleet.deviation_states import STANDING
from quotawatt.fleet.deviations_book import decide, explain
from quotawatt.fleet.deviations_kept import KeptDeviation, kept_of
from quotawatt.storage.fleet_tables import vehicle_deviations

router = APIRouter(prefix="/fleet/deviations", tags=["fleet"])

Reader = Annotated[Permit, needs(Permission.RESULTS_READ)]
Officer = Annotated[Permit, needs(Permission.FLEET_EXPLAIN)]
Decider = Annotated[Permit, needs(Permission.FLEET_DECIDE)]
Number = Annotated[int, Path(ge=1, le=2**63 - 1, description="Number of the deviation")]


@router.get("", response_model=DeviationPage)
def list_deviations(
    services: Given,
    permit: Reader,
    vehicle: Annotated[str | None, Query(max_length=64, examples=["CAR-1"])] = None,
    organisation: Annotated[str | None, Query(max_length=64, examples=["ORG-2"])] = None,
    rule: Annotated[str | None, Query(max_length=64, description="Id of a rule")] = None,
    state: Annotated[
        list[DeviationState] | None,
        Query(description="May be repeated; default open, explained and rejected"),
    ] = None,
    first: Annotated[
        str | None, Query(alias="from", description="Only what ends after it: instant or day")
    ] = None,
    until: Annotated[str | None, Query(description="Only what begins before it")] = None,
    limit: LimitParam = 100,
    offset: OffsetParam = 0,
) -> dict[str, Any]:
    """What rules for vehicles found, the latest first, each with the clause that it departs from."""
    t, zone = vehicle_deviations.c, ZoneInfo(services.settings.timezone)
    conditions: list[ColumnElement[bool]] = [t.state.in_(state or STANDING)]
    for code in (vehicle, organisation):
        if code is not None:
            require_asset(permit.register, code)
    conditions += [] if vehicle is None else [t.vehicle == vehicle]
    conditions += [] if rule is None else [t.rule == rule]
    conditions += [] if first is None else [t.end > parse_instant(first, "from", zone)]
    conditions += [] if until is None else [t.start < parse_instant(until, "until", zone)]
    below = _below(permit, organisation)

    def sees(code: str) -> bool:
        return sees_deviations(permit, code) and (below is None or code in below)

    order = [t.start.desc(), t.id.desc()]
    total, rows = page_of_seen_rows(
        services.records, vehicle_deviations, t.vehicle, sees, conditions, order, limit, offset
    )
    items = [deviation_item(kept_of(row), services, permit) for row in rows]
    subject = vehicle or organisation or "fleet"
    tell_places(services, permit, subject, items, {"from": first, "until": until})
    return {"total": total, "items": items}


@router.get("/{number}", response_model=DeviationOut)
def show_deviation(services: Given, permit: Reader, number: Number) -> dict[str, Any]:
    """One deviation, whatever its state."""
    item = deviation_item(require_deviation(services, permit, number), services, permit)
    tell_places(services, permit, item["vehicle"], [item], {"deviation": number})
    return item


@router.post("/{number}/explain", response_model=DeviationOut)
def explain_deviation(
    services: Given, permit: Officer, number: Number, body: ExplainIn
) -> dict[str, Any]:
    """Say why it was; another decides whether that will do."""
    require_deviation(services, permit, number)
    act = Act(permit.actor, services.wall_clock(), body.text)
    with services.records.begin() as conn:
        kept = explain(conn, number, act)
    return _item(kept, services, permit)


@router.post("/{number}/decide", response_model=DeviationOut)
def decide_deviation(
    services: Given, permit: Decider, number: Number, body: DecideIn
) -> dict[str, Any]:
    """Accept or reject the explanation that somebody else wrote."""
    require_deviation(services, permit, number)
    act = Act(permit.actor, services.wall_clock(), body.comment)
    with services.records.begin() as conn:
        kept = decide(conn, number, accept=body.accept, act=act)
    return _item(kept, services, permit)


def _item(kept: KeptDeviation, services: Services, permit: Permit) -> dict[str, Any]:
    return deviation_item(kept, services, permit)


def _below(permit: Permit, organisation: str | None) -> frozenset[str] | None:
    """The vehicles of an organisation and those below it; None: nobody asks by one."""
    if organisation is None:
        return None
    below = set(permit.register.sub_organisations(organisation, "region"))
    vehicles = permit.register.vehicles.items()
    return frozenset(code for code, vehicle in vehicles if vehicle.organisation in below)
