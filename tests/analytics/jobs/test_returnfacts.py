"""The facts of returns from the stores, and closed returns against them."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from sqlalchemy import Engine

from analytics.jobs.issuedreturns import issued_findings
from analytics.jobs.returnfacts import read_facts
from analytics.returns.fill import Facts, Figure, Wanted, fill
from quotawatt.hand import book
from quotawatt.hand.entries import Entry
from quotawatt.readings import RESULTS, Grain
from quotawatt.register.model import (
    Building,
    Charger,
    FormerValue,
    Headcount,
    Meter,
    Organisation,
    Register,
    Site,
    Vehicle,
)
from quotawatt.returns import process
from quotawatt.returns.book import Act
from quotawatt.returns.periods import Period
from quotawatt.rulebook.loader import load_rulebook
from quotawatt.spans import DAY, local_midnight
from quotawatt.storage.memory import MemorySeriesStore
from quotawatt.storage.records import open_records

ZONE = ZoneInfo("Asia/Shanghai")
Q1 = Period(2023, 1)
JAN, FEB, MAR = Q1.months
POWER = Wanted("electricity_import_kwh")
BOOK = load_rulebook()
FORM = process.form_for(BOOK, "energy-statistics", Q1)
NOW = datetime(2023, 5, 1, tzinfo=UTC)

REGISTER = Register(
    organisations=[
        Organisation("TOP", "上", "Top", "party_government", "city"),
        Organisation("LOW", "下", "Low", "party_government", "city", "TOP"),
    ],
    headcounts=[
        Headcount("TOP", "in_post", 10, date(2020, 1, 1)),
        Headcount("TOP", "non_establishment", 9, date(2023, 2, 1)),
        Headcount("LOW", "in_post", 20, date(2020, 1, 1)),
    ],
    sites=[Site("S", "院", "Site", "Asia/Shanghai", "shandong", "B")],
    # B-MOVED was LOW's until 1 March.
    buildings=[
        Building("B-TOP", "甲", "A", "S", "TOP", gross_area_m2=1000.0, heated_area_m2=800.0),
        Building("B-MOVED", "乙", "B", "S", "TOP", gross_area_m2=500.0),
        Building("B-LOW", "丙", "C", "S", "LOW"),
    ],
    meters=[Meter(f"M-{b}", "表", "Meter", b, "electricity") for b in ("B-TOP", "B-LOW")],
    chargers=[Charger("CH", "桩", "Charger", "B-TOP", 7.0)],
    vehicles=[
        Vehicle("CAR", "车", "Car", "TOP", "鲁A00001", "car", "petrol"),
        Vehicle("EV", "车", "EV", "TOP", "鲁A00002", "car", "electric"),
    ],
    former_values=[FormerValue("B-MOVED", "organisation", "LOW", date(2023, 3, 1))],
)


def days(series: MemorySeriesStore, subject: str, measure: str, value: float, **more: Any) -> None:
    """``value`` on each day from ``first`` up to ``until``; default the whole quarter."""
    first, until = more.get("first", Q1.first), more.get("until", Q1.until)
    starts = [local_midnight(first + n * DAY, ZONE) for n in range((until - first).days)]
    rows = [
        {
            "subject": subject,
            "measure": measure,
            "start": start,
            "value": value,
            "quality": "measured",
            "coverage": 1.0,
            "revision": 0,
            "withdrawn": False,
        }
        for start in starts
    ]
    series.write_results(Grain.DAY, pa.Table.from_pylist(rows, schema=RESULTS))


@pytest.fixture
def series() -> MemorySeriesStore:
    made = MemorySeriesStore()
    days(made, "B-TOP", POWER.measure, 10.0)
    days(made, "B-MOVED", POWER.measure, 1.0)
    days(made, "B-LOW", POWER.measure, 100.0)
    days(made, "CAR", "fuel_used_l", 2.0, until=date(2023, 2, 1))
    return made


def facts(series: MemorySeriesStore, records: Engine, code: str = "TOP") -> Facts:
    return read_facts(series, records, REGISTER, [code], FORM, Q1, ZONE)[code]


def enter(records: Engine, entry: Entry) -> None:
    with records.begin() as conn:
        book.add_entry(conn, entry, entry.asset, "li", NOW)


def bill(asset: str, quantity: str, first: date, until: date, **more: Any) -> Entry:
    span = (local_midnight(first, ZONE), local_midnight(until, ZONE))
    return Entry("bill", asset, quantity, *span, **more)


def test_use_follows_the_register_and_leaves_out_who_is_below(
    series: MemorySeriesStore, records: Engine
) -> None:
    top, low = (facts(series, records, code).uses for code in ("TOP", "LOW"))
    # January 31 days, March 31: B-MOVED comes over with 1 kWh a day.
    assert [top[POWER, month] for month in Q1.months] == [
        Figure(310.0), Figure(280.0), Figure(341.0),
    ]  # fmt: skip
    assert low[POWER, FEB] == Figure(2828.0)  # (100 + 1) × 28
    assert low[POWER, MAR] == Figure(3100.0)


def test_fuel_of_vehicles_counts_by_their_energy(
    series: MemorySeriesStore, records: Engine
) -> None:
    uses = facts(series, records).uses
    assert uses[Wanted("petrol_l"), JAN] == Figure(62.0)
    assert (Wanted("diesel_l"), JAN) not in uses


def test_days_without_results_lower_the_coverage(records: Engine) -> None:
    series = MemorySeriesStore()
    days(series, "B-TOP", POWER.measure, 10.0, until=date(2023, 1, 16))
    # 15 of January's 31 days; B-MOVED has no meter that would be missed.
    assert facts(series, records).uses[POWER, JAN] == Figure(150.0, 15 / 31)


def test_a_building_whose_meter_is_silent_is_a_gap(records: Engine) -> None:
    series = MemorySeriesStore()
    days(series, "B-MOVED", POWER.measure, 1.0)
    found = facts(series, records).uses[POWER, MAR]
    assert found == Figure(31.0, 0.5)  # of B-TOP, which has a meter, nothing is known


def test_bills_count_in_the_month_in_which_they_end(
    series: MemorySeriesStore, records: Engine
) -> None:
    enter(
        records, bill("M-B-TOP", POWER.measure, date(2023, 1, 20), date(2023, 2, 20), cost_cny=70)
    )
    enter(records, bill("M-B-TOP", POWER.measure, date(2023, 2, 20), date(2023, 3, 1), cost_cny=30))
    enter(records, bill("M-B-LOW", POWER.measure, date(2023, 2, 1), date(2023, 3, 1), cost_cny=9))
    assert facts(series, records).costs == {(POWER.measure, FEB): Figure(100.0)}


def test_without_bills_the_tariff_says_what_it_cost(
    series: MemorySeriesStore, records: Engine
) -> None:
    days(series, "B-TOP", "electricity_cost_cny", 8.0)
    days(series, "B-LOW", "electricity_cost_cny", 80.0)
    assert facts(series, records).costs[POWER.measure, FEB] == Figure(224.0, 1.0, 1.0)
    enter(records, bill("M-B-TOP", POWER.measure, date(2023, 3, 1), date(2023, 4, 1), cost_cny=7))
    assert facts(series, records).costs == {(POWER.measure, MAR): Figure(7.0)}


def test_what_is_charged_by_the_month_is_part_of_the_computed_cost(
    series: MemorySeriesStore, records: Engine
) -> None:
    days(series, "B-TOP", "electricity_cost_cny", 8.0)
    charge = {
        "subject": "B-TOP",
        "measure": "electricity_cost_fixed_cny",
        "start": local_midnight(date(2023, 2, 1), ZONE),
        "value": 30.0,
        "quality": "estimated",
        "coverage": 1.0,
        "revision": 0,
        "withdrawn": False,
    }
    series.write_results(Grain.MONTH, pa.Table.from_pylist([charge], schema=RESULTS))
    # 28 days of February at 8 CNY, and the month's basic charge of 30: 224 + 30.
    assert facts(series, records).costs[POWER.measure, FEB].value == 254.0
    assert facts(series, records).costs[POWER.measure, JAN].value == 248.0


def test_heat_by_area_is_spread_over_the_days_of_its_bill(
    series: MemorySeriesStore, records: Engine
) -> None:
    # 59 GJ over January and February, 59 days: 31 and 28.
    rate = {"amount": 59.0, "gj_per_m2": 0.1}
    enter(records, bill("B-TOP", "heat_gj", date(2023, 1, 1), date(2023, 3, 1), **rate))
    found = facts(series, records).heat_by_area_gj
    assert found == pytest.approx({JAN: 31.0, FEB: 28.0, MAR: 0.0})


def test_the_register_is_that_of_the_last_day_and_people_a_daily_mean(
    series: MemorySeriesStore, records: Engine
) -> None:
    top = facts(series, records).register
    assert top["gross_area_m2"] == 1500.0
    assert top["heated_area_m2"] == 800.0
    assert (top["charging_points"], top["vehicles"], top["new_energy_vehicles"]) == (1, 2, 1)
    # The others are known from 1 February only: a part is not the whole.
    assert top["people"] is None
    low = facts(series, records, "LOW").register
    assert (low["people"], low["gross_area_m2"]) == (20.0, None)


def accepted(records: Engine, series: MemorySeriesStore, **written: float) -> None:
    cells = fill(FORM, Q1, facts(series, records))
    with records.begin() as conn:
        kept = process.fill_return(conn, FORM, "TOP", Q1, cells, Act("li", NOW))
        if written:
            process.set_cells(conn, kept.id, FORM, written, Act("li", NOW, "bill"))
        process.submit(conn, kept.id, [], Act("li", NOW))
        process.accept(conn, kept.id, FORM, REGISTER.organisations["TOP"], Act("wang", NOW))


def check(records: Engine, series: MemorySeriesStore, now: datetime = NOW) -> list[Any]:
    return issued_findings(series, records, REGISTER, BOOK, now, ZONE)


def test_a_closed_return_that_data_contradict_is_a_finding(
    series: MemorySeriesStore, tmp_path: Any
) -> None:
    records = open_records("sqlite", tmp_path)
    accepted(records, series, **{"use.water": 5.0})
    assert check(records, series) == []
    days(series, "B-TOP", POWER.measure, 11.0, first=date(2023, 2, 1), until=date(2023, 2, 2))
    [found] = check(records, series)
    assert (found.code, found.subject) == ("issued_differs", "TOP")
    assert found.detail["cells"] == "use.electricity, use.electricity.2023-02"
    assert (found.detail["issued_value"], found.detail["present_value"]) == (931.0, 932.0)
    # Daily results of so long ago may be gone.
    assert check(records, series, datetime(2026, 1, 1, tzinfo=UTC)) == []
