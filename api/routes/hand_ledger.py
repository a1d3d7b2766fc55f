"""The monthly ledger (台账): as JSON, as a workbook and as CSV."""

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query
from starlette.responses import Response

from analytics.consumption.handledger import Line
from analytics.jobs.handledger import asset_of_line, covered, month_ledger
from api.access import Permit, needs
from api.hand_schemas import MonthLedger
from api.params import Given, require_asset
from api.services import Services
from quotawatt.access.roles import Permission
from quotawatt.errors import InputError
from quotawatt.hand.ledger_file import FILES
from quotawatt.quantities import QUANTITIES
from quotawatt.settings import Language

router = APIRouter(prefix="/hand", tags=["hand"])

Reader = Annotated[Permit, needs(Permission.RESULTS_READ)]
MonthParam = Annotated[str, Query(description="YYYY-MM, local", examples=["2024-05"])]
AssetParam = Annotated[
    str | None,
    Query(max_length=64, description="Only this asset, or what an organisation or building has"),
]
LanguageParam = Annotated[
    Language | None, Query(alias="lang", description="Of the headings; default: the setting's")
]

_TYPES = {
    ".csv": "text/csv; charset=utf-8",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_FIRST_YEAR, _LAST_YEAR = 2010, 2199


def _file(suffix: str) -> dict[int | str, dict[str, Any]]:
    media, schema = _TYPES[suffix], {"schema": {"type": "string", "format": "binary"}}
    return {200: {"description": "The ledger", "content": {media.partition(";")[0]: schema}}}


@router.get("/ledger", response_model=MonthLedger)
def read_ledger(
    services: Given, permit: Reader, month: MonthParam, asset: AssetParam = None
) -> dict[str, Any]:
    """What each point used in a month, and what it was read, billed and bought by."""
    return {"month": month, "items": _lines(services, permit, month, asset)}


@router.get("/ledger.xlsx", response_class=Response, responses=_file(".xlsx"))
def ledger_xlsx(
    services: Given,
    permit: Reader,
    month: MonthParam,
    asset: AssetParam = None,
    language: LanguageParam = None,
) -> Response:
    """The ledger of a month as a workbook."""
    lines = _lines(services, permit, month, asset)
    return _written(services, ".xlsx", month, lines, language)


@router.get("/ledger.csv", response_class=Response, responses=_file(".csv"))
def ledger_csv(
    services: Given,
    permit: Reader,
    month: MonthParam,
    asset: AssetParam = None,
    language: LanguageParam = None,
) -> Response:
    """The ledger of a month as CSV."""
    lines = _lines(services, permit, month, asset)
    return _written(services, ".csv", month, lines, language)


def _written(
    services: Services,
    suffix: str,
    month: str,
    lines: list[dict[str, Any]],
    language: Language | None,
) -> Response:
    zone = ZoneInfo(services.settings.timezone)
    data = FILES[suffix](month, lines, language or services.settings.language, zone)
    headers = {"Content-Disposition": f'attachment; filename="ledger-{month}{suffix}"'}
    return Response(data, media_type=_TYPES[suffix], headers=headers)


def _lines(
    services: Services, permit: Permit, month: str, asset: str | None
) -> list[dict[str, Any]]:
    first, register = _first_day(month), services.register_source()
    within = None
    if asset is not None:
        require_asset(register, asset)
        permit.require(asset)
        within = covered(register, asset)

    def wanted(code: str) -> bool:
        return permit.sees(code) and (within is None or within(code))

    lines = month_ledger(
        services.series,
        services.records,
        register,
        first,
        wanted,
        ZoneInfo(services.settings.timezone),
        services.clock(),
    )
    return [_plain(line, services) for line in lines]


def _plain(line: Line, services: Services) -> dict[str, Any]:
    register, code = services.register_source(), asset_of_line(line)
    asset = register.assets[code]
    said = {name: value for name, value in asdict(line).items() if name != "point"}
    return {
        **said,
        "asset": code,
        "name": {"zh": asset.name_zh, "en": asset.name_en},
        "organisation": register.organisation_of(code),
        "quantity": line.point.measure,
        "unit": QUANTITIES[line.point.measure].unit,
    }


def _first_day(month: str) -> date:
    try:
        first = date.fromisoformat(f"{month}-01") if len(month) == len("2024-05") else None
    except ValueError:
        first = None
    if first is None or not _FIRST_YEAR < first.year <= _LAST_YEAR:
        raise InputError(
            f"month must be YYYY-MM in the years {_FIRST_YEAR + 1} to {_LAST_YEAR}, got {month!r}"
        )
    return first
