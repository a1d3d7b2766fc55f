"""What is made public of uses of vehicles, and the yearly statistics as a workbook."""

from dataclasses import asdict
from datetime import timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query
from starlette.responses import Response

from analytics.assessment.visible import classified_codes
from analytics.fleet.matching import match_orders
from analytics.fleet.publicsheet import public_sheet
from analytics.fleet.publicuse import PublicUse, open_to_public, public_uses
from analytics.fleet.yearreport import report_sheets
from api.access import Permit, needs
from api.fleet import Vehicles, vehicles_asked
from api.fleet_report_schemas import PublicUses
from api.fleet_year import report_facts
from api.params import FromParam, Given, UntilParam, parse_span, require_max_span
from api.routes.dispatch import XLSX, LanguageParam
from api.routes.fleet_accounts import YearParam, year_asked
from api.routes.fleet_trips import OrganisationParam, VehicleParam
from api.services import Services
from quotawatt.access.roles import Permission
from quotawatt.dispatch.book import orders_between
from quotawatt.fleet.book import trips_during
from quotawatt.fleet.masking import masked_item, shown_plate
from quotawatt.fleet.sheets import Sheet, sheet_csv, sheets_workbook
from quotawatt.settings import Language
from quotawatt.spans import INSTANT, Span, local_date

router = APIRouter(prefix="/fleet", tags=["fleet"])

MAX_DAYS = 93
_TOLERANCE = timedelta(minutes=30)
_CSV = "text/csv; charset=utf-8"

Reader = Annotated[Permit, needs(Permission.RESULTS_READ)]
PublicParam = Annotated[
    bool,
    Query(description="Without vehicles that must not be followed and classified organisations"),
]


def _file(media: str, said: str) -> dict[int | str, dict[str, Any]]:
    schema = {"schema": {"type": "string", "format": "binary"}}
    return {200: {"description": said, "content": {media: schema}}}


@router.get("/public-uses", response_model=PublicUses)
def list_public_uses(
    services: Given,
    permit: Reader,
    first: FromParam,
    until: UntilParam = None,
    vehicle: VehicleParam = None,
    organisation: OrganisationParam = None,
    public: PublicParam = False,
) -> dict[str, Any]:
    """Time, purpose, places, distance, energy and cost of each trip of at most 93 days; what is missing."""
    asked = vehicles_asked(permit, vehicle, organisation)
    rows = _uses(services, asked, _span(services, first, until), public=public)
    masked = [] if public else [masked_item(one) for one in asked.masked]
    return {"items": [_item(services, row) for row in rows], "masked": masked}


@router.get(
    "/public-uses.csv", response_class=Response, responses=_file("text/csv", "For publication")
)
def public_uses_csv(
    services: Given,
    permit: Reader,
    first: FromParam,
    until: UntilParam = None,
    organisation: OrganisationParam = None,
    language: LanguageParam = None,
) -> Response:
    """The same as CSV for publication, without exempt vehicles and classified organisations."""
    sheet = _sheet(services, permit, _span(services, first, until), organisation, language)
    return _download(sheet_csv(sheet), _CSV, "vehicle-uses.csv")


@router.get("/public-uses.xlsx", response_class=Response, responses=_file(XLSX, "For publication"))
def public_uses_workbook(
    services: Given,
    permit: Reader,
    first: FromParam,
    until: UntilParam = None,
    organisation: OrganisationParam = None,
    language: LanguageParam = None,
) -> Response:
    """The same as a workbook for publication."""
    sheet = _sheet(services, permit, _span(services, first, until), organisation, language)
    return _download(sheets_workbook([sheet]), XLSX, "vehicle-uses.xlsx")


@router.get("/report.xlsx", response_class=Response, responses=_file(XLSX, "The workbook"))
def year_report(
    services: Given,
    permit: Reader,
    year: YearParam = None,
    organisation: OrganisationParam = None,
    language: LanguageParam = None,
) -> Response:
    """The yearly statistics of official vehicles: holdings, use, energy, cost, pools, what is due."""
    chosen = year_asked(services, year)
    facts = report_facts(services, permit, chosen, organisation)
    sheets = report_sheets(facts, language or services.settings.language)
    return _download(sheets_workbook(sheets), XLSX, f"vehicles-{chosen}.xlsx")


def _span(services: Services, first: str, until: str | None) -> Span:
    now, zone = services.clock(), ZoneInfo(services.settings.timezone)
    span = parse_span(first, until, zone, now)
    require_max_span(span, MAX_DAYS)
    return span


def _uses(services: Services, asked: Vehicles, span: Span, *, public: bool) -> list[PublicUse]:
    wide = Span(span.start - _TOLERANCE, span.end + _TOLERANCE)
    with services.records.connect() as conn:
        trips = trips_during(conn, wide, asked.followed)
        orders = orders_between(conn, wide.start, wide.end, asked.followed)
    found = public_uses(match_orders(orders, trips, services.clock()))
    rows = [row for row in found if row.start is not None and span.contains(row.start)]
    if not public:
        return rows
    register = services.register_source()
    return open_to_public(rows, register, classified_codes([register]))


def _sheet(
    services: Services,
    permit: Permit,
    span: Span,
    organisation: str | None,
    language: Language | None,
) -> Sheet:
    asked = vehicles_asked(permit, None, organisation)
    zone = ZoneInfo(services.settings.timezone)
    rows = _uses(services, asked, span, public=True)
    days = local_date(span.start, zone), local_date(span.end - INSTANT, zone)
    chosen = language or services.settings.language
    return public_sheet(rows, *days, services.register_source(), chosen, zone)


def _item(services: Services, row: PublicUse) -> dict[str, Any]:
    vehicle = services.register_source().vehicles.get(row.vehicle)
    whose = "" if vehicle is None else vehicle.organisation
    return {**asdict(row), "plate": shown_plate(vehicle), "organisation": whose}


def _download(data: bytes, media: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(data, media_type=media, headers=headers)
