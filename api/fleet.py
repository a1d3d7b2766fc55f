"""Read side of trips and events for their routes: rows within reach, places only for who may see them."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Engine, Table, func, select

from api.access import Permit
from api.services import Services
from quotawatt.access.roles import Permission
from quotawatt.errors import NotFoundError
from quotawatt.fleet.book import event_of, trip_of
from quotawatt.fleet.items import event_item, trip_item
from quotawatt.fleet.masking import masked_item, shown_plate
from quotawatt.fleet.trips import Trip, VehicleEvent
from quotawatt.register.model import Register, Vehicle
from quotawatt.spans import Span
from quotawatt.storage.fleet_tables import vehicle_events, vehicle_trips

Row = dict[str, Any]

LATELY = timedelta(days=30)
"""How far a list goes back where nobody says from when."""

_MOST_CODES = 500


@dataclass(frozen=True)
class Vehicles:
    """The vehicles that somebody asks about and may see.

    followed
        Codes, sorted.
    masked
        Those of them that are exempt from tracking.
    """

    followed: tuple[str, ...]
    masked: tuple[Vehicle, ...]


def vehicles_asked(permit: Permit, vehicle: str | None, organisation: str | None) -> Vehicles:
    """The vehicles of a permit's reach: one, those of an organisation and those below it, or all.

    Raises NotFoundError where a code is out of reach.
    """
    register = permit.register
    if vehicle is not None and vehicle not in register.vehicles:
        raise NotFoundError(f"a vehicle must be one of the register, got {vehicle!r}")
    chosen: Collection[str] = register.vehicles if vehicle is None else [vehicle]
    if organisation is not None:
        permit.require(organisation)
        below = set(register.sub_organisations(organisation, "region"))
        chosen = [code for code in chosen if register.vehicles[code].organisation in below]
    exempt = [code for code in chosen if register.vehicles[code].tracking_exempt]
    return Vehicles(
        followed=tuple(sorted(set(chosen) - set(exempt))),
        masked=tuple(register.vehicles[code] for code in sorted(exempt)),
    )


def trip_page(
    services: Services, permit: Permit, asked: Vehicles, span: Span, limit: int, offset: int
) -> Row:
    """Trips that start within the span, the latest first."""
    total, rows = _page(services.records, vehicle_trips, asked, span, (), limit, offset)
    show = shower(services, permit)
    items = [show.trip(trip_of(row)) for row in rows]
    return {"total": total, "items": items, "masked": [masked_item(v) for v in asked.masked]}


def event_page(
    services: Services,
    permit: Permit,
    asked: Vehicles,
    span: Span,
    kinds: Sequence[str],
    limit: int,
    offset: int,
) -> Row:
    """Events that start within the span, the latest first; no kinds: of all kinds."""
    more = [vehicle_events.c.kind.in_(kinds)] if kinds else []
    total, rows = _page(services.records, vehicle_events, asked, span, more, limit, offset)
    show = shower(services, permit)
    items = [show.event(event_of(row)) for row in rows]
    return {"total": total, "items": items, "masked": [masked_item(v) for v in asked.masked]}


@dataclass(frozen=True)
class Shower:
    """Draws rows for one who asks."""

    register: Register
    sees_places: Callable[[str], bool]

    def trip(self, trip: Trip) -> Row:
        """A trip with its vehicle's plate; without its places where those must not be seen."""
        row = {**trip_item(trip), **self._whose(trip.vehicle)}
        if not self.sees_places(trip.vehicle):
            row |= {"start_place": None, "end_place": None}
        return row

    def event(self, event: VehicleEvent) -> Row:
        """An event with its vehicle's plate; without its place where that must not be seen."""
        row = {**event_item(event), **self._whose(event.vehicle)}
        if not self.sees_places(event.vehicle):
            row |= {"place": None, "detail": without_places(row["detail"])}
        return row

    def _whose(self, code: str) -> Row:
        vehicle = self.register.vehicles.get(code)
        organisation = "" if vehicle is None else vehicle.organisation
        return {"plate": shown_plate(vehicle), "organisation": organisation}


def shower(services: Services, permit: Permit) -> Shower:
    """What draws rows for the one who has the permit."""
    kept: dict[str, bool] = {}

    def sees(code: str) -> bool:
        if code not in kept:
            kept[code] = permit.may_also(Permission.TRACKS_READ, code)
        return kept[code]

    return Shower(services.register_source(), sees)


def without_places(detail: Mapping[str, Any]) -> Row:
    """Evidence without what says where it was."""
    hidden = ("latitude", "longitude", "place", "station", "area")
    return {name: value for name, value in detail.items() if not name.startswith(hidden)}


def default_start(now: datetime) -> str:
    """From when lists go where nobody says so."""
    return (now - LATELY).isoformat()


def _page(
    records: Engine,
    table: Table,
    asked: Vehicles,
    span: Span,
    more: Sequence[ColumnElement[bool]],
    limit: int,
    offset: int,
) -> tuple[int, list[Any]]:
    """How many rows there are, and a page of them.

    Of many vehicles the store is not asked by their codes: the rows of others are left out here.
    """
    t = table.c
    conditions = [t.start >= span.start, t.start < span.end, *more]
    order = [t.start.desc(), t.vehicle]
    with records.connect() as conn:
        if len(asked.followed) <= _MOST_CODES:
            conditions.append(t.vehicle.in_(asked.followed))
            count = select(func.count()).select_from(table).where(*conditions)
            total = int(conn.execute(count).scalar_one())
            query = select(table).where(*conditions).order_by(*order).limit(limit).offset(offset)
            return total, list(conn.execute(query).mappings())
        followed = frozenset(asked.followed)
        query = select(table).where(*conditions).order_by(*order)
        rows = [r for r in conn.execute(query).mappings() if r["vehicle"] in followed]
    return len(rows), rows[offset : offset + limit]
