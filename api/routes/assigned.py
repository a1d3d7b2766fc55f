"""Assigned targets (下达指标) and revised quotas (核定调整): who set what for a year, version by version."""

from datetime import date
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Path, Query, Request
from sqlalchemy import Connection

from api import assigned
from api.access import Permit, needs
from api.assigned_schemas import (
    CascadeList,
    RevisionIn,
    RevisionList,
    RevisionOut,
    TargetImport,
    TargetList,
    TargetsIn,
    TargetsSet,
)
from api.importing import Upload
from api.params import AsOfParam, Given, parse_instant, require_asset
from api.services import Services
from api.uploading import FORM, uploaded_file
from quotawatt.access.roles import Permission
from quotawatt.assigned.book import add_versions, assigned_targets, problems_of, quota_revisions
from quotawatt.assigned.cascade import Cascade
from quotawatt.assigned.tablefile import read_targets
from quotawatt.assigned.values import AssignedTarget, QuotaRevision, in_force
from quotawatt.settings import Language
from quotawatt.spans import INSTANT, local_date

router = APIRouter(tags=["quotas"])

Reader = Annotated[Permit, needs(Permission.RESULTS_READ)]
Decider = Annotated[Permit, needs(Permission.QUOTAS_DECIDE)]
YearParam = Annotated[
    int | None, Query(ge=2000, le=2100, description="Default: the year that is judged")
]
AssetPath = Annotated[str, Path(max_length=64, description="An organisation's or building's code")]
QuotaPath = Annotated[str, Path(max_length=128, description="A quota of the rulebook")]


async def _uploaded(request: Request, permit: Decider) -> Upload:
    return await uploaded_file(request)


@router.get("/assigned", response_model=TargetList)
def list_targets(
    services: Given,
    permit: Reader,
    year: YearParam = None,
    as_of: AsOfParam = None,
    asset: Annotated[str | None, Query(max_length=64)] = None,
    history: Annotated[bool, Query(description="All versions, not those of one day")] = False,
) -> dict[str, Any]:
    """Targets of a year as they count on a day, or with all their versions."""
    day, judged = _judged(services, year, as_of)
    with services.records.connect() as conn:
        known = assigned_targets(conn, judged)
    seen = [t for t in known if permit.sees(t.asset) and asset in (None, t.asset)]
    items = seen if history else in_force(seen, day)
    return {"year": judged, "as_of": day, "items": _targets(items, services)}


@router.get("/assigned/cascade", response_model=CascadeList)
def list_cascades(
    services: Given, permit: Reader, year: YearParam = None, as_of: AsOfParam = None
) -> dict[str, Any]:
    """How each unit passed its targets on: its own, the sum below, what is not yet assigned."""
    day, judged = _judged(services, year, as_of)
    with services.records.connect() as conn:
        found = assigned.cascades_of(conn, services, judged, day)
    items = [assigned.cascade_item(one, services) for one in found if permit.sees(one.assigner)]
    return {"year": judged, "as_of": day, "items": items}


@router.post("/assigned", response_model=TargetsSet, status_code=201)
def assign_targets(services: Given, permit: Decider, body: TargetsIn) -> dict[str, Any]:
    """Assign targets, or revise them by another version; all of them or none.

    A sum below that exceeds the unit's own target is not refused: it is answered, and a finding.
    """
    for one in body.targets:
        permit.require(one.assigner or one.asset)
    wishes = [assigned.target_wish(one, row) for row, one in enumerate(body.targets, start=1)]
    setting = assigned.setting_of(services, permit)
    added, over = assigned.assign(services, wishes, setting, permit.actor)
    targets = [one for one in added if isinstance(one, AssignedTarget)]
    return {"items": _targets(targets, services), "over": _over(over, services, permit)}


@router.post("/assigned/import", response_model=TargetImport, openapi_extra=FORM)
def import_targets(
    services: Given,
    permit: Decider,
    upload: Annotated[Upload, Depends(_uploaded)],
    dry_run: Annotated[bool, Query(description="Only work out what would be done")] = True,
    language: Annotated[Language | None, Query(alias="lang")] = None,
) -> dict[str, Any]:
    """A workbook or CSV file of targets, a row each.

    What stands against it is in `problems`, and then nothing is done.
    """
    read = read_targets(upload.name, upload.data)
    setting, words = assigned.setting_of(services, permit), language or services.settings.language
    with services.records.connect() as conn:
        problems = [*read.problems, *problems_of(conn, read.wishes, setting)]
    applied = not (dry_run or problems)
    over: list[Cascade] = []
    if applied:
        _, over = assigned.assign(services, read.wishes, setting, permit.actor)
    return {
        "applied": applied,
        "added": 0 if problems else len(read.wishes),
        "problems": [assigned.problem_item(problem, words) for problem in problems],
        "over": _over(over, services, permit),
    }


@router.get("/quota/{asset}/{quota}/revisions", response_model=RevisionList)
def list_revisions(
    services: Given, permit: Reader, asset: AssetPath, quota: QuotaPath, year: YearParam = None
) -> dict[str, Any]:
    """How a quota was revised for an asset in a year, all versions."""
    permit.require(asset)
    _, judged = _judged(services, year, None)
    with services.records.connect() as conn:
        return {"items": _revisions(conn, services, asset, quota, judged)}


@router.post("/quota/{asset}/{quota}/revisions", response_model=RevisionOut, status_code=201)
def revise_quota(
    services: Given, permit: Decider, asset: AssetPath, quota: QuotaPath, body: RevisionIn
) -> dict[str, Any]:
    """Set another constraint value for one asset and year by a decision; it counts from its day on."""
    permit.require(asset)
    require_asset(services.register_source(), asset)
    wish = assigned.revision_wish(asset, quota, body)
    setting = assigned.setting_of(services, permit)
    with services.records.begin() as conn:
        (added,) = add_versions(conn, [wish], setting, permit.actor, services.wall_clock())
    assert isinstance(added, QuotaRevision)
    return assigned.revision_item(added, services)


def _judged(services: Services, year: int | None, as_of: str | None) -> tuple[date, int]:
    """The day whose versions count, and the year; a day outside of the year is its nearest one."""
    zone = ZoneInfo(services.settings.timezone)
    at = services.clock() if as_of is None else parse_instant(as_of, "as_of", zone)
    day = local_date(at - INSTANT, zone)
    judged = day.year if year is None else year
    return assigned.day_in(judged, day), judged


def _targets(targets: list[AssignedTarget], services: Services) -> list[dict[str, Any]]:
    return [assigned.target_item(target, services) for target in targets]


def _over(over: list[Cascade], services: Services, permit: Permit) -> list[dict[str, Any]]:
    return [assigned.cascade_item(one, services) for one in over if permit.sees(one.assigner)]


def _revisions(
    conn: Connection, services: Services, asset: str, quota: str, year: int
) -> list[dict[str, Any]]:
    found = [r for r in quota_revisions(conn, year) if (r.asset, r.quota) == (asset, quota)]
    return [assigned.revision_item(revision, services) for revision in found]
