"""Emissions by interval."""

from datetime import date
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.carbon.series import carbon_series
from quotawatt.errors import NotFoundError
from quotawatt.readings import RESULTS
from quotawatt.register.model import Building, Organisation, Register, Site
from quotawatt.rulebook.loader import load_rulebook
from tests.analytics.accounts_example import ZONE, daily, local, register

BOOK = load_rulebook()


def values(
    frame: pd.DataFrame, with_register: Register | None = None, measure: str = "carbon_kgco2"
) -> dict[str, list[float]]:
    series = carbon_series(frame, with_register or register(), BOOK, ZONE)
    by_subject: dict[str, list[float]] = {}
    for row in series.results.to_pylist():
        if row["measure"] == measure:
            by_subject.setdefault(row["subject"], []).append(row["value"])
    return by_subject


def test_carriers_are_added_up_by_interval() -> None:
    use = {
        ("BLD-1", "electricity_import_kwh"): 1000,
        ("BLD-1", "heat_gj"): 2,
        ("BLD-1", "pv_generation_kwh"): 100,
        ("BLD-1", "water_m3"): 50,
        ("MTR-1", "electricity_import_kwh"): 400,
        ("ORG-1", "petrol_l"): 10,
    }
    # 1000 * 0.6191 + 2 * 110 = 839.1; 10 * 2.179 = 21.79; a meter has no account of its own.
    assert values(daily(use, date(2023, 5, 1), date(2023, 5, 3))) == {
        "BLD-1": [pytest.approx(839.1)] * 2,
        "ORG-1": [pytest.approx(21.79)] * 2,
    }


def test_the_market_ledger_counts_power_by_the_residual_factor() -> None:
    use = {("BLD-1", "electricity_import_kwh"): 1000, ("BLD-1", "heat_gj"): 2}
    frame = daily(use, date(2023, 5, 1), date(2023, 5, 2))
    # 1000 * 0.6096 + 2 * 110 = 829.6
    assert values(frame, measure="carbon_market_kgco2") == {"BLD-1": [pytest.approx(829.6)]}


def test_the_factor_is_that_of_the_local_year() -> None:
    frame = daily({("BLD-1", "electricity_import_kwh"): 1000}, date(2022, 12, 31), date(2023, 1, 2))
    # 1 January begins in Shandong at 16:00 UTC of 31 December.
    assert values(frame) == {"BLD-1": [pytest.approx(641.0), pytest.approx(619.1)]}


def test_results_carry_interval_quality_and_coverage() -> None:
    full = daily({("BLD-1", "electricity_import_kwh"): 1}, date(2023, 5, 1), date(2023, 5, 2))
    half = daily({("BLD-1", "heat_gj"): 1}, date(2023, 5, 1), date(2023, 5, 2), 0.5)
    table = carbon_series(pd.concat([full, half]), register(), BOOK, ZONE).results
    assert table.schema == RESULTS
    assert table.to_pylist()[:1] == [
        {
            "subject": "BLD-1",
            "measure": "carbon_kgco2",
            "start": local(2023, 5, 1),
            "value": pytest.approx(110.6191),
            "quality": "estimated",
            "coverage": 0.75,
            "revision": 0,
            "withdrawn": False,
        }
    ]


def test_an_interval_with_a_carrier_without_factor_has_no_figure() -> None:
    may = daily({("BLD-1", "electricity_import_kwh"): 1}, date(2023, 5, 1), date(2023, 5, 4))
    coal = daily({("BLD-1", "steam_t"): 1}, date(2023, 5, 2), date(2023, 5, 3))
    none = daily({("BLD-1", "steam_t"): 0}, date(2023, 5, 3), date(2023, 5, 4))
    series = carbon_series(pd.concat([may, coal, none]), register(), BOOK, ZONE)
    rows = series.results.to_pylist()
    days = [row["start"] for row in rows if row["measure"] == "carbon_kgco2"]
    # Nothing burnt on the 3rd is nothing emitted.
    assert days == [local(2023, 5, 1), local(2023, 5, 3)]
    assert [(f.code, f.subject, f.detail["measures"]) for f in series.findings] == [
        ("factor_missing", "BLD-1", "steam_t")
    ]


def test_missing_values_are_left_out() -> None:
    frame = daily({("BLD-1", "electricity_import_kwh"): 1}, date(2023, 5, 1), date(2023, 5, 3))
    frame.loc[0, "value"] = None
    assert len(values(frame)["BLD-1"]) == 1


def test_nothing_gives_an_empty_table() -> None:
    frame = daily({("BLD-1", "water_m3"): 1}, date(2023, 5, 1), date(2023, 5, 2))
    for empty in (frame, frame.iloc[:0]):
        series = carbon_series(empty, register(), BOOK, ZONE)
        assert series.results.schema == RESULTS
        assert series.results.num_rows == 0


def test_the_factor_set_must_exist() -> None:
    frame = daily({("BLD-1", "heat_gj"): 1}, date(2023, 5, 1), date(2023, 5, 2))
    with pytest.raises(NotFoundError, match="got 'nothing'"):
        carbon_series(frame, register(), BOOK, ZONE, "nothing")


def test_a_building_elsewhere_has_its_own_new_year() -> None:
    tokyo = Register(
        organisations=[Organisation("ORG", "局", "Bureau", "party_government", "city")],
        sites=[Site("SITE", "院", "Court", "Asia/Tokyo", "shandong", "B")],
        buildings=[Building("BLD", "楼", "House", "SITE", "ORG", 1000)],
    )
    tokyo_midnight = pd.Timestamp("2023-01-01", tz=ZoneInfo("Asia/Tokyo")).tz_convert("UTC")
    frame = pd.DataFrame(
        {
            "subject": ["BLD", "ORG"],
            "measure": "electricity_import_kwh",
            "start": [tokyo_midnight] * 2,
            "value": 1000.0,
            "coverage": 1.0,
        }
    )
    # The same instant: 2023 in Tokyo, still 2022 in Shanghai.
    assert values(frame, tokyo) == {
        "BLD": [pytest.approx(619.1)],
        "ORG": [pytest.approx(641.0)],
    }


@given(
    kwh=st.lists(st.floats(0, 1e6), min_size=1, max_size=24),
    heat_gj=st.floats(0, 1e4),
)
def test_the_sum_over_intervals_is_the_emission_of_the_sum(
    kwh: list[float], heat_gj: float
) -> None:
    starts = pd.date_range("2023-05-01", periods=len(kwh), freq="h", tz="UTC")
    electricity = pd.DataFrame(
        {
            "subject": "BLD-1",
            "measure": "electricity_import_kwh",
            "start": starts,
            "value": kwh,
            "coverage": 1.0,
        }
    )
    heat = electricity.iloc[:1].assign(measure="heat_gj", value=heat_gj)
    total = sum(values(pd.concat([electricity, heat]))["BLD-1"])
    assert total == pytest.approx(sum(kwh) * 0.6191 + heat_gj * 110, rel=1e-12, abs=1e-6)
