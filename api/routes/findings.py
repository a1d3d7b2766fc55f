"""Findings: where books, telemetry and norms differ. Listing, accepting, and checking now."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Path, Query
from sqlalchemy import ColumnElement

from analytics.jobs.reconciling import Reconciler
from api.access import Permit, needs
from api.finding_schemas import Acceptance, CheckReport, FindingItem, FindingPage, Severity, State
from api.findinglist import by_importance, finding_item
from api.params import Given, LimitParam, OffsetParam, require_asset
from api.queries import page_of_rows
from api.services import Services
from quotawatt.access.principal import Tree
from quotawatt.access.roles import Permission
from quotawatt.errors import NotFoundError
from quotawatt.ledger import Ledger
from quotawatt.register.findings_decisions import accept, read_finding, reopen
from quotawatt.storage.tables import findings

router = APIRouter(tags=["findings"], prefix="/findings")

Reader = Annotated[Permit, needs(Permission.RESULTS_READ)]
Officer = Annotated[Permit, needs(Permission.FINDINGS_ACT)]
Number = Annotated[int, Path(ge=1, le=2**63 - 1, description="Number of the finding")]


@router.get("", response_model=FindingPage)
def list_findings(
    services: Given,
    permit: Reader,
    state: Annotated[list[State] | None, Query(description="May be repeated; default open")] = None,
    code: Annotated[list[str] | None, Query(examples=[["meter_silent"]])] = None,
    source: Annotated[str | None, Query(description="Who found it", examples=["register"])] = None,
    severity: Annotated[list[Severity] | None, Query(description="May be repeated")] = None,
    subject: Annotated[str | None, Query(examples=["MTR-1"])] = None,
    organisation: Annotated[
        str | None, Query(description="Only those that it, or one below it, answers for")
    ] = None,
    tree: Annotated[Tree, Query(description="By which parent 'below' is meant")] = "region",
    limit: LimitParam = 100,
    offset: OffsetParam = 0,
) -> dict[str, Any]:
    """What differs and stands, the gravest first, with evidence, words and what to do.

    What belongs to no organisation yet is listed only to whoever reads the whole installation.
    """
    conditions: list[ColumnElement[bool]] = [findings.c.state.in_(state or ["open"])]
    if organisation is not None:
        require_asset(permit.register, organisation)
        below = services.register_source().sub_organisations(organisation, tree)
        conditions.append(findings.c.organisation.in_(below))
    if not permit.everywhere:
        conditions.append(findings.c.organisation.in_(list(permit.register.organisations)))
    several = {findings.c.code: code, findings.c.severity: severity}
    conditions += [column.in_(values) for column, values in several.items() if values]
    one = {findings.c.source: source, findings.c.subject: subject}
    conditions += [column == value for column, value in one.items() if value is not None]
    order = by_importance()
    total, rows = page_of_rows(services.records, findings, conditions, order, limit, offset)
    return {"total": total, "items": list(_items(services, rows))}


@router.get("/{number}", response_model=FindingItem)
def show_finding(services: Given, permit: Reader, number: Number) -> dict[str, Any]:
    """One finding, whatever its state."""
    return _item(services, _within_reach(services, permit, number))


@router.post("/check", response_model=CheckReport)
def check_register(services: Given, permit: Officer) -> dict[str, Any]:
    """Compare the register with telemetry now, as it is done once a day, and bring the list up to date."""
    at = services.clock()
    reconciler = Reconciler(
        services.series,
        services.records,
        services.register_source,
        services.rulebook,
        services.settings,
    )
    report = asdict(reconciler.run(at))
    with services.records.begin() as conn:
        Ledger(services.records).append(
            conn,
            at=services.wall_clock(),
            actor=permit.actor,
            action="register_checked",
            subject="register",
            detail={"as_of": at.isoformat(), **report},
        )
    return report


@router.post("/{number}/accept", response_model=FindingItem)
def accept_finding(
    services: Given, permit: Officer, number: Number, body: Acceptance
) -> dict[str, Any]:
    """Say that a finding may stand, and why. It is not listed again, however often it is found."""
    _within_reach(services, permit, number)
    at = services.wall_clock()
    return _item(services, accept(services.records, number, permit.actor, body.reason, at))


@router.post("/{number}/reopen", response_model=FindingItem)
def reopen_finding(services: Given, permit: Officer, number: Number) -> dict[str, Any]:
    """Take an acceptance back."""
    _within_reach(services, permit, number)
    return _item(services, reopen(services.records, number, permit.actor, services.wall_clock()))


def _within_reach(services: Services, permit: Permit, number: int) -> dict[str, Any]:
    """The finding, where the permit holds over the organisation that answers for it."""
    with services.records.connect() as conn:
        row = read_finding(conn, number)
    if not permit.everywhere and row["organisation"] not in permit.register.organisations:
        raise NotFoundError(f"a finding must exist by its number, got {number}")
    return row


def _item(services: Services, row: dict[str, Any]) -> dict[str, Any]:
    return next(_items(services, [row]))


def _items(services: Services, rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    register, zone = services.register_source(), ZoneInfo(services.settings.timezone)
    return (finding_item(row, register, zone) for row in rows)
