"""Savings of any two periods of a subject, and the baseline of a custody contract."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from analytics.baselines.series import Interval
from analytics.grid import Key
from analytics.jobs.measuring import Days
from analytics.savings.custody import custody_baseline
from analytics.savings.report import savings_document
from analytics.savings.result import Savings
from api.access import Permit, needs
from api.params import Given
from api.reporting import document_response
from api.savings import finding_rows, measuring, require_subject, savings_answer
from api.savings_schemas import CustodyBaselineOut, SavingsAnswer
from api.services import Services
from quotawatt.access.roles import Permission
from quotawatt.documents.html import to_html
from quotawatt.errors import StateError
from quotawatt.measures import measure as measure_named
from quotawatt.settings import Language
from quotawatt.spans import DAY

router = APIRouter(prefix="/savings", tags=["savings"])

Reader = Annotated[Permit, needs(Permission.RESULTS_READ)]
SubjectParam = Annotated[str, Query(max_length=128, examples=["BLD-1"])]
MeasureParam = Annotated[str, Query(max_length=64, examples=["electricity_import_kwh"])]
BaselineFirst = Annotated[date, Query(description="First local day of the baseline period")]
BaselineLast = Annotated[date, Query(description="Its last day")]
First = Annotated[date, Query(description="First local day of the reporting period")]
Last = Annotated[date, Query(description="Its last day")]
NormalYears = Annotated[
    Sequence[Annotated[int, Query(ge=1990, le=2199)]],
    Query(
        description="Years whose stored weather is that of a normal year; may be repeated",
        max_length=30,
    ),
]
LanguageParam = Annotated[Language | None, Query(alias="lang", description="Default: as set")]


def _answer(
    services: Services,
    permit: Permit,
    key: Key,
    baseline: tuple[date, date],
    reporting: tuple[date, date],
    interval: Interval,
    language: Language,
    years: Sequence[int],
) -> dict[str, Any]:
    require_subject(permit, key.subject)
    measure_named(key.measure)
    before, after = (Days(first, last + DAY) for first, last in (baseline, reporting))
    reader = measuring(services)
    found = reader.savings(key, before, after, interval)
    normal = None
    if years and isinstance(found, Savings):
        normal = reader.normal_year(key, found, after, years)
    return savings_answer(services, found, key.subject, language, normal)


@router.get("", response_model=SavingsAnswer)
def read_savings(
    services: Given,
    permit: Reader,
    subject: SubjectParam,
    measure: MeasureParam,
    baseline_first: BaselineFirst,
    baseline_last: BaselineLast,
    first_day: First,
    last_day: Last,
    interval: Interval = Interval.HOUR,
    normal_year: NormalYears = (),
    language: LanguageParam = None,
) -> dict[str, Any]:
    """What a subject saved against an adjusted baseline (option C), month by month, and how sure that is.

    Where the data do not bear it there is no report, and the findings say why.
    """
    periods = ((baseline_first, baseline_last), (first_day, last_day))
    words = language or services.settings.language
    return _answer(services, permit, Key(subject, measure), *periods, interval, words, normal_year)


@router.get("/document", response_class=Response, responses={200: {"content": {"text/html": {}}}})
def read_savings_document(
    services: Given,
    permit: Reader,
    subject: SubjectParam,
    measure: MeasureParam,
    baseline_first: BaselineFirst,
    baseline_last: BaselineLast,
    first_day: First,
    last_day: Last,
    interval: Interval = Interval.HOUR,
    normal_year: NormalYears = (),
    language: LanguageParam = None,
) -> Response:
    """The same as a page to print and sign."""
    periods = ((baseline_first, baseline_last), (first_day, last_day))
    words = language or services.settings.language
    answer = _answer(
        services, permit, Key(subject, measure), *periods, interval, words, normal_year
    )
    if answer["report"] is None:
        said = "; ".join(row["sentence"] for row in answer["findings"])
        raise StateError(f"data must bear savings before they are reported, got {said}")
    return document_response("savings", to_html(savings_document(answer["report"], words)))


@router.get("/custody-baseline", response_model=CustodyBaselineOut)
def read_custody_baseline(
    services: Given,
    permit: Reader,
    subject: SubjectParam,
    measure: MeasureParam,
    year: Annotated[int, Query(ge=2000, le=2199, description="First year of the contract")],
    language: LanguageParam = None,
) -> dict[str, Any]:
    """The baseline of a custody contract from the use of the three calendar years before it.

    Year by year falling: the last year's. All within 10 % of their mean: the mean. Else the parties agree.
    """
    require_subject(permit, subject)
    unit = measure_named(measure).unit
    use = measuring(services).yearly_use(Key(subject, measure), year)
    unknown = [str(y) for y, value in use.items() if not value > 0]
    if unknown:
        raise StateError(f"use of each month must be known and above 0, got {', '.join(unknown)}")
    found = custody_baseline(subject, use)
    register, words = services.register_source(), language or services.settings.language
    findings = [] if found.finding is None else [found.finding]
    return {
        "subject": subject,
        "measure": measure,
        "unit": unit,
        "years": {str(y): value for y, value in found.years.items()},
        "use": found.use,
        "rule": None if found.rule is None else found.rule.value,
        "findings": finding_rows(findings, register, services, words),
    }
