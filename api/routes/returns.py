"""Statistics returns (统计报表): listed, checked, submitted, accepted, printed."""

from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from api import returns as desk
from api.access import Permit, needs
from api.params import Given, today_of
from api.returns_schemas import (
    FORM,
    CellsIn,
    ClearIn,
    CommentIn,
    Doubts,
    ReturnDetail,
    ReturnList,
)
from api.services import Services
from quotawatt.access.roles import Permission
from quotawatt.documents.html import to_html
from quotawatt.returns import process
from quotawatt.returns.book import Return
from quotawatt.returns.layout import sheets_of
from quotawatt.returns.periods import parse_period
from quotawatt.returns.printing import return_document
from quotawatt.returns.workbook import return_workbook
from quotawatt.rulebook.forms import Form
from quotawatt.settings import Language

router = APIRouter(prefix="/returns", tags=["returns"])

Reader = Annotated[Permit, needs(Permission.RESULTS_READ)]
Writer = Annotated[Permit, needs(Permission.RETURNS_WRITE)]
Decider = Annotated[Permit, needs(Permission.RETURNS_DECIDE)]
Number = Annotated[int, Path(ge=1, le=2**63 - 1)]
FormParam = Annotated[str, Query(max_length=64, description="Id of the form")]
Filter = Annotated[str | None, Query(max_length=64)]
PeriodParam = Annotated[str, Query(description="YYYY or YYYY-Qn", examples=["2023-Q4"])]
LanguageParam = Annotated[
    Language | None, Query(alias="lang", description="Default: the setting's")
]
State = Literal["draft", "submitted", "sent_back", "accepted", "reopened"]

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _file(media: str, said: str) -> dict[int | str, dict[str, Any]]:
    schema = {"schema": {"type": "string", "format": "binary"}}
    return {200: {"description": said, "content": {media: schema}}}


@router.get("", response_model=ReturnList)
def list_returns(
    services: Given,
    permit: Reader,
    period: Annotated[str | None, Query(max_length=7)] = None,
    organisation: Filter = None,
    state: State | None = None,
    form: Filter = None,
) -> dict[str, Any]:
    """Returns that were begun, the latest period first."""
    if period is not None:
        period = str(parse_period(period))
    wanted = {"period": period, "organisation": organisation, "state": state, "form": form}
    register, day = services.register_source(), today_of(services)
    with services.records.connect() as conn:
        items = [desk.item(one, register, day) for one in desk.listed(conn, permit, wanted)]
    return {"total": len(items), "items": items}


@router.get("/due", response_model=ReturnList)
def list_due(
    services: Given, permit: Reader, period: PeriodParam, form: FormParam = FORM
) -> dict[str, Any]:
    """Everybody who makes a return of a period and how it stands, with who is late."""
    asked = parse_period(period)
    with services.records.connect() as conn:
        found = desk.form_of(services, form, asked)
        items = list(desk.standing(conn, services, permit, found, asked))
    return {"total": len(items), "items": items}


@router.get("/{number}", response_model=ReturnDetail)
def show(services: Given, permit: Reader, number: Number) -> dict[str, Any]:
    """One return with its cells, what was written over them, its steps and snapshots."""
    with services.records.connect() as conn:
        kept = desk.within_reach(conn, permit, number)
        return desk.detail(conn, services, kept, desk.own_form(services, kept))


@router.get("/{number}/check", response_model=Doubts)
def check(services: Given, permit: Reader, number: Number) -> dict[str, Any]:
    """What is not in order: sums, jumps, slips of a unit, what is missing, people and area."""
    with services.records.connect() as conn:
        kept = desk.within_reach(conn, permit, number)
        doubts = desk.doubts_of(conn, services, kept, desk.own_form(services, kept))
    return {
        "number": number,
        "blocks": any(doubt.check.blocks for doubt in doubts),
        "items": [desk.doubt_row(doubt) for doubt in doubts],
    }


@router.post("/{number}/cells", response_model=ReturnDetail)
def set_cells(services: Given, permit: Writer, number: Number, body: CellsIn) -> dict[str, Any]:
    """Write values over cells, with the reason."""
    act = desk.act_of(services, permit, body.reason)
    with services.records.begin() as conn:
        form = desk.own_form(services, desk.within_reach(conn, permit, number))
        kept = process.set_cells(conn, number, form, body.values, act)
        return desk.detail(conn, services, kept, form)


