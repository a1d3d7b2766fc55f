"""Looking at where vehicles are or were: who may, and that it is kept before it is answered."""

from typing import Any

from starlette.exceptions import HTTPException

from api.access import Permit
from api.services import Services
from quotawatt.access.roles import Permission
from quotawatt.ledger import Ledger

PLACES = frozenset({"latitude_deg", "longitude_deg"})
"""Quantities that say where a vehicle is."""


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


def require_tracks(permit: Permit, codes: list[str]) -> None:
    """Answer 403 where the one who asks may not see where these vehicles were."""
    if not all(permit.may_also(Permission.TRACKS_READ, code) for code in codes):
        needed = Permission.TRACKS_READ.value
        raise HTTPException(
            403, f"what is asked for takes the permission {needed}, got {permit.actor}"
        )
