"""Health: the one answer that needs no token."""

from typing import Any

from fastapi import APIRouter, Request

from api.health import health_report
from api.params import Given
from api.problems import RETRY_AFTER_S, problem_body, problem_response
from api.schemas import Health

router = APIRouter(tags=["health"])


@router.get("/health", response_model=Health)
def health(request: Request, services: Given) -> Any:
    """Broker, stores, roles and counts. 503 where a store that the api stands on does not answer.

    The problem then still tells of the other `parts`, unless it is the record store that is silent.
    """
    report = health_report(services)
    store = report["parts"]["store"]
    if store["ok"]:
        return report
    problem = problem_body(request, 503, store["problem"], parts=report["parts"])
    return problem_response(problem, {"Retry-After": str(RETRY_AFTER_S)})
