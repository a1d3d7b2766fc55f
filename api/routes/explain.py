"""Why an hour has the figure it has, and whether the hours add up to what the meters show."""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from analytics.grid import Key
from api.access import Permit, needs
from api.explain_schemas import AuditOut, ExplanationOut
from api.explaining import Explainer
from api.params import (
    FromParam,
    Given,
    UntilParam,
    parse_instant,
    parse_span,
    require_asset,
    require_max_span,
    zone_of_subject,
)
from quotawatt.access.roles import Permission
from quotawatt.errors import InputError
from quotawatt.quantities import COUNTERS, quantity
from quotawatt.spans import HOUR, Span, ceil_hour, floor_hour

router = APIRouter(tags=["series"])

MAX_EXPLAINED_DAYS = 2
MAX_AUDITED_DAYS = 366

Reader = Annotated[Permit, needs(Permission.RESULTS_READ)]
SubjectParam = Annotated[
    str, Query(description="Code of a meter, building, ...", examples=["MTR-1"])
]
MeasureParam = Annotated[str, Query(description="A counter's", examples=["electricity_import_kwh"])]


@router.get("/consumption/explain", response_model=ExplanationOut)
def explain_consumption(
    services: Given,
    permit: Reader,
    subject: SubjectParam,
    first: FromParam,
    measure: MeasureParam = "electricity_import_kwh",
    until: UntilParam = None,
) -> dict[str, Any]:
    """Each hour of at most two days, with the readings and rules, or the parts, that make it.

    Without ``until`` the one hour that holds ``from``. What is computed stands beside what is stored.
    """
    zone = zone_of_subject(services.register_source(), subject, services.settings)
    if until is None:
        start = floor_hour(parse_instant(first, "from", zone))
        span = Span(start, start + HOUR)
    else:
        span = parse_span(first, until, zone, services.clock())
    require_max_span(span, MAX_EXPLAINED_DAYS)
    answer, explainer = _explainer(services, permit, subject, measure, span)
    return {**answer, "hours": explainer.hours()}


@router.get("/consumption/audit", response_model=AuditOut)
def audit_consumption(
    services: Given,
    permit: Reader,
    subject: SubjectParam,
    first: FromParam,
    measure: MeasureParam = "electricity_import_kwh",
    until: UntilParam = None,
) -> dict[str, Any]:
    """The counters of a point at both ends of a span, or the parts of a total, against its stored hours.

    The span is widened to full UTC hours; at most 366 days.
    """
    zone = zone_of_subject(services.register_source(), subject, services.settings)
    span = parse_span(first, until, zone, services.clock())
    require_max_span(span, MAX_AUDITED_DAYS)
    answer, explainer = _explainer(services, permit, subject, measure, span)
    hours = _full_hours(span)
    return {**answer, "from_": hours.start, "until": hours.end, **explainer.books()}


def _explainer(
    services: Given, permit: Permit, subject: str, measure: str, span: Span
) -> tuple[dict[str, Any], Explainer]:
    """What is asked about, in words and as what answers it."""
    code = subject.partition("/")[0]
    permit.require(code)
    register = services.register_source()
    require_asset(register, code)
    if measure not in COUNTERS:
        raise InputError(f"a measure that is explained must be a counter's, got {measure!r}")
    zone = zone_of_subject(register, subject, services.settings)
    named = {
        "subject": subject,
        "measure": measure,
        "unit": quantity(measure).unit,
        "timezone": zone.key,
    }
    key = Key(subject, measure)
    return named, Explainer(services, key, _full_hours(span), zone, permit.sees)


def _full_hours(span: Span) -> Span:
    return Span(floor_hour(span.start), ceil_hour(span.end))
