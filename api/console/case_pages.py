"""The pages of cases, and what officers do on them: take up, say, measure, propose, hand in documents."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Path, Query, Request
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.responses import Response

from alerts.cases import acts
from api.access import Permit, needs
from api.auth import require_csrf
from api.case_desk import CaseDesk, Deed
from api.case_schemas import CommentIn
from api.console.case_page import case_page, reading_permit
from api.console.case_view import CaseFilter, cases_page
from api.console.drawing import draw, form_fields, words_of
from api.console.forms import REFUSALS, Refusal, filled, lead_back, refusal_of
from api.importing import Upload
from api.params import Given, services_of
from quotawatt.access.roles import Permission
from quotawatt.errors import InputError
from quotawatt.hand.documents import document_of

router = APIRouter(include_in_schema=False, prefix="/cases")

Reader = Annotated[Permit, needs(Permission.RESULTS_READ)]
Officer = Annotated[Permit, needs(Permission.ALERTS_ACT)]
Number = Annotated[int, Path(ge=1, le=2**63 - 1)]
_FIELDS = 8


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A form that may have brought a document; ``upload`` is None where it has not."""

    fields: Mapping[str, str]
    upload: Upload | None = None


async def _handed_in(request: Request, permit: Officer) -> HandedIn:
    """The form, read only for somebody who may act. Answers 403 where it is not of this session."""
    if not request.headers.get("content-type", "").startswith("multipart/"):
        fields = await form_fields(request)
        require_csrf(request, fields.get("csrf", ""))
        return HandedIn(fields)
    async with request.form(max_files=1, max_fields=_FIELDS) as form:
        fields = {name: value for name, value in form.items() if isinstance(value, str)}
        require_csrf(request, fields.get("csrf", ""))
        file = form.get("file")
        if not isinstance(file, UploadFile) or not file.filename:
            return HandedIn(fields)
        return HandedIn(fields, Upload(file.filename, await file.read()))


Handed = Annotated[HandedIn, Depends(_handed_in)]


@router.get("", response_model=None)
def show_cases(
    request: Request, services: Given, permit: Reader, chosen: Annotated[CaseFilter, Query()]
) -> Response:
    """Cases within reach: what is open first, then the gravest, then the newest."""
    page = cases_page(services, permit, chosen, words_of(request, services))
    return draw(
        request,
        "cases.html",
        page=page,
        now=services.clock(),
        zone=ZoneInfo(services.settings.timezone),
    )


@router.get("/{number}", response_model=None)
def show_case(request: Request, permit: Reader, number: Number, done: str = "") -> Response:
    """One case with all that was done, and the forms of what the reader may do."""
    return draw_case(request, permit, number, done=done)


@router.post("/{number}/acknowledge", response_model=None)
def acknowledge(request: Request, permit: Officer, number: Number, handed: Handed) -> Response:
    """Take a case up, with a comment and a document where there are any."""
    return _act(request, permit, number, handed, "acknowledge")


@router.post("/{number}/measure", response_model=None)
def note_measure(request: Request, permit: Officer, number: Number, handed: Handed) -> Response:
    """Say what is done about it."""
    return _act(request, permit, number, handed, "measure")


@router.post("/{number}/propose", response_model=None)
def propose(request: Request, permit: Officer, number: Number, handed: Handed) -> Response:
    """Say that it has been put right, and how."""
    return _act(request, permit, number, handed, "propose")


@router.post("/{number}/comment", response_model=None)
def comment(request: Request, permit: Officer, number: Number, handed: Handed) -> Response:
    """Say something of it."""
    return _act(request, permit, number, handed, "comment")


@router.post("/{number}/evidence", response_model=None)
def add_evidence(request: Request, permit: Officer, number: Number, handed: Handed) -> Response:
    """Add a document."""
    return _act(request, permit, number, handed, "evidence")


_DEEDS: Mapping[str, Deed] = {
    "acknowledge": lambda conn, case, act: acts.acknowledge(conn, case.id, act),
    "measure": lambda conn, case, act: acts.note_measure(conn, case.id, act),
    "propose": lambda conn, case, act: acts.propose_closed(conn, case.id, act),
    "comment": lambda conn, case, act: acts.comment(conn, case.id, act),
}


def _act(request: Request, permit: Permit, number: int, handed: HandedIn, verb: str) -> Response:
    """Do it with its document, all or nothing. Only a proposal is of the version that was seen."""
    services = services_of(request)
    said = handed.fields.get("comment", "").strip()
    seen = f'"{handed.fields.get("version", "")}"' if verb == "propose" else "*"
    desk = CaseDesk(services, permit, number, seen)

    def act() -> None:
        body = filled(CommentIn, {"comment": said})
        desk.do_all(_deeds(verb, handed.upload), body.comment)

    return answered(request, permit, number, handed.fields, verb, act)


def _deeds(verb: str, upload: Upload | None) -> list[Deed]:
    deeds = [_DEEDS[verb]] if verb in _DEEDS else []
    if upload is not None:
        document = document_of(upload.name, upload.data)
        deeds.append(lambda conn, case, act: acts.add_evidence(conn, case.id, act, document))
    if not deeds:
        raise InputError("a form must have a file by the name of 'file', got none")
    return deeds


def answered(
    request: Request,
    permit: Permit,
    number: int,
    fields: Mapping[str, str],
    verb: str,
    act: Any,
) -> Response:
    """Do it and lead back to the case; where it is refused, the page again with what was typed."""
    words = words_of(request, services_of(request))
    try:
        act()
    except REFUSALS as error:
        refusal = refusal_of(error, words)
    except HTTPException as error:
        if error.status_code != 412:
            raise
        refusal = Refusal(words("case_moved_on"), "", 412)
    else:
        return lead_back(f"/cases/{number}", {}, done=verb)
    reader = reading_permit(request, permit)
    return draw_case(request, reader, number, refusal=refusal, typed=fields, verb=verb)


def draw_case(
    request: Request,
    reader: Permit,
    number: int,
    *,
    done: str = "",
    refusal: Refusal | None = None,
    typed: Mapping[str, str] | None = None,
    verb: str = "",
) -> Response:
    """The page of a case; ``typed`` is what stood in the form of ``verb``, which was refused."""
    services = services_of(request)
    words = words_of(request, services)
    return draw(
        request,
        "case.html",
        refusal.status if refusal else 200,
        page=case_page(request, services, reader, number, words),
        refusal=refusal,
        done=words.known(f"case_done_{done}", "") if done else "",
        typed=typed or {},
        tried=verb,
        now=services.clock(),
    )
