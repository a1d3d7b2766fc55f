"""Health: the one answer that needs no token. Whoever may read the system is told of every part."""

from typing import Any

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException

from api.access import permit_of
from api.auth import COOKIE, authenticate
from api.health import health_report
from api.params import Given
from api.problems import RETRY_AFTER_S, problem_body, problem_response
from api.schemas import Health
from quotawatt.access.roles import Permission

router = APIRouter(tags=["health"])


@router.get("/health", response_model=Health)
def health(request: Request, services: Given) -> Any:
    """Whether all is well. 503 where a store that the api stands on does not answer.

    With the permission system.read also broker, stores, roles and counts; a problem then still tells of the
    `parts`, unless it is the record store that is silent. To others both are null.
    """
    report = health_report(services)
    in_full = _may_read_system(request)
    store = report["parts"]["store"]
    if store["ok"]:
        return report if in_full else {**report, "parts": None, "counts": None}
    told = {"parts": report["parts"]} if in_full else {}
    detail = store["problem"] if in_full else "the series store must answer, it does not"
    problem = problem_body(request, 503, detail, **told)
    return problem_response(problem, {"Retry-After": str(RETRY_AFTER_S)})


def _may_read_system(request: Request) -> bool:
    # Whoever shows nothing is nobody: what asks after health all day must not use up an address's requests.
    if "authorization" not in request.headers and COOKIE not in request.cookies:
        return False
    try:
        permit_of(request, authenticate(request), Permission.SYSTEM_READ)
    except HTTPException:
        return False
    return True
