"""The pages of silences and maintenance windows: listed, tried in a preview, added and ended."""

from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from alerts.people.silences import read_silence
from api.access import Permit, needs
from api.console.drawing import SignedForm, draw, words_of
from api.console.forms import REFUSALS, Refusal, acting_permit, refusal_of
from api.console.navigation import holds_everywhere
from api.console.silences_form import WEEKDAYS, SilenceFields, body_of, fields_of
from api.console.silences_view import SilenceNames, choices_of, may_end
from api.params import Given, services_of
from api.routes import silences as desk
from quotawatt.access.roles import Permission

router = APIRouter(include_in_schema=False, prefix="/silences")

Reader = Annotated[Permit, needs(Permission.RESULTS_READ)]
Writer = Annotated[Permit, needs(Permission.SILENCES_WRITE)]
Number = Annotated[int, Path(ge=1, le=2**63 - 1)]

PAGE = 100
"""Silences of one page."""


@router.get("", response_model=None)
def show_silences(
    request: Request,
    services: Given,
    permit: Reader,
    over: bool = False,
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> Response:
    """Those that hold or will, with ``over`` also those that are over; the newest first."""
    found = desk.read_silences(services, permit, over, PAGE, (page - 1) * PAGE)
    return _draw(
        request,
        "silences.html",
        items=found["items"],
        total=found["total"],
        over=over,
        page=page,
        pages=-(-found["total"] // PAGE),
        may_add=acting_permit(request, permit, Permission.SILENCES_WRITE) is not None,
    )


@router.get("/new", response_model=None)
def show_form(request: Request, permit: Writer) -> Response:
    """The form of a new one, filled in as far as the address says, as from a case."""
    return _draw_form(request, permit, fields_of(request.query_params))


@router.post("", response_model=None)
def add(request: Request, services: Given, permit: Writer, form: SignedForm) -> Response:
    """Store it."""
    fields = fields_of(form)
    try:
        stored = desk.write_silence(services, permit, body_of(fields, _zone(request)))
    except REFUSALS as error:
        return _draw_form(request, permit, fields, refusal_of(error, words_of(request, services)))
    return RedirectResponse(f"/silences/{stored['id']}?done=added", 303)


@router.post("/preview", response_model=None)
def preview(request: Request, services: Given, permit: Writer, form: SignedForm) -> Response:
    """What it would do, above the form as it was filled in; nothing is stored."""
    fields = fields_of(form)
    try:
        found = desk.preview_silence(services, permit, body_of(fields, _zone(request)))
    except REFUSALS as error:
        return _draw_form(request, permit, fields, refusal_of(error, words_of(request, services)))
    return _draw_form(request, permit, fields, preview=found)


@router.get("/{number}", response_model=None)
def show_silence(
    request: Request, permit: Reader, number: Number, done: Literal["", "added", "ended"] = ""
) -> Response:
    """One with its next windows and the open cases that it matches."""
    return _draw_one(request, permit, number, done=done)


@router.post("/{number}/end", response_model=None)
def end(
    request: Request, services: Given, permit: Writer, number: Number, form: SignedForm
) -> Response:
    """End it before its time."""
    try:
        desk.end_one(services, permit, number)
    except REFUSALS as error:
        refusal = refusal_of(error, words_of(request, services))
        return _draw_one(request, permit, number, refusal)
    return RedirectResponse(f"/silences/{number}?done=ended", 303)


def _draw_one(
    request: Request, permit: Permit, number: int, refusal: Refusal | None = None, done: str = ""
) -> Response:
    services = services_of(request)
    item = desk.read_one(services, permit, number)
    with services.records.connect() as conn:
        silence = read_silence(conn, number)
    acting = acting_permit(request, permit, Permission.SILENCES_WRITE)
    return _draw(
        request,
        "silence.html",
        refusal,
        item=item,
        preview=item["preview"],
        preview_zone=ZoneInfo(item["preview"]["zone"]),
        may_end=may_end(silence, acting, services),
        done=done,
    )


def _draw_form(
    request: Request,
    permit: Permit,
    fields: SilenceFields,
    refusal: Refusal | None = None,
    preview: dict[str, Any] | None = None,
) -> Response:
    services = services_of(request)
    words = words_of(request, services)
    return _draw(
        request,
        "silence_form.html",
        refusal,
        fields=fields,
        choices=choices_of(permit, SilenceNames(services, words), words),
        weekdays=WEEKDAYS,
        everywhere=holds_everywhere(permit.principal, Permission.SILENCES_WRITE),
        preview=preview,
        preview_zone=ZoneInfo(preview["zone"]) if preview else None,
    )


def _draw(request: Request, name: str, refusal: Refusal | None = None, **context: Any) -> Response:
    services = services_of(request)
    return draw(
        request,
        name,
        refusal.status if refusal else 200,
        refusal=refusal,
        names=SilenceNames(services, words_of(request, services)),
        zone=_zone(request),
        **context,
    )


def _zone(request: Request) -> ZoneInfo:
    """In which times of silences are shown and given."""
    return ZoneInfo(services_of(request).settings.timezone)
