"""Looking at where vehicles are or were: who may, and that it is kept before it is answered."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from starlette.exceptions import HTTPException

from api.access import Permit
from api.services import Services
from quotawatt.access.roles import Permission
from quotawatt.ledger import Ledger
from quotawatt.quantities import POSITION_QUANTITIES

PLACES = POSITION_QUANTITIES - {"speed_kmh"}
"""Quantities that say where a vehicle is; heading and height with them, for with a speed they tell a way."""

_PLACES_OF_ROWS = ("start_place", "end_place", "place")
_LATITUDE = "latitude_deg"


def tell_look(
    services: Services, permit: Permit, action: str, subject: str, detail: dict[str, Any]
) -> None:
    """Put into the ledger that somebody looks, before they see anything."""
    with services.records.begin() as conn:
        Ledger(services.records).append(
            conn,
            at=services.wall_clock(),
            actor=permit.actor,
            action=action,
            subject=subject,
            detail=detail,
        )


def tell_places(
    services: Services,
    permit: Permit,
    subject: str,
    rows: Sequence[Mapping[str, Any]],
    detail: dict[str, Any],
) -> None:
    """Put into the ledger that somebody is shown places in rows of trips, events or deviations, if any is."""
    shown = sum(_has_place(row) for row in rows)
    if shown:
        tell_look(services, permit, "places_read", subject, {**detail, "rows": shown})


def _has_place(row: Mapping[str, Any]) -> bool:
    return any(row.get(name) is not None for name in _PLACES_OF_ROWS) or _LATITUDE in row.get(
        "detail", {}
    )


def require_tracks(permit: Permit, codes: Sequence[str]) -> None:
    """Answer 403 where the one who asks may not see where these vehicles were, or nobody may.

    A code that is none of the register takes the permission over the whole installation.
    """
    vehicles = permit.register.vehicles
    if any(code in vehicles and vehicles[code].tracking_exempt for code in codes):
        raise HTTPException(
            403, f"a vehicle must not be exempt from tracking, got {', '.join(codes)}"
        )
    if not all(permit.may_also(Permission.TRACKS_READ, code) for code in codes):
        needed = Permission.TRACKS_READ.value
        raise HTTPException(
            403, f"what is asked for takes the permission {needed}, got {permit.actor}"
        )


def positions_left_out(permit: Permit, quantities: Collection[str]) -> frozenset[str]:
    """The quantities that the one who asks must not take out: places of vehicles, without ``tracks.read``.

    Answers 403 where such a one is asked for by name.
    """
    if permit.may_also_everywhere(Permission.TRACKS_READ):
        return frozenset()
    if asked := sorted(PLACES.intersection(quantities)):
        needed = Permission.TRACKS_READ.value
        raise HTTPException(
            403,
            f"{', '.join(asked)} takes {needed} over the whole installation, got {permit.actor}",
        )
    return PLACES