@router.post("/{number}/clear", response_model=ReturnDetail)
def clear_cells(services: Given, permit: Writer, number: Number, body: ClearIn) -> dict[str, Any]:
    """Take back what was written over cells."""
    act = desk.act_of(services, permit, body.comment)
    with services.records.begin() as conn:
        form = desk.own_form(services, desk.within_reach(conn, permit, number))
        kept = process.clear_cells(conn, number, body.cells, act)
        return desk.detail(conn, services, kept, form)


@router.post("/{number}/submit", response_model=ReturnDetail)
def submit(services: Given, permit: Writer, number: Number, body: CommentIn) -> dict[str, Any]:
    """Hand a return in. A second time changes nothing."""
    act = desk.act_of(services, permit, body.comment)
    with services.records.begin() as conn:
        kept = desk.within_reach(conn, permit, number)
        form = desk.form_of(services, kept.form, kept.period)
        process.require_form(kept, form)
        doubts = desk.doubts_of(conn, services, kept, form)
        kept = process.submit(conn, number, doubts, act)
        return desk.detail(conn, services, kept, form)


@router.post("/{number}/send-back", response_model=ReturnDetail)
def send_back(services: Given, permit: Decider, number: Number, body: CommentIn) -> dict[str, Any]:
    """Send a return back, with what is wrong."""
    act = desk.act_of(services, permit, body.comment)
    with services.records.begin() as conn:
        form = desk.own_form(services, desk.within_reach(conn, permit, number))
        kept = process.send_back(conn, number, act)
        return desk.detail(conn, services, kept, form)


@router.post("/{number}/accept", response_model=ReturnDetail)
def accept(services: Given, permit: Decider, number: Number, body: CommentIn) -> dict[str, Any]:
    """Accept a return: it is closed as a snapshot, as a correction where it was reopened."""
    act = desk.act_of(services, permit, body.comment)
    with services.records.begin() as conn:
        kept = desk.within_reach(conn, permit, number)
        form = desk.own_form(services, kept)
        organisation = desk.organisation_of(services, kept)
        kept = process.accept(conn, number, form, organisation, act)
        return desk.detail(conn, services, kept, form)


@router.post("/{number}/reopen", response_model=ReturnDetail)
def reopen(services: Given, permit: Decider, number: Number, body: CommentIn) -> dict[str, Any]:
    """Open an accepted return for a correction (更正); its snapshot stands meanwhile."""
    act = desk.act_of(services, permit, body.comment)
    with services.records.begin() as conn:
        form = desk.own_form(services, desk.within_reach(conn, permit, number))
        kept = process.reopen(conn, number, act)
        return desk.detail(conn, services, kept, form)


@router.get(
    "/{number}/export.xlsx", response_class=Response, responses=_file(_XLSX, "The workbook")
)
def export(
    services: Given, permit: Reader, number: Number, language: LanguageParam = None
) -> Response:
    """The return as a workbook, with the line to sign and seal."""
    kept, form, chosen = _read(services, permit, number, language)
    face = desk.face_of(kept, services.register_source(), chosen)
    sheets = sheets_of(form, kept.period, desk.figures_of(kept, form), chosen)
    zone = ZoneInfo(services.settings.timezone)
    data = return_workbook(form, kept.period, sheets, face, chosen, zone)
    name = f"return-{kept.period}-{number}.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(data, media_type=_XLSX, headers=headers)


@router.get(
    "/{number}/print", response_class=Response, responses=_file("text/html", "A page of HTML")
)
def print_page(
    services: Given, permit: Reader, number: Number, language: LanguageParam = None
) -> Response:
    """The return as a page to print on A4, with the line to sign and the place of the seal."""
    kept, form, chosen = _read(services, permit, number, language)
    face = desk.face_of(kept, services.register_source(), chosen)
    sheets = sheets_of(form, kept.period, desk.figures_of(kept, form), chosen)
    zone = ZoneInfo(services.settings.timezone)
    document = return_document(form, kept.period, sheets, face, chosen, zone)
    return Response(to_html(document), media_type="text/html; charset=utf-8")


def _read(
    services: Services, permit: Permit, number: int, language: Language | None
) -> tuple[Return, Form, Language]:
    with services.records.connect() as conn:
        kept = desk.within_reach(conn, permit, number)
    return kept, desk.own_form(services, kept), language or services.settings.language
