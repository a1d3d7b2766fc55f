"""What is kept for how long: how far it has come, and asking for it now."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter

from api.access import Permit, needs
from api.moving_schemas import Kept
from api.params import Given
from quotawatt.access.roles import Permission
from quotawatt.keeping.standing import ask_to_keep, standing
from quotawatt.ledger import Ledger

router = APIRouter(prefix="/keeping", tags=["keeping"])


@router.get("", response_model=Kept)
def read_keeping(
    services: Given, permit: Annotated[Permit, needs(Permission.SYSTEM_READ)]
) -> dict[str, Any]:
    """Which readings and results the settings keep no longer, and what of it is gone."""
    permit.require_everywhere()
    return _standing(services)


@router.post("/run", status_code=202, response_model=Kept)
def ask_keeping(
    services: Given, permit: Annotated[Permit, needs(Permission.INTAKE_ACT)]
) -> dict[str, Any]:
    """Have the analysis let go of it at its next turn, rather than at night."""
    permit.require_everywhere()
    with services.records.begin() as conn:
        ask_to_keep(conn)
        Ledger(services.records).append(
            conn,
            at=services.wall_clock(),
            actor=permit.actor,
            action="keeping_asked",
            subject="keeping",
            detail={},
        )
    return _standing(services)


def _standing(services: Given) -> dict[str, Any]:
    with services.records.connect() as conn:
        found = standing(conn, services.settings, services.register_source(), services.clock())
    return asdict(found)
