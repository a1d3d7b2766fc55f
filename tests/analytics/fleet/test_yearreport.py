"""The yearly statistics as a workbook: every sheet read again, with unit and source of each figure."""

import io
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from python_calamine import CalamineWorkbook

from analytics.fleet.accountfacts import AccountFacts
from analytics.fleet.accounting import month_accounts, months_of
from analytics.fleet.accounts import Account, year_account
from analytics.fleet.tripframe import trip_frame
from analytics.fleet.utilisation import pool_uses, surpluses
from analytics.fleet.yearreport import ReportFacts, report_sheets
from quotawatt.fleet.sheets import sheets_workbook
from quotawatt.fleet.trips import DistanceBy, Trip
from quotawatt.register.model import Organisation, Register, Vehicle
from quotawatt.settings import Language

ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2023, 5, 8, 1, tzinfo=UTC)
CAR = Vehicle("CAR-1", "车", "Car", "ORG-2", "鲁A1", "car", "petrol", acquired=date(2014, 1, 1))
VEHICLES = [
    CAR,
    replace(
        CAR, code="CAR-2", plate="鲁AD2", organisation="ORG-1", energy="electric", acquired=None
    ),
    replace(CAR, code="CAR-3", plate="鲁A3", status="disposed"),
    replace(CAR, code="CAR-9", plate="鲁A9", tracking_exempt=True, acquired=None),
]
REGISTER = Register(
    organisations=[
        Organisation("ORG-1", "甲机关", "First", "party_government", "city", vehicle_quota=3),
        Organisation(
            "ORG-2", "乙机关", "Second", "party_government", "city", "ORG-1", vehicle_quota=1
        ),
    ],
    vehicles=VEHICLES,
)


def year_accounts() -> tuple[AccountFacts, list[Account]]:
    trip = Trip("CAR-1", START, START + timedelta(hours=1), 40.0, DistanceBy.ODOMETER, fuel_l=4.0)
    results = {("CAR-9", date(2023, 5, 1), "odometer_km"): 60.0}
    facts = AccountFacts(
        ZONE, datetime(2024, 1, 1, tzinfo=UTC), VEHICLES, trip_frame([trip]), results=results
    )
    months = month_accounts(facts, months_of(2023))
    return facts, [year_account(months[n : n + 12]) for n in range(0, len(months), 12)]


def workbook(language: Language) -> dict[str, list[list[Any]]]:
    facts, accounts = year_accounts()
    report = ReportFacts(
        first=date(2023, 1, 1),
        until=date(2024, 1, 1),
        organisation="",
        register=REGISTER,
        accounts=accounts,
        pools=pool_uses(accounts, facts.trips, [], ZONE),
        surpluses=surpluses(accounts, facts.trips, ZONE, 365),
        renewable_years=8.0,
        sources=("set-1",),
    )
    data = sheets_workbook(report_sheets(report, language))
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


@pytest.fixture(scope="module")
def sheets() -> dict[str, list[list[Any]]]:
    return workbook("zh")


def test_all_sheets_are_there_in_both_languages(sheets: dict[str, list[list[Any]]]) -> None:
    assert list(sheets) == [
        *("1 公务用车统计汇总", "2 车辆构成与用能", "3 按单位（含下级）", "4 单车核算"),
        *("5 利用与空驶", "6 更新与处置", "7 来源与口径"),
    ]
    english = [cell for rows in workbook("en").values() for row in rows[:6] for cell in row]
    assert not [cell for cell in english if any("一" <= sign <= "鿿" for sign in str(cell))]


def test_the_summary_says_figure_unit_and_source(sheets: dict[str, list[list[Any]]]) -> None:
    rows = {row[0]: row[1:4] for row in sheets["1 公务用车统计汇总"][6:]}
    assert rows["编制数"] == [4, "辆", "台账"]
    assert rows["实有数"] == [3, "辆", "台账"]
    assert rows["行驶里程"] == [100, "km", "月结果/行程"]
    assert rows["百公里油耗"] == [10, "L/100 km", "月结果/行程"]
    assert rows["新能源车占比"][0] == pytest.approx(33.333)
    assert rows["费用合计"][0] == ""  # not known is no zero


def test_organisations_hold_what_those_below_them_hold(sheets: dict[str, list[list[Any]]]) -> None:
    top, below = sheets["3 按单位（含下级）"][6:]
    assert top[:5] == ["甲机关", 3, 1, 0, 3]
    assert below[:5] == ["　乙机关", 1, 2, 1, 2]


def test_an_exempt_vehicle_is_masked(sheets: dict[str, list[list[Any]]]) -> None:
    heads = sheets["4 单车核算"][3]
    row = dict(zip(heads, sheets["4 单车核算"][-1], strict=True))
    assert (row["编码"], row["号牌"], row["行驶里程"]) == ("CAR-9", "*****", 60)
    assert (row["行程数"], row["使用天数"], row["使用小时"]) == ("", "", "")


def test_what_is_due_names_old_and_disposed_vehicles(sheets: dict[str, list[list[Any]]]) -> None:
    rows = sheets["6 更新与处置"][6:]
    found = {(row[0], row[3]) for row in rows}
    assert ("CAR-1", "达到更新年限") in found
    assert ("CAR-3", "已调出或处置") in found
    assert ("CAR-2", "可调剂或处置") in found
