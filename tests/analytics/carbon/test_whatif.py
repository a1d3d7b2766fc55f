"""What-if: each action worked by hand, and where it lands accounts."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.carbon.assumptions import assumptions
from analytics.carbon.landings import Account, effects
from analytics.carbon.sunshine import generation_kwh
from analytics.carbon.whatif import GREEN, Change, Plan, VehicleYear, YearOfUse, changes
from quotawatt.errors import InputError
from quotawatt.rulebook.basics import Trust
from quotawatt.rulebook.loader import load_rulebook

ELECTRICITY = "electricity_import_kwh"
HOURS = pd.date_range("2023-01-01", periods=8760, freq="h", tz="UTC")
BOOK = load_rulebook()
ASSUMED = assumptions(BOOK, "shandong", {}, {})


def year(load_kwh: float = 100.0, air_conditioning: float | None = None) -> YearOfUse:
    return YearOfUse(
        amounts={ELECTRICITY: 8760 * load_kwh, "heat_gj": 500.0, "petrol_l": 900.0},
        hour_starts=HOURS,
        load_kwh=np.full(8760, load_kwh),
        air_conditioning_kwh=air_conditioning,
        vehicles=[
            VehicleYear("VEH-1", "petrol_l", 900.0, 10_000.0),
            VehicleYear("VEH-2", "petrol_l", 90.0, None),
        ],
        latitude_deg=36.0,
        longitude_deg=117.0,
    )


def test_lighting() -> None:
    found = changes(Plan(lighting_pct=50), year(), ASSUMED)
    # 876000 * 20 % * 40 % * 50 % = 35040
    assert found.changes == (Change("lighting", ELECTRICITY, pytest.approx(-35_040)),)
    assert [a.name for a in found.assumptions] == ["lighting_share_pct", "lighting_saving_pct"]


def test_set_point_by_the_item_where_it_is_metered() -> None:
    metered = changes(Plan(set_point_c=2), year(air_conditioning=200_000), ASSUMED)
    # 200000 * 6 % * 2 = 24000; 500 GJ * 12 % = 60
    assert metered.of(ELECTRICITY) == pytest.approx(-24_000)
    assert metered.of("heat_gj") == pytest.approx(-60)
    assert [a.name for a in metered.assumptions] == ["set_point_pct_per_c"]
    assumed = changes(Plan(set_point_c=2), year(), ASSUMED)
    # 876000 * 35 % * 12 % = 36792
    assert assumed.of(ELECTRICITY) == pytest.approx(-36_792)


def test_a_vehicle_by_its_way_and_by_its_fuel() -> None:
    known = changes(Plan(vehicles=["VEH-1"]), year(), ASSUMED)
    # 10000 km at 15 kWh/100 km
    assert known.of("petrol_l") == pytest.approx(-900)
    assert known.of(ELECTRICITY) == pytest.approx(1_500)
    guessed = changes(Plan(vehicles=["VEH-2"]), year(), ASSUMED)
    # 90 L at 9 L/100 km are 1000 km: 150 kWh
    assert guessed.of(ELECTRICITY) == pytest.approx(150)
    with pytest.raises(InputError, match="got 'VEH-9'"):
        changes(Plan(vehicles=["VEH-9"]), year(), ASSUMED)


def test_pv_smaller_than_the_load_is_used_wholly() -> None:
    found = changes(Plan(pv_kwp=10), year(), ASSUMED)
    assert found.of(ELECTRICITY) == pytest.approx(-12_000)
    assert found.pv["self_use_pct"] == pytest.approx(100)


def test_pv_larger_than_the_load_is_fed_in() -> None:
    found = changes(Plan(pv_kwp=1000), year(), ASSUMED)
    assert found.pv["self_use_kwh"] + found.pv["export_kwh"] == pytest.approx(1_200_000)
    # Half of the hours are night: no more than the load of the day's half.
    assert 0 < found.pv["self_use_kwh"] < 8760 * 100 / 2 * 1.05
    unknown = year()
    unknown.load_kwh[:] = np.nan
    assert changes(Plan(pv_kwp=1000), unknown, ASSUMED).pv["self_use_kwh"] == 0


def test_green_power_is_of_what_is_left() -> None:
    found = changes(Plan(lighting_pct=50, green_share_pct=50), year(), ASSUMED)
    assert found.of(GREEN) == pytest.approx(-(876_000 - 35_040) / 2)


def test_the_year_judged_has_its_part_and_the_next_the_whole() -> None:
    found = changes(Plan(lighting_pct=50, green_share_pct=50), year(), ASSUMED)
    quota = Account("quota", "q", "kgce", 250_000, 240_000, 235_000, {ELECTRICITY: 0.31})
    market = Account(
        "ledger", "market", "kgCO2", 500_000, None, None, {ELECTRICITY: 0.6, GREEN: 0.6}
    )
    early = Account("target", "t", "kgCO2", None, 1.0, 1.0, {ELECTRICITY: 0.6})
    done = effects([quota, market, early], found, 0.25)
    # -35040 * 0.31 = -10862.4; a quarter of it -2715.6
    assert done[0].with_plan == pytest.approx(247_284.4)
    assert done[0].next_with_plan == pytest.approx(239_137.6)
    # (-35040 - 420480) * 0.6 = -273312
    assert done[1].next_with_plan == pytest.approx(226_688)
    assert done[2].with_plan is None


@given(st.floats(-60, 60), st.floats(-180, 180), st.floats(0, 1e6))
@settings(max_examples=20)
def test_a_year_generates_what_it_should(latitude: float, longitude: float, kwh: float) -> None:
    made = generation_kwh(HOURS, kwh, latitude, longitude)
    assert made.min() >= 0
    assert made.sum() == pytest.approx(kwh)


def test_the_sun_is_highest_at_noon_of_the_place_and_in_summer() -> None:
    made = generation_kwh(HOURS, 1000.0, 36.0, 117.0)
    june, december = made[171 * 24 : 172 * 24], made[355 * 24 : 356 * 24]
    # Noon at 117° east is 4:12 UTC.
    assert int(june.argmax()) in (3, 4)
    assert june.sum() > 2 * december.sum()


def test_what_is_given_stands_in_the_place_of_what_is_assumed() -> None:
    assert assumptions(BOOK, "shandong", {}, {})["pv_kwh_per_kwp"].value == 1200
    assert assumptions(BOOK, "", {}, {})["pv_kwh_per_kwp"].value == 1100
    assert (
        assumptions(BOOK, "shandong", {}, {"pv_kwh_per_kwp": 1350})["pv_kwh_per_kwp"].value == 1350
    )
    with pytest.raises(InputError, match="an assumption must be one of"):
        assumptions(BOOK, "", {}, {"sun": 1})
    with pytest.raises(InputError, match="set_point_pct_per_c must lie in 0 to 15"):
        assumptions(BOOK, "", {}, {"set_point_pct_per_c": 99})


def test_what_is_measured_goes_before_the_rulebook_and_says_so() -> None:
    measured = {"pv_kwh_per_kwp": 1010.0}
    found = assumptions(BOOK, "shandong", measured, {})["pv_kwh_per_kwp"]
    assert (found.value, found.trust, found.origin) == (1010.0, Trust.SOURCE, "measured")
    asked = assumptions(BOOK, "shandong", measured, {"pv_kwh_per_kwp": 990})["pv_kwh_per_kwp"]
    assert (asked.value, asked.trust, asked.origin) == (990, Trust.UNVERIFIED, "given")
    # A plant that stood still for half of the year says nothing of the next one.
    broken = assumptions(BOOK, "shandong", {"pv_kwh_per_kwp": 12.0}, {})["pv_kwh_per_kwp"]
    assert (broken.value, broken.origin) == (1200, "rulebook")


@pytest.mark.parametrize(
    "wrong",
    [{"pv_kwp": -1}, {"set_point_c": 6}, {"green_share_pct": 101}, {"pv_kwp": float("nan")}],
)
def test_a_plan_out_of_range_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(InputError, match=f"{next(iter(wrong))} must lie in 0 to"):
        Plan(**wrong)
