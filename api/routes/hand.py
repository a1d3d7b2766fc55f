"""Entries by hand: meter readings, bills and purchases of fuel, with their revisions and documents."""

from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Path, Query, Request
from starlette.datastructures import UploadFile
from starlette.responses import Response

from api import hand
from api.access import Permit, needs
from api.hand_schemas import (
    EntryDetail,
    EntryIn,
    EntryMade,
    EntryOut,
    EntryPage,
    HandImport,
    Kind,
    WithdrawalIn,
)
from api.importing import Upload
from api.params import Given, LimitParam, OffsetParam, parse_instant
from api.services import Services
from quotawatt.access.roles import Permission
from quotawatt.errors import InputError, NotFoundError
from quotawatt.hand import intake
from quotawatt.hand.documents import document_of, read_document
from quotawatt.hand.entries import Stored
from quotawatt.hand.workbook import read_entries, template_entries
from quotawatt.settings import Language
from quotawatt.storage.hand_tables import hand_entries

router = APIRouter(prefix="/hand", tags=["hand"])

Reader = Annotated[Permit, needs(Permission.RESULTS_READ)]
Writer = Annotated[Permit, needs(Permission.HAND_WRITE)]
Number = Annotated[int, Path(ge=1, le=2**63 - 1, description="Number of the entry")]
LanguageParam = Annotated[
    Language | None, Query(alias="lang", description="Of words for people; default: the setting's")
]
DayParam = Annotated[str | None, Query(description="Instant, or a date: its local midnight")]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_BINARY = {"schema": {"type": "string", "format": "binary"}}
_FORM = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": _BINARY["schema"]},
                }
            }
        },
    }
}
_DOCUMENTS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The document as it was handed in",
        "content": dict.fromkeys(("image/jpeg", "image/png", "application/pdf"), _BINARY),
    }
}
_WORKBOOK: dict[int | str, dict[str, Any]] = {
    200: {"description": "A workbook", "content": {XLSX: _BINARY}}
}


async def _uploaded(request: Request, permit: Writer) -> Upload:
    """The form's file. It is read only for somebody who may write; the size is limited on the way."""
    async with request.form(max_files=1, max_fields=0) as form:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise InputError("a form must have a file by the name of 'file', got none")
        return Upload(file.filename or "", await file.read())


GivenFile = Annotated[Upload, Depends(_uploaded)]


@router.get("/entries", response_model=EntryPage)
def list_entries(
    services: Given,
    permit: Reader,
    kind: Annotated[Kind | None, Query(description="Default: any")] = None,
    asset: Annotated[str | None, Query(max_length=64)] = None,
    quantity: Annotated[str | None, Query(max_length=64)] = None,
    from_: Annotated[str | None, Query(alias="from", description="Of this time or later")] = None,
    until: DayParam = None,
    withdrawn: Annotated[bool, Query(description="Those withdrawn, instead of the others")] = False,
    limit: LimitParam = 100,
    offset: OffsetParam = 0,
) -> dict[str, Any]:
    """What was entered by hand, the latest first; of each entry its last revision."""
    t, zone = hand_entries.c, ZoneInfo(services.settings.timezone)
    wanted = {t.kind: kind, t.asset: asset, t.quantity: quantity, t.withdrawn: withdrawn}
    conditions = [column == value for column, value in wanted.items() if value is not None]
    since = None if from_ is None else parse_instant(from_, "from", zone)
    end = None if until is None else parse_instant(until, "until", zone)
    conditions += hand.overlapping(since, end)
    return hand.entry_page(services, permit, conditions, limit, offset)


@router.post("/entries", response_model=EntryMade, status_code=201)
def make_entry(
    services: Given, permit: Writer, body: EntryIn, language: LanguageParam = None
) -> dict[str, Any]:
    """Enter a reading, a bill or a purchase. The same again is the same entry, with its number."""
    permit.require(body.asset)
    setting = hand.setting_of(services, permit)
    wish = hand.wish_of_body(body, setting)
    act = hand.act_of(services, permit)
    words = language or services.settings.language
    with hand.refused_in(words, body.kind):
        done = intake.enter(
            services.series, services.records, wish, setting, act, intake.require_no_correction
        )
    return hand.made(done.entries[0], done.plan, services, words)


