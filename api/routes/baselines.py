"""Baselines: what is expected of which series, how well it is known, and what was used beside it."""

from dataclasses import asdict
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from fastapi import APIRouter, Query, Request

from analytics.baselines.series import Interval
from analytics.consumption.points import Wiring
from analytics.grid import Key
from analytics.jobs.baselining import require_learnt
from analytics.jobs.expecting import COURSE, current_baseline, expected_course
from analytics.jobs.hand import own_points
from analytics.totals.tree import Tree
from api.access import Permit, needs
from api.baseline_schemas import (
    BaselinePage,
    BaselineVersions,
    ExpectedCourse,
    Listed,
    RefitRequest,
)
from api.findinglist import named
from api.intake_schemas import JobState
from api.params import (
    FromParam,
    Given,
    LimitParam,
    OffsetParam,
    UntilParam,
    parse_span,
    require_asset,
    require_max_span,
    zone_of_subject,
)
from api.services import Services
from api.tree import Trees
from quotawatt.access.roles import Permission
from quotawatt.errors import InputError
from quotawatt.ledger import Ledger
from quotawatt.measures import measure as measure_named
from quotawatt.register.model import Register
from quotawatt.storage.baselines import BaselineKey, BaselineVersion, newest, versions_of
from quotawatt.storage.jobs import REFIT, add_job, read_job

router = APIRouter(tags=["baselines"], prefix="/baselines")

MAX_HOURS_DAYS = 92
MAX_DAYS = 400

Reader = Annotated[Permit, needs(Permission.RESULTS_READ)]
Officer = Annotated[Permit, needs(Permission.FINDINGS_ACT)]
SubjectParam = Annotated[
    str, Query(description="A meter, a building, or an item of one", examples=["BLD-1"])
]
MeasureParam = Annotated[str, Query(examples=["electricity_import_kwh"])]


@router.get("", response_model=BaselinePage)
def list_baselines(
    request: Request,
    services: Given,
    permit: Reader,
    asset: Annotated[
        str | None, Query(description="Only of this asset and those below it", examples=["BLD-1"])
    ] = None,
    measure: Annotated[str | None, Query(examples=["electricity_import_kwh"])] = None,
    state: Annotated[Listed | None, Query(description="Only in this state")] = None,
    limit: LimitParam = 100,
    offset: OffsetParam = 0,
) -> dict[str, Any]:
    """The newest version of each baseline, or why there is none, by subject and measure."""
    wanted = None if measure is None else measure_named(measure).name
    under = None
    if asset is not None:
        require_asset(permit.register, asset)
        trees: Trees = request.app.state.trees
        under = set(trees.of(permit.register).under(asset))
    with services.records.connect() as conn:
        found = [one for one in newest(conn) if permit.sees(_asset(one.key.subject))]
    chosen = [
        one
        for one in found
        if (wanted is None or one.key.measure == wanted)
        and (state is None or one.state == state)
        and (under is None or _asset(one.key.subject) in under)
    ]
    register = services.register_source()
    page = chosen[offset : offset + limit]
    return {"total": len(chosen), "items": [_item(register, one) for one in page]}


@router.get("/versions", response_model=BaselineVersions)
def list_versions(
    services: Given, permit: Reader, subject: SubjectParam, measure: MeasureParam
) -> dict[str, Any]:
    """Every version of one baseline that is kept: which models were tried, how they fit, what they saw."""
    key = _key(services, permit, subject, measure)
    with services.records.connect() as conn:
        found = versions_of(conn, BaselineKey(*key))
    register = services.register_source()
    return {"items": [_item(register, one) for one in found]}


@router.get("/expected", response_model=ExpectedCourse)
def read_expected(
    services: Given,
    permit: Reader,
    subject: SubjectParam,
    measure: MeasureParam,
    first: FromParam,
    until: UntilParam = None,
    interval: Annotated[Interval, Query(description="hour or day")] = Interval.DAY,
) -> dict[str, Any]:
    """What was used beside what the current baseline expects, with the band of ordinary use (90 %).

    Hours of at most 92 days, days of at most 400. The band of a day is its own: bands of hours do not add
    up, as deviations partly cancel.
    """
    key = _key(services, permit, subject, measure)
    if interval is Interval.MONTH:
        raise InputError(f"an interval must be hour or day, got {interval.value!r}")
    register, zone = services.register_source(), ZoneInfo(services.settings.timezone)
    own_zone = zone_of_subject(register, subject, services.settings)
    span = parse_span(first, until, own_zone, services.clock())
    require_max_span(span, MAX_HOURS_DAYS if interval is Interval.HOUR else MAX_DAYS)
    version, fitted = current_baseline(services.records, key)
    with services.records.connect() as conn:
        tree = Tree(Wiring(register), zone, own_points(conn))
    course = expected_course(services.series, tree, key, fitted, span, interval)
    return {
        **key._asdict(),
        "unit": measure_named(measure).unit,
        "interval": interval,
        "timezone": own_zone.key,
        "version": version.version,
        "kind": fitted.kind,
        "items": _items(course),
    }


@router.post("/refit", status_code=202, response_model=JobState)
def refit(services: Given, permit: Officer, body: RefitRequest) -> dict[str, Any]:
    """Have a baseline learnt anew from what is known now, as after an anomaly was called ordinary.

    The analyser does it at its next turn; the answer names a job to ask after. Where the data are the same,
    the same version stands.
    """
    key = _key(services, permit, body.subject, body.measure)
    at = services.wall_clock()
    with services.records.begin() as conn:
        number = add_job(conn, REFIT, key._asdict(), permit.actor, at)
        Ledger(services.records).append(
            conn,
            at=at,
            actor=permit.actor,
            action="baseline_refit_asked",
            subject=key.subject,
            detail={"job": number, "measure": key.measure},
        )
        return asdict(read_job(conn, number))


def _key(services: Services, permit: Permit, subject: str, measure: str) -> Key:
    """The series, where the permit holds over its asset and it is one that has baselines."""
    asset = _asset(subject)
    permit.require(asset)
    register = services.register_source()
    require_asset(register, asset)
    key = Key(subject, measure_named(measure).name)
    require_learnt(register, key)
    return key


def _asset(subject: str) -> str:
    return subject.partition("/")[0]


def _item(register: Register, one: BaselineVersion) -> dict[str, Any]:
    name = {language: named(register, one.key.subject, language) for language in ("zh", "en")}
    unit = measure_named(one.key.measure).unit
    return {**vars(one), **one.key._asdict(), "name": name, "unit": unit}


def _items(course: pd.DataFrame) -> list[dict[str, Any]]:
    columns = {
        name: [float(v) if np.isfinite(v) else None for v in course[name]] for name in COURSE
    }
    return [
        {"start": start.to_pydatetime(), **{name: columns[name][n] for name in COURSE}}
        for n, start in enumerate(course.index)
    ]
