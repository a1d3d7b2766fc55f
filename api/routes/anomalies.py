"""Anomalies: what is out of the ordinary, as events. Listing, drawing, and calling one ordinary."""

from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Path, Query, Request
from sqlalchemy import ColumnElement

from analytics.anomalies.event import Likely
from analytics.jobs.anomalybook import call_anomaly, call_ordinary, read_anomaly
from api.access import Permit, needs
from api.anomalies import anomaly_course, anomaly_items, by_urgency
from api.anomaly_schemas import AnomalyDetail, AnomalyItem, AnomalyPage, OrdinaryComment, State
from api.params import Given, LimitParam, OffsetParam, parse_instant, require_asset
from api.queries import page_of_seen_rows
from api.services import Services
from api.tree import Trees
from quotawatt.access.roles import Permission
from quotawatt.errors import NotFoundError
from quotawatt.measures import measure as measure_named
from quotawatt.storage.analytics_tables import anomalies

router = APIRouter(tags=["anomalies"], prefix="/anomalies")

Reader = Annotated[Permit, needs(Permission.RESULTS_READ)]
Officer = Annotated[Permit, needs(Permission.FINDINGS_ACT)]
Number = Annotated[int, Path(ge=1, le=2**63 - 1, description="Number of the anomaly")]


@router.get("", response_model=AnomalyPage)
def list_anomalies(
    request: Request,
    services: Given,
    permit: Reader,
    asset: Annotated[
        str | None, Query(description="Only of this asset and those below it", examples=["BLD-1"])
    ] = None,
    measure: Annotated[str | None, Query(examples=["electricity_import_kwh"])] = None,
    likely: Annotated[list[Likely] | None, Query(description="May be repeated")] = None,
    state: Annotated[
        list[State] | None, Query(description="May be repeated; default open and over")
    ] = None,
    first: Annotated[
        str | None,
        Query(alias="from", description="Only what ends after it: an instant, or a date"),
    ] = None,
    until: Annotated[str | None, Query(description="Only what begins before it")] = None,
    min_confidence: Annotated[float, Query(ge=0, le=1)] = 0.0,
    explained: Annotated[
        bool, Query(description="Also those of totals that an event of a part explains")
    ] = False,
    limit: LimitParam = 100,
    offset: OffsetParam = 0,
) -> dict[str, Any]:
    """Events, those that go on first, with what they most likely are and a sentence about each."""
    conditions = _conditions(services, measure, likely, state, first, until)
    conditions.append(anomalies.c.confidence >= min_confidence)
    if not explained:
        conditions.append(anomalies.c.explained_by.is_(None))
    if asset is not None:
        require_asset(permit.register, asset)
        trees: Trees = request.app.state.trees
        conditions.append(anomalies.c.asset.in_(trees.of(permit.register).under(asset)))
    owner, sees = anomalies.c.asset, permit.sees
    total, rows = page_of_seen_rows(
        services.records, anomalies, owner, sees, conditions, by_urgency(), limit, offset
    )
    return {"total": total, "items": anomaly_items(services, rows)}


@router.get("/{number}", response_model=AnomalyDetail)
def show_anomaly(services: Given, permit: Reader, number: Number) -> dict[str, Any]:
    """One event, whatever its state, with the hours around it to draw."""
    row = _within_reach(services, permit, number)
    return {**_item(services, row), "course": anomaly_course(services, row)}


@router.post("/{number}/ordinary", response_model=AnomalyItem)
def say_ordinary(
    services: Given, permit: Officer, number: Number, body: OrdinaryComment
) -> dict[str, Any]:
    """Say that an event is ordinary, and why. Baselines may learn from it, and it does not come back."""
    _within_reach(services, permit, number)
    at = services.wall_clock()
    row = call_ordinary(services.records, number, permit.actor, body.comment, at)
    return _item(services, row)


@router.post("/{number}/not-ordinary", response_model=AnomalyItem)
def say_not_ordinary(services: Given, permit: Officer, number: Number) -> dict[str, Any]:
    """Take back that an event is ordinary."""
    _within_reach(services, permit, number)
    row = call_anomaly(services.records, number, permit.actor, services.wall_clock())
    return _item(services, row)


def _item(services: Services, row: dict[str, Any]) -> dict[str, Any]:
    return anomaly_items(services, [row])[0]


def _conditions(
    services: Services,
    measure: str | None,
    likely: list[Likely] | None,
    state: list[State] | None,
    first: str | None,
    until: str | None,
) -> list[ColumnElement[bool]]:
    zone = ZoneInfo(services.settings.timezone)
    conditions: list[ColumnElement[bool]] = [anomalies.c.state.in_(state or ["open", "over"])]
    if measure is not None:
        conditions.append(anomalies.c.measure == measure_named(measure).name)
    if likely:
        conditions.append(anomalies.c.likely.in_([kind.value for kind in likely]))
    if first is not None:
        conditions.append(anomalies.c.end > parse_instant(first, "from", zone))
    if until is not None:
        conditions.append(anomalies.c.start < parse_instant(until, "until", zone))
    return conditions


def _within_reach(services: Services, permit: Permit, number: int) -> dict[str, Any]:
    """The row, where the permit holds over its asset."""
    with services.records.connect() as conn:
        row = read_anomaly(conn, number)
    if not permit.sees(row["asset"]):
        raise NotFoundError(f"an anomaly must exist by its number, got {number}")
    return row
