"""Orders for vehicles (派车): asked for, approved, assigned, driven, returned, rated; in and out as files."""

from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Path, Query, Request
from sqlalchemy import ColumnElement
from starlette.responses import Response

from api import dispatch as desk
from api.access import Permit, needs
from api.dispatch_schemas import (
    AssignIn,
    ForeignOrderIn,
    LeaveIn,
    NoteIn,
    OrderIn,
    OrderOut,
    OrderPage,
    RateIn,
    ReturnIn,
    RowImport,
)
from api.hand import setting_of
from api.importing import Upload
from api.params import Given, LimitParam, OffsetParam, parse_instant
from api.services import Services
from api.uploading import FORM as UPLOAD
from api.uploading import uploaded_file
from quotawatt.access.roles import Permission
from quotawatt.dispatch import book, intake
from quotawatt.dispatch.acts import Told, Wish
from quotawatt.dispatch.checks import FORM
from quotawatt.dispatch.files import read_form, template
from quotawatt.dispatch.order import Action, OrderState
from quotawatt.errors import StateError
from quotawatt.rulebook.proposal import person_of
from quotawatt.settings import Language
from quotawatt.spans import INSTANT
from quotawatt.storage.fleet_tables import dispatch_orders

router = APIRouter(prefix="/dispatch", tags=["dispatch"])

Reader = Annotated[Permit, needs(Permission.RESULTS_READ)]
Writer = Annotated[Permit, needs(Permission.DISPATCH_WRITE)]
Decider = Annotated[Permit, needs(Permission.DISPATCH_DECIDE)]
Number = Annotated[int, Path(ge=1, le=2**63 - 1, description="Number of the order")]
LanguageParam = Annotated[
    Language | None, Query(alias="lang", description="Of words for people; default: the setting's")
]
_CodeParam = Annotated[str | None, Query(max_length=64, description="Code")]
_TimeParam = Annotated[str | None, Query(max_length=64, description="Instant, or a local date")]
SourceParam = Annotated[
    str, Query(min_length=1, max_length=64, description="Within which the orders are numbered")
]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WORKBOOK: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "A workbook",
        "content": {XLSX: {"schema": {"type": "string", "format": "binary"}}},
    }
}


async def _uploaded(request: Request, permit: Decider) -> Upload:
    return await uploaded_file(request)


GivenFile = Annotated[Upload, Depends(_uploaded)]


@router.get("/orders", response_model=OrderPage)
def list_orders(
    services: Given,
    permit: Reader,
    state: OrderState | None = None,
    organisation: _CodeParam = None,
    vehicle: _CodeParam = None,
    driver: _CodeParam = None,
    mine: Annotated[bool, Query(description="Only those one asked for or drives")] = False,
    from_: Annotated[str | None, Query(alias="from", description="Of this time or later")] = None,
    until: _TimeParam = None,
    limit: LimitParam = 100,
    offset: OffsetParam = 0,
) -> dict[str, Any]:
    """Orders, the latest planned first."""
    t = dispatch_orders.c
    wanted = {t.state: state, t.organisation: organisation, t.vehicle: vehicle, t.driver: driver}
    conditions = [column == value for column, value in wanted.items() if value is not None]
    conditions += _within(services, from_, until)
    if mine:
        with services.records.connect() as conn:
            conditions.append(desk.of_person(conn, permit.actor))
    return desk.order_page(services, permit, conditions, limit, offset)


@router.post("/orders", response_model=OrderOut, status_code=201)
def request_order(services: Given, permit: Writer, body: OrderIn) -> dict[str, Any]:
    """Ask for a vehicle, for an organisation of one's own."""
    permit.require(body.organisation)
    zone = ZoneInfo(services.settings.timezone)
    times = {
        name: parse_instant(getattr(body, name), name, zone)
        for name in ("planned_start", "planned_end")
    }
    return desk.request(services, permit, Wish(**{**body.model_dump(), **times}))


@router.get("/orders/{number}", response_model=OrderOut)
def read_order(services: Given, permit: Reader, number: Number) -> dict[str, Any]:
    """One order."""
    order = desk.order_within(services, permit, number)
    with services.records.connect() as conn:
        drivers = desk.drivers_by_code(conn)
    return desk.order_item(order, services.register_source(), drivers)


@router.post("/orders/{number}/approve", response_model=OrderOut)
def approve(services: Given, permit: Decider, number: Number, body: NoteIn) -> dict[str, Any]:
    """Approve an order that somebody else asked for."""
    return desk.do(services, permit, number, Action.APPROVE, Told(note=body.note))


@router.post("/orders/{number}/reject", response_model=OrderOut)
def reject(services: Given, permit: Decider, number: Number, body: NoteIn) -> dict[str, Any]:
    """Reject an order that somebody else asked for, and say why."""
    return desk.do(services, permit, number, Action.REJECT, Told(note=body.note))


