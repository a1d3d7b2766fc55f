"""Metrics of the process for Prometheus, in its text format."""

from fastapi import APIRouter, Request
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.responses import Response

from api.auth import authenticate
from api.params import Given

router = APIRouter(tags=["health"])


@router.get("/metrics", include_in_schema=False)
def metrics(request: Request, services: Given) -> Response:
    """The metrics of this process and the heartbeats of all.

    They need the token as everything does, unless the setting ``metrics_public`` says otherwise.
    """
    if not services.settings.metrics_public:
        authenticate(request)
    return Response(generate_latest(services.registry), media_type=CONTENT_TYPE_LATEST)
