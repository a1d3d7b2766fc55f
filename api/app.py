"""The web application: JSON under ``/api/v1``, the console at ``/``."""

from typing import Any

from fastapi import APIRouter, Depends, FastAPI
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.staticfiles import StaticFiles

from api.auth import Gate, authenticate
from api.console import pages
from api.headers import SecurityHeaders
from api.problems import PROBLEM_JSON, install_problem_handlers
from api.routes import (
    accounts,
    alerts,
    assets,
    devices,
    health,
    jobs,
    metrics,
    operations,
    series,
)
from api.schemas import Problem
from api.services import Services

PREFIX = "/api/v1"

_DESCRIPTION = """\
Energy and carbon of public institutions against their quotas and targets.

Instants are UTC in answers; `from`, `until` and `as_of` take ISO 8601 with a time zone, or a date,
which means local midnight. Intervals are half-open, `[start, end)`. Units stand in the names; null
means unknown, never zero. Every error is a problem (RFC 9457): the rule first, then the value.
"""

_PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {
        "description": text,
        "content": {PROBLEM_JSON: {"schema": Problem.model_json_schema()}},
    }
    for status, text in {
        401: "No valid token or session",
        403: "A change from the console without its page's token",
        404: "Nothing goes by that code or number",
        409: "What is asked does not fit the present state",
        422: "Something handed in breaks a rule",
        503: "A store does not answer; try again later",
    }.items()
}


def create_app(services: Services) -> FastAPI:
    """The application over these services; it starts nothing and owns nothing.

    Raises SettingError where no token is set.
    """
    app = FastAPI(
        title="Quotawatt",
        version="1",
        description=_DESCRIPTION,
        openapi_url=f"{PREFIX}/openapi.json",
        # The framework's own pages load scripts from elsewhere.
        docs_url=None,
        redoc_url=None,
    )
    app.state.services = services
    app.state.gate = Gate(services.settings.api_token.get_secret_value(), services.wall_clock)
    app.include_router(health.router, prefix=PREFIX, responses=_only(503))
    guarded = APIRouter(prefix=PREFIX, dependencies=[Depends(authenticate)], responses=_PROBLEMS)
    for module in (assets, series, accounts, alerts, devices, jobs, operations):
        guarded.include_router(module.router)
    app.include_router(guarded)
    app.include_router(metrics.router)
    app.include_router(pages.router)
    app.mount("/static", StaticFiles(directory=pages.HERE / "static"), name="static")
    install_problem_handlers(app, pages.problem_page)
    app.add_middleware(GZipMiddleware, minimum_size=2000)
    app.add_middleware(SecurityHeaders)
    return app


def _only(*statuses: int) -> dict[int | str, dict[str, Any]]:
    return {status: _PROBLEMS[status] for status in statuses}
