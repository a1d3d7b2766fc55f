"""Deviations as answers show them: the rule's words, its clause, the figures, what people said."""

from typing import Any

from api.access import Permit
from api.citations import both, cited_clause
from api.fleet import without_places
from api.services import Services
from quotawatt.access.roles import Permission
from quotawatt.errors import NotFoundError
from quotawatt.fleet.deviations_kept import KeptDeviation, deviations_within, read
from quotawatt.fleet.masking import shown_plate
from quotawatt.fleet.trips import Trip
from quotawatt.spans import INSTANT, Span

Row = dict[str, Any]


def deviation_item(kept: KeptDeviation, services: Services, permit: Permit) -> Row:
    """One deviation; without places for who may not see tracks."""
    one = kept.deviation
    vehicle = services.register_source().vehicles.get(one.vehicle)
    rule = services.rulebook.vehicle_rules.get(one.rule)
    sees = permit.may_also(Permission.TRACKS_READ, one.vehicle)
    return {
        "number": kept.number,
        "rule": one.rule,
        "title": {} if rule is None else both(rule.title),
        "cites": [] if rule is None else [cited_clause(services.rulebook, rule.cites)],
        "vehicle": one.vehicle,
        "plate": shown_plate(vehicle),
        "organisation": "" if vehicle is None else vehicle.organisation,
        "start": one.start,
        "end": one.end,
        "trip": one.trip,
        "value": one.value,
        "limit": one.limit,
        "unit": one.unit,
        "detail": dict(one.detail) if sees else without_places(one.detail),
        "state": kept.state,
        "found_at": kept.found_at,
        "explanation": kept.explanation,
        "explained_by": kept.explained_by,
        "explained_at": kept.explained_at,
        "decided_by": kept.decided_by,
        "decided_at": kept.decided_at,
        "decision_note": kept.decision_note,
    }


def deviations_of_trip(services: Services, permit: Permit, trip: Trip) -> list[Row]:
    """What needs an explanation of a trip."""
    with services.records.connect() as conn:
        found = deviations_within(conn, Span(trip.start, trip.end + INSTANT), {trip.vehicle})
    return [deviation_item(kept, services, permit) for kept in found]


def require_deviation(services: Services, permit: Permit, number: int) -> KeptDeviation:
    """The deviation of this number. Raises NotFoundError where there is none that can be seen."""
    with services.records.connect() as conn:
        kept = read(conn, number)
    if not sees_deviations(permit, kept.deviation.vehicle):
        raise NotFoundError(f"a deviation must exist by its number, got {number}")
    return kept


def sees_deviations(permit: Permit, code: str) -> bool:
    """Whether the vehicle is within reach, and one that may be followed."""
    vehicle = permit.register.vehicles.get(code)
    return permit.sees(code) and (vehicle is None or not vehicle.tracking_exempt)