@router.post("/orders/{number}/assign", response_model=OrderOut)
def assign(services: Given, permit: Decider, number: Number, body: AssignIn) -> dict[str, Any]:
    """Give an approved order a vehicle and a driver that are free; an assigned one others."""
    told = Told(vehicle=body.vehicle, driver=body.driver)
    return desk.do(services, permit, number, Action.ASSIGN, told)


@router.post("/orders/{number}/leave", response_model=OrderOut)
def leave(services: Given, permit: Writer, number: Number, body: LeaveIn) -> dict[str, Any]:
    """Say that the vehicle left, and what the odometer showed."""
    told = Told(at=_instant(services, body.at), odometer_km=body.odometer_km)
    return desk.do(services, permit, number, Action.LEAVE, told)


@router.post("/orders/{number}/return", response_model=OrderOut)
def give_back(services: Given, permit: Writer, number: Number, body: ReturnIn) -> dict[str, Any]:
    """Say that the vehicle is back, what the odometer shows, and what the way cost."""
    told = Told(
        at=_instant(services, body.at),
        odometer_km=body.odometer_km,
        litres=body.litres,
        cost_cny=body.cost_cny,
    )
    return desk.do(services, permit, number, Action.RETURN, told)


@router.post("/orders/{number}/rate", response_model=OrderOut)
def rate(services: Given, permit: Writer, number: Number, body: RateIn) -> dict[str, Any]:
    """Rate the driving; its driver does not."""
    return desk.do(services, permit, number, Action.RATE, Told(note=body.note, rating=body.rating))


@router.post("/orders/{number}/cancel", response_model=OrderOut)
def cancel(services: Given, permit: Writer, number: Number, body: NoteIn) -> dict[str, Any]:
    """Cancel an order of one's own that has not left; who decides may cancel those of others."""
    order = desk.order_within(services, permit, number)
    own = person_of(permit.actor) == person_of(order.applicant)
    if not own and not permit.may_also(Permission.DISPATCH_DECIDE, order.organisation):
        rule = "an order must be cancelled by who asked for it, or by who decides on it"
        raise StateError(f"{rule}, got {permit.actor}")
    return desk.do(services, permit, number, Action.CANCEL, Told(note=body.note))


@router.put("/sources/{source}/orders/{source_number}", response_model=OrderOut)
def put_order(
    services: Given,
    permit: Decider,
    source: Annotated[str, Path(max_length=64, description="Name of the other system")],
    source_number: Annotated[str, Path(max_length=64, description="Its number there")],
    body: ForeignOrderIn,
) -> dict[str, Any]:
    """Hand in an order of another system; the same again changes nothing, another corrects what is kept."""
    permit.require(body.organisation)
    cells = {**body.model_dump(exclude_unset=True), "source_number": source_number}
    found = desk.found_of_cells(FORM, cells, "order")
    setting = setting_of(services, permit)
    with services.records.begin() as conn:
        intake.take_orders(conn, found, source, permit.actor, setting)
        order = book.orders_of_source(conn, source, [source_number])[source_number]
        return desk.order_item(order, setting.register, desk.drivers_by_code(conn))


@router.get("/template.xlsx", response_class=Response, responses=WORKBOOK)
def order_template(services: Given, permit: Reader, language: LanguageParam = None) -> Response:
    """The empty workbook of orders to fill."""
    data = template(FORM, language or services.settings.language)
    headers = {"Content-Disposition": 'attachment; filename="orders.xlsx"'}
    return Response(data, media_type=XLSX, headers=headers)


@router.post("/import", response_model=RowImport, openapi_extra=UPLOAD)
def import_orders(
    services: Given,
    permit: Decider,
    upload: GivenFile,
    dry_run: Annotated[bool, Query(description="Only work out what would be done")] = True,
    source: SourceParam = intake.FILE_SOURCE,
    language: LanguageParam = None,
) -> dict[str, Any]:
    """A workbook or CSV of orders: all of it or nothing. What stands against it is in `problems`."""
    setting = setting_of(services, permit)
    found = read_form(FORM, upload.name, upload.data)
    words = language or services.settings.language
    with services.records.begin() as conn:
        plan = intake.plan_orders(conn, found, source, permit.actor, setting)
        applied = not dry_run and not plan.problems
        if applied:
            plan = intake.take_orders(conn, found, source, permit.actor, setting)
    return desk.import_item(plan, found, words, applied=applied)


def _within(services: Services, first: str | None, until: str | None) -> list[ColumnElement[bool]]:
    """The condition that the planned or actual use is of this time; None: open."""
    zone, t = ZoneInfo(services.settings.timezone), dispatch_orders.c
    start = None if first is None else parse_instant(first, "from", zone)
    end = None if until is None else parse_instant(until, "until", zone)
    if start is not None and end is not None:
        return [book.during(start, end)]
    if start is not None:
        return [book.during(start, start + INSTANT) | (t.planned_start >= start)]
    return [] if end is None else [t.planned_start < end]


def _instant(services: Services, told: str | None) -> Any:
    zone = ZoneInfo(services.settings.timezone)
    return None if told is None else parse_instant(told, "at", zone)
