"""The monthly ledger as a workbook and as CSV."""

import csv
import io
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from quotawatt.hand.ledger_file import FILES, headings_of
from tests.quotawatt.hand.world import ZONE

LINE: dict[str, Any] = {
    "asset": "=WATER",
    "name": {"zh": "水表", "en": "Water"},
    "organisation": "ORG-1",
    "quantity": "water_m3",
    "unit": "m³",
    "source": "reading",
    "opening_reading": {"time": "2024-04-30T16:00:00Z", "value": 100.0},
    "closing_reading": None,
    "multiplier": 1.0,
    "use_by_readings": None,
    "use": 31.5,
    "coverage": 0.5,
    "estimated": 1.0,
    "billed": None,
    "opening_stock": None,
    "bought": None,
    "closing_stock": None,
    "cost_cny": 12.5,
    "entries": [3, 4],
    "entered_by": ["a", "b"],
    "previous_month": -1.0,
    "last_year": None,
}


def test_csv_opens_in_a_spreadsheet_and_runs_nothing() -> None:
    data = FILES[".csv"]("2024-05", [LINE], "en", ZONE)
    assert data.startswith(b"\xef\xbb\xbf")
    header, row = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    assert header == headings_of("en")
    line = dict(zip(header, row, strict=True))
    assert (line["Asset"], line["Opening reading at"]) == ("'=WATER", "2024-05-01 00:00")
    assert (line["Month before"], line["Coverage %"], line["Closing reading"]) == (
        "-1.0",
        "50.0",
        "",
    )


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_workbook_has_numbers_as_numbers(language: Any) -> None:
    data = FILES[".xlsx"]("2024-05", [LINE], language, ZONE)
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    header, row = book.get_sheet_by_name("2024-05").to_python()
    line = dict(zip(headings_of("zh"), row, strict=True))
    assert header == headings_of(language)
    assert (line["计量点"], line["本月用量"], line["录入人"]) == ("=WATER", 31.5, "a, b")
    assert data == FILES[".xlsx"]("2024-05", [LINE], language, ZONE)
