"""The web application: JSON under ``/api/v1``, the console at ``/``."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from fastapi import APIRouter, Depends, FastAPI
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.staticfiles import StaticFiles
from starlette.routing import BaseRoute

from api.auth import Gate, authenticate
from api.casestream import CaseStream
from api.console import (
    access_pages,
    account,
    account_pages,
    anomalies_pages,
    carbon_pages,
    case_pages,
    case_work_pages,
    delivery_pages,
    devices_pages,
    dispatch_pages,
    findings_pages,
    fleet_pages,
    fleet_trip_pages,
    inbox_pages,
    ledger_pages,
    library_pages,
    overuse_pages,
    pages,
    pool_offer_pages,
    pool_pages,
    quota_acts,
    quota_pages,
    register_forms,
    register_import,
    register_pages,
    rules_pages,
    score_pages,
    signin,
    silences_pages,
    statistics_pages,
)
from api.console.drawing import HERE, problem_page
from api.console.kept_uploads import KeptUploads
from api.headers import SecurityHeaders
from api.limits import BodyLimit
from api.problems import install_problem_handlers
from api.responses import COMMON, problems
from api.routes import (
    accounts,
    alerts,
    anomalies,
    assessment,
    asset_operations,
    assets,
    assigned,
    backup,
    baselines,
    budgets,
    carbon,
    case_work,
    cases,
    commands,
    consumption_tree,
    devices,
    dispatch,
    events,
    exchange,
    explain,
    explanations,
    findings,
    fleet_accounts,
    fleet_books,
    fleet_cards,
    fleet_deviations,
    fleet_reports,
    fleet_scores,
    fleet_tracks,
    fleet_trips,
    forecast,
    grants,
    hand,
    hand_ledger,
    health,
    imports,
    jobs,
    keeping,
    ledger,
    me,
    metrics,
    money,
    money_bills,
    moving,
    notifications,
    operations,
    order_matches,
    overuse,
    performance,
    pool,
    public,
    register,
    reports,
    return_filling,
    return_sums,
    returns,
    routing,
    rulebook,
    rules,
    savings,
    scores,
    series,
    sessions,
    silences,
    templates,
    tokens,
    trying,
    users,
)
from api.services import Services
from api.tree import Trees

PREFIX = "/api/v1"

_CONSOLE = (
    pages,
    quota_pages,
    quota_acts,
    carbon_pages,
    library_pages,
    signin,
    account,
    account_pages,
    devices_pages,
    register_import,
    register_forms,
    register_pages,
    findings_pages,
    anomalies_pages,
    overuse_pages,
    pool_pages,
    pool_offer_pages,
    score_pages,
    rules_pages,
    ledger_pages,
    access_pages,
    inbox_pages,
    silences_pages,
    # Before a case by its number.
    statistics_pages,
    case_pages,
    case_work_pages,
    delivery_pages,
    fleet_pages,
    fleet_trip_pages,
    dispatch_pages,
)

_DESCRIPTION = """\
Energy and carbon of public institutions against their quotas and targets.

Instants are UTC in answers; `from`, `until` and `as_of` take ISO 8601 with a time zone, or a date,
which means local midnight. Intervals are half-open, `[start, end)`. Units stand in the names; null
means unknown, never zero. Every error is a problem (RFC 9457): the rule first, then the value.
"""


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
        routes=list(_routes()),
    )
    app.state.services = services
    app.state.gate = Gate(
        services.records, services.settings, services.wall_clock, services.passwords
    )
    app.state.trees = Trees()
    app.state.kept_uploads = KeptUploads()
    app.state.case_stream = CaseStream(services.records)
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    install_problem_handlers(app, problem_page)
    app.add_middleware(GZipMiddleware, minimum_size=2000)
    app.add_middleware(BodyLimit, upload_bytes=services.settings.upload_bytes_limit)
    app.add_middleware(SecurityHeaders)
    return app


@cache
def _routes() -> Sequence[BaseRoute]:
    """Every route. What the framework works out of them takes long: all applications share it."""
    router = APIRouter()
    router.include_router(health.router, prefix=PREFIX, responses=problems(503))
    router.include_router(public.router, prefix=PREFIX, responses=problems(404, 429, 503))
    router.include_router(public.pages)
    guarded: dict[str, Any] = {
        "prefix": PREFIX,
        "dependencies": [Depends(authenticate)],
        "responses": problems(*COMMON),
    }
    for module in (
        assets,
        asset_operations,
        imports,
        register,
        series,
        consumption_tree,
        explain,
        accounts,
        assigned,
        budgets,
        carbon,
        explanations,
        alerts,
        cases,
        case_work,
        events,
        commands,
        silences,
        routing,
        templates,
        devices,
        jobs,
        backup,
        keeping,
        moving,
        notifications,
        operations,
        findings,
        dispatch,
        order_matches,
        # Before what ``fleet`` has by a vehicle's code.
        fleet_cards,
        fleet_books,
        fleet_accounts,
        fleet_reports,
        fleet_scores,
        fleet_deviations,
        fleet_trips,
        fleet_tracks,
        anomalies,
        overuse,
        baselines,
        forecast,
        ledger,
        rulebook,
        rules,
        trying,
        pool,
        hand,
        hand_ledger,
        money,
        money_bills,
        savings,
        performance,
        return_filling,
        return_sums,
        returns,
        exchange,
        scores,
        assessment,
        reports,
        me,
        users,
        grants,
        tokens,
        sessions,
    ):
        router.include_router(module.router, **guarded)
    for module in (metrics, *_CONSOLE):
        router.include_router(module.router)
    return tuple(router.routes)
