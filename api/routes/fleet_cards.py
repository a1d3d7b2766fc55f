"""Rows of fuel cards' statements: listed, handed in one by one or as a file, taken back."""

from dataclasses import asdict
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Path, Query, Request
from starlette.responses import Response

from api.access import Permit, needs
from api.dispatch import found_of_cells, import_item
from api.dispatch_schemas import RowImport
from api.fleet_book_schemas import CardIn, CardOut, CardPage, TakeBackIn
from api.hand import setting_of
from api.importing import Upload
from api.params import Given, LimitParam, OffsetParam, parse_instant
from api.queries import page_of_seen_rows
from api.routes.dispatch import WORKBOOK, XLSX, LanguageParam
from api.uploading import FORM as UPLOAD
from api.uploading import uploaded_file
from quotawatt.access.roles import Permission
from quotawatt.dispatch import cards
from quotawatt.dispatch.carddrafting import CARD_FORM
from quotawatt.dispatch.files import read_form, template
from quotawatt.storage.fleet_tables import fuel_card_rows

router = APIRouter(prefix="/fleet/cards", tags=["fleet"])

Reader = Annotated[Permit, needs(Permission.RESULTS_READ)]
Writer = Annotated[Permit, needs(Permission.FLEET_WRITE)]
Number = Annotated[int, Path(ge=1, le=2**63 - 1, description="Number of the row")]
_TimeParam = Annotated[str | None, Query(max_length=64, description="Instant, or a local date")]


async def _uploaded(request: Request, permit: Writer) -> Upload:
    return await uploaded_file(request)


GivenFile = Annotated[Upload, Depends(_uploaded)]


@router.get("", response_model=CardPage)
def list_cards(
    services: Given,
    permit: Reader,
    vehicle: Annotated[str | None, Query(max_length=64)] = None,
    from_: Annotated[str | None, Query(alias="from", description="Of this time or later")] = None,
    until: _TimeParam = None,
    limit: LimitParam = 100,
    offset: OffsetParam = 0,
) -> dict[str, Any]:
    """Fuel bought by card, the latest first."""
    t, zone = fuel_card_rows.c, ZoneInfo(services.settings.timezone)
    conditions = [] if vehicle is None else [t.vehicle == vehicle]
    if from_ is not None:
        conditions.append(t.time >= parse_instant(from_, "from", zone))
    if until is not None:
        conditions.append(t.time < parse_instant(until, "until", zone))
    order = [t.time.desc(), t.id.desc()]
    total, rows = page_of_seen_rows(
        services.records,
        fuel_card_rows,
        t.vehicle,
        permit.sees,
        conditions,
        order,
        limit,
        offset,
    )
    return {"total": total, "items": rows}


@router.post("", response_model=RowImport, status_code=201)
def add_card(services: Given, permit: Writer, body: CardIn) -> dict[str, Any]:
    """Enter a row; the same again changes nothing. What is wrong with it is refused."""
    setting = setting_of(services, permit)
    found = found_of_cells(CARD_FORM, body.model_dump(exclude_unset=True), "card")
    with services.records.begin() as conn:
        plan = cards.take_cards(conn, found, permit.actor, setting, "")
    return import_item(plan, found, services.settings.language, applied=True)


@router.post("/import", response_model=RowImport, openapi_extra=UPLOAD)
def import_cards(
    services: Given,
    permit: Writer,
    upload: GivenFile,
    dry_run: Annotated[bool, Query(description="Only work out what would be done")] = True,
    language: LanguageParam = None,
) -> dict[str, Any]:
    """A statement as a workbook or CSV: all of it or nothing. What stands against it is in `problems`."""
    setting = setting_of(services, permit)
    found = read_form(CARD_FORM, upload.name, upload.data)
    words = language or services.settings.language
    with services.records.begin() as conn:
        plan = cards.plan_cards(conn, found, setting)
        applied = not dry_run and not plan.problems
        if applied:
            plan = cards.take_cards(conn, found, permit.actor, setting, upload.name)
    return import_item(plan, found, words, applied=applied)


@router.get("/template.xlsx", response_class=Response, responses=WORKBOOK)
def card_template(services: Given, permit: Reader, language: LanguageParam = None) -> Response:
    """The empty workbook of card rows to fill."""
    data = template(CARD_FORM, language or services.settings.language)
    headers = {"Content-Disposition": 'attachment; filename="fuel-cards.xlsx"'}
    return Response(data, media_type=XLSX, headers=headers)


@router.post("/{number}/remove", response_model=CardOut)
def remove_card(
    services: Given, permit: Writer, number: Number, body: TakeBackIn
) -> dict[str, Any]:
    """Take a wrong row back, and say why; the ledger has what it was."""
    with services.records.begin() as conn:
        permit.require(cards.read_card(conn, number).row.vehicle)
        kept = cards.remove_card(conn, number, body.note, permit.actor, services.clock())
    return {**asdict(kept.row), **kept._asdict()}
