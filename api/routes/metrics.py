"""Metrics of the process for Prometheus, in its text format."""

from typing import Annotated

from fastapi import APIRouter
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.responses import Response

from api.access import needs_unless
from api.params import Given
from quotawatt.access.roles import Permission

router = APIRouter(tags=["health"])


@router.get("/metrics", include_in_schema=False)
def metrics(
    services: Given,
    _: Annotated[object, needs_unless(lambda s: s.metrics_public, Permission.SYSTEM_READ)],
) -> Response:
    """The metrics of this process and the heartbeats of all; setting ``metrics_public`` opens them to all."""
    return Response(generate_latest(services.registry), media_type=CONTENT_TYPE_LATEST)