@router.get("/entries/{number}", response_model=EntryDetail)
def show_entry(services: Given, permit: Reader, number: Number) -> dict[str, Any]:
    """One entry with all its revisions."""
    items = [_item(services, one) for one in hand.entry_revisions(services, permit, number)]
    return {**items[-1], "revisions": items}


@router.put("/entries/{number}", response_model=EntryOut)
def correct_entry(
    services: Given, permit: Writer, number: Number, body: EntryIn, language: LanguageParam = None
) -> dict[str, Any]:
    """Correct an entry: another revision, which counts from now on; the former ones stay listed."""
    kept = hand.entry_revisions(services, permit, number)[-1]
    permit.require(body.asset)
    if kept.entry.kind != body.kind:
        raise InputError(f"the kind of an entry must stay {kept.entry.kind}, got {body.kind}")
    setting = hand.setting_of(services, permit)
    wish = hand.wish_of_body(body, setting)
    act = hand.act_of(services, permit)
    with hand.refused_in(language or services.settings.language, body.kind):
        done = intake.correct(services.series, services.records, number, wish, setting, act)
    return _item(services, done)


@router.post("/entries/{number}/withdraw", response_model=EntryOut)
def withdraw_entry(
    services: Given, permit: Writer, number: Number, body: WithdrawalIn
) -> dict[str, Any]:
    """Say that an entry does not count, and why."""
    hand.entry_revisions(services, permit, number)
    act = hand.act_of(services, permit, reason=body.note)
    return _item(services, intake.withdraw(services.series, services.records, number, act))


@router.post("/documents", response_model=EntryOut, openapi_extra=_FORM)
def attach_document(
    services: Given,
    permit: Writer,
    entry: Annotated[int, Query(ge=1, le=2**63 - 1, description="Number of the entry")],
    upload: GivenFile,
) -> dict[str, Any]:
    """Attach a photograph or scan (JPEG, PNG, PDF) to an entry, in the place of the one it has."""
    hand.entry_revisions(services, permit, entry)
    document = document_of(upload.name, upload.data)
    act = hand.act_of(services, permit, document=document.sha256, name=document.name)
    return _item(services, intake.attach(services.records, entry, document, act))


@router.get("/entries/{number}/document", response_class=Response, responses=_DOCUMENTS)
def show_document(services: Given, permit: Reader, number: Number) -> Response:
    """The photograph or scan of an entry."""
    digest = hand.entry_revisions(services, permit, number)[-1].entry.document
    if not digest:
        raise NotFoundError(f"an entry must have a document, got {number} without one")
    with services.records.connect() as conn:
        document = read_document(conn, digest)
    suffix = {"image/jpeg": "jpg", "image/png": "png"}.get(document.media_type, "pdf")
    disposition = f'attachment; filename="{number}-{digest[:12]}.{suffix}"'
    headers = {"Content-Disposition": disposition}
    return Response(document.content, media_type=document.media_type, headers=headers)


@router.get("/template.xlsx", response_class=Response, responses=_WORKBOOK)
def hand_template(services: Given, permit: Reader, language: LanguageParam = None) -> Response:
    """The empty workbook to fill, with the assets within reach to choose from."""
    data = template_entries(permit.register, language or services.settings.language)
    headers = {"Content-Disposition": 'attachment; filename="hand-template.xlsx"'}
    return Response(data, media_type=XLSX, headers=headers)


@router.post("/import", response_model=HandImport, openapi_extra=_FORM)
def import_entries(
    services: Given,
    permit: Writer,
    upload: GivenFile,
    dry_run: Annotated[bool, Query(description="Only work out what would be done")] = True,
    language: LanguageParam = None,
) -> Any:
    """A workbook with sheets of readings, bills and purchases. An entry that is kept otherwise is corrected.

    What stands against it is in `problems`, and then nothing is done.
    """
    setting = hand.setting_of(services, permit)
    found = read_entries(upload.name, upload.data)
    wish, words = intake.wish_of(found, setting), language or services.settings.language
    with services.records.connect() as conn:
        plan = intake.plan_within(conn, wish, setting)
    if not dry_run and not plan.problems:
        act = hand.act_of(services, permit, source=upload.name)
        done = intake.enter(services.series, services.records, wish, setting, act)
        return hand.import_answer(done.plan, found, words, applied=True)
    return hand.import_answer(plan, found, words, applied=False)


def _item(services: Services, stored: Stored) -> dict[str, Any]:
    zone = ZoneInfo(services.settings.timezone)
    return hand.entry_item(stored, services.register_source(), zone)
