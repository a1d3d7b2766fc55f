"""The public facts of uses of vehicles as a sheet: for CSV and for a workbook."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from analytics.fleet.publicuse import PublicUse
from analytics.fleet.reportcolumns import columns_of
from quotawatt.fleet.masking import shown_plate
from quotawatt.fleet.reportwords import report_word
from quotawatt.fleet.sheets import Sheet
from quotawatt.register.model import Register
from quotawatt.settings import Language
from quotawatt.spreadsheets import Cell

_HEADS = ("plate", "organisation", "start", "end", "purpose", "place", "distance_km")
_MORE = ("fuel_l", "electricity_kwh", "cost_cny", "missing")
_FACTS = {"energy": "energy_fact"}
"""The word for a missing fact, where it is not that of a column."""


def public_sheet(
    rows: Sequence[PublicUse],
    first: date,
    last: date,
    register: Register,
    language: Language,
    zone: ZoneInfo,
) -> Sheet:
    """The uses of the local days from ``first`` to ``last``, both included; times are local."""
    whose = report_word("all", language)
    line = report_word("line", language, organisation=whose, first=first, last=last)
    cells = [_cells(row, register, language, zone) for row in rows]
    columns = columns_of((*_HEADS, *_MORE), language)
    return Sheet(report_word("public", language), line, columns, cells)


def _cells(row: PublicUse, register: Register, language: Language, zone: ZoneInfo) -> list[Cell]:
    vehicle = register.vehicles.get(row.vehicle)
    organisation = None if vehicle is None else register.organisations.get(vehicle.organisation)
    name = ""
    if organisation is not None:
        name = organisation.name_zh if language == "zh" else organisation.name_en
    missing = (report_word(_FACTS.get(fact, fact), language) for fact in row.missing)
    return [
        *(shown_plate(vehicle), name, _local(row.start, zone), _local(row.end, zone)),
        *(row.purpose, row.places, row.distance_km, row.fuel_l, row.electricity_kwh),
        *(row.cost_cny, ("、" if language == "zh" else ", ").join(missing)),
    ]


def _local(at: datetime | None, zone: ZoneInfo) -> str:
    return "" if at is None else f"{at.astimezone(zone):%Y-%m-%d %H:%M}"
