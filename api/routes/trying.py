"""Rules tried over history, so that thresholds are chosen by evidence."""

from typing import Annotated, Any

from fastapi import APIRouter

from api.access import Permit, needs
from api.params import Given
from api.trying import tried
from api.trying_schemas import TryIn, TryOut
from quotawatt.access.roles import Permission

router = APIRouter(prefix="/rules", tags=["rules"])

Reader = Annotated[Permit, needs(Permission.RULES_READ)]


@router.post("/try", response_model=TryOut)
def try_over_history(services: Given, permit: Reader, body: TryIn) -> dict[str, Any]:
    """What a rule would have done over a span, with its own threshold or several others side by side.

    The rule is one that counts, or one of the pack that is handed in. Only assets within reach are looked
    at, and nothing is written.
    """
    return tried(services, permit, body)
