"""Reports: the monthly circular, the quarterly publication, the yearly analysis; drafts and issued ones."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from analytics.assessment.contents import build
from analytics.assessment.report_documents import report_document
from analytics.jobs.assessing import gather
from analytics.jobs.reporting import PERIODS, issue_report, require_period
from api.access import Permit, needs
from api.assessing import period_of, sources_of
from api.assessment_schemas import (
    IssuedReport,
    IssuedReports,
    ReportContent,
    ReportIn,
    ReportKind,
)
from api.params import Given
from api.reporting import document_response, issued_document, issued_item
from api.services import Services
from quotawatt.access.roles import Permission
from quotawatt.documents.html import to_html
from quotawatt.documents.model import Language
from quotawatt.documents.word import to_docx
from quotawatt.errors import NotFoundError
from quotawatt.issued import Draft, Issued, issued_list, issued_of

router = APIRouter(tags=["reports"])

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

Reader = Annotated[Permit, needs(Permission.RESULTS_READ)]
Writer = Annotated[Permit, needs(Permission.ASSESSMENT_WRITE)]
NumberPath = Annotated[str, Path(max_length=160, examples=["circular-2023-03-ORG-2-1"])]
FormatParam = Annotated[Literal["docx", "html"], Query(alias="format")]
LanguageParam = Annotated[Language | None, Query(alias="lang", description="Default: as set")]
KindParam = Annotated[ReportKind, Query()]
SubjectParam = Annotated[str, Query(min_length=1, max_length=64, description="Who issues it")]
PeriodParam = Annotated[str, Query(max_length=16, examples=["2023-03", "2023-Q1", "2023"])]

_FILES: dict[int | str, dict[str, Any]] = {200: {"content": {WORD: {}, "text/html": {}}}}


@router.get("/reports", response_model=IssuedReports)
def list_reports(
    services: Given,
    permit: Reader,
    kind: Annotated[ReportKind | None, Query()] = None,
    subject: Annotated[str, Query(max_length=64)] = "",
    period: Annotated[str, Query(max_length=16)] = "",
) -> dict[str, Any]:
    """Reports that were issued, the latest first, corrected editions included."""
    with services.records.connect() as conn:
        found = [
            report
            for each in ([kind] if kind else PERIODS)
            for report in issued_list(conn, each, subject, period)
        ]
    found.sort(key=lambda report: -report.id)
    return {"items": [issued_item(report) for report in found if permit.sees(report.subject)]}


@router.post("/reports", response_model=IssuedReport, status_code=201)
def issue(services: Given, permit: Writer, body: ReportIn) -> dict[str, Any]:
    """Issue a report from the data as they are now: a snapshot that stays as it is.

    A correction (更正) names the edition that it corrects.
    """
    permit.require(body.subject)
    draft = Draft(body.kind, body.subject, body.period, {}, body.corrects, body.note)
    return issued_item(issue_report(sources_of(services), draft, permit.actor, services.clock()))


@router.get("/reports/draft", response_model=ReportContent)
def read_draft(
    services: Given, permit: Reader, kind: KindParam, subject: SubjectParam, period: PeriodParam
) -> dict[str, Any]:
    """What a report would say now; of a period that lasts, as far as it is over."""
    return {"issued": None, "content": _draft(services, permit, kind, subject, period)}


@router.get("/reports/draft/document", response_class=Response, responses=_FILES)
def read_draft_document(
    services: Given,
    permit: Reader,
    kind: KindParam,
    subject: SubjectParam,
    period: PeriodParam,
    form: FormatParam = "docx",
    language: LanguageParam = None,
) -> Response:
    """A draft as a Word file or a printable page; it says that it was not issued."""
    content = _draft(services, permit, kind, subject, period)
    name = f"{kind}-{period}-{subject}-draft"
    document = report_document(content, language or services.settings.language)
    return document_response(name, to_docx(document) if form == "docx" else to_html(document))


@router.get("/reports/{number}", response_model=ReportContent)
def read_report(services: Given, permit: Reader, number: NumberPath) -> dict[str, Any]:
    """What an issued report says."""
    report = _issued(services, permit, number)
    return {"issued": issued_item(report), "content": report.content}


@router.get("/reports/{number}/document", response_class=Response, responses=_FILES)
def read_document(
    services: Given,
    permit: Reader,
    number: NumberPath,
    form: FormatParam = "docx",
    language: LanguageParam = None,
) -> Response:
    """An issued report as a Word file or a printable page."""
    report = _issued(services, permit, number)
    document = issued_document(services, report, language or services.settings.language)
    return document_response(number, to_docx(document) if form == "docx" else to_html(document))


def _draft(
    services: Services, permit: Permit, kind: str, subject: str, written: str
) -> dict[str, Any]:
    permit.require(subject)
    sources, now = sources_of(services), services.clock()
    period = period_of(services, written, now)
    require_period(kind, period)
    return build(kind, gather(sources, period, now, kind), subject, sources.register)


def _issued(services: Services, permit: Permit, number: str) -> Issued:
    with services.records.connect() as conn:
        report = issued_of(conn, number)
    if report.kind not in PERIODS or not permit.sees(report.subject):
        raise NotFoundError(f"a report must exist by its number, got {number!r}")
    return report
