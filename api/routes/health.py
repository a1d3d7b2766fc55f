"""Health: the one answer that needs no token."""

from typing import Any

from fastapi import APIRouter

from api.health import health_report
from api.params import Given
from api.schemas import Health

router = APIRouter(tags=["health"])


@router.get("/health", response_model=Health)
def health(services: Given) -> dict[str, Any]:
    """Broker, stores, roles and counts. 503 where a store that the api stands on does not answer."""
    return health_report(services)
