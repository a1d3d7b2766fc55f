"""Courses to targets: carbon, energy and water, worked by hand."""

from collections.abc import Mapping
from datetime import date, datetime

import pandas as pd
import pytest

from analytics.carbon.courses import TargetAccounts, target_statuses
from analytics.carbon.standing import TargetStatus
from analytics.jobs.bookkeeping import ACCOUNT_CODES
from quotawatt.register.model import BaseValue, Building, Headcount, Organisation, Register, Site
from quotawatt.rulebook.loader import load_rulebook
from tests.analytics.accounts_example import ZONE, daily, local

BOOK = load_rulebook()

BASES = {
    "carbon_kgco2_per_m2": 60.0,
    "energy_kgce_per_m2": 20.0,
    "energy_kgce_per_head": 400.0,
    "water_m3_per_head": 30.0,
}

WORLD = Register(
    organisations=[Organisation("ORG-1", "甲局", "Bureau A", "party_government", "city")],
    headcounts=[
        Headcount("ORG-1", "in_post", 80, date(2020, 1, 1)),
        Headcount("ORG-1", "non_establishment", 20, date(2020, 1, 1)),
    ],
    sites=[Site("SITE-1", "院", "Court", "Asia/Shanghai", "shandong", "B")],
    buildings=[Building("BLD-1", "甲楼", "House A", "SITE-1", "ORG-1", 1_000)],
    base_values=[
        *(BaseValue("ORG-1", name, 2020, value, "invented") for name, value in BASES.items()),
        BaseValue("BLD-1", "water_m3_per_head", 2020, 30.0, "invented"),
    ],
)

Use = Mapping[tuple[str, str], float]


def statuses(use: Use | pd.DataFrame, as_of: datetime) -> TargetAccounts:
    frame = (
        use
        if isinstance(use, pd.DataFrame)
        else daily(use, date(as_of.year - 2, 1, 1), date(as_of.year + 1, 1, 1))
    )
    return target_statuses(frame, WORLD, BOOK, as_of, ZONE)


def one(found: TargetAccounts, target: str) -> TargetStatus:
    return next(s for s in found.statuses if s.target == target)


YEAR = {
    ("ORG-1", "electricity_import_kwh"): 100,
    ("ORG-1", "petrol_l"): 10,
    ("ORG-1", "water_m3"): 8,
}


def test_carbon_per_area() -> None:
    found = one(statuses(YEAR, local(2024, 1, 1)), "national-2025-carbon")
    # 36500 * 0.6191 + 3650 * 2.179 = 22597.15 + 7953.35 = 30550.5
    assert found.used == pytest.approx(30_550.5)
    # 60 * (1 - 0.07 * 3/5) * 1000 = 57480
    assert found.limit == pytest.approx(57_480)
    # With the grid factor of 2021, the first that is known: 36500 * 0.6838 + 7953.35 = 32912.05
    assert found.fixed == pytest.approx(32_912.05)
    assert found.fixed_factor is not None
    assert (found.fixed_factor.year, found.fixed_factor.provisional) == (2021, True)
    assert found.basis == ""


def test_energy_per_area_leaves_vehicles_out() -> None:
    found = one(statuses(YEAR, local(2024, 1, 1)), "national-2025-energy-area")
    # 36500 * 0.1229 = 4485.85 kgce; 20 * (1 - 0.05 * 3/5) * 1000 = 19400
    assert found.used == pytest.approx(4_485.85)
    assert found.limit == pytest.approx(19_400)
    assert (found.unit, found.amount_unit, found.basis) == ("kgce/m²", "kgce", "当量")


def test_energy_per_head_has_vehicles_in() -> None:
    found = one(statuses(YEAR, local(2024, 1, 1)), "national-2025-energy-head")
    petrol = BOOK.factor_sets["gbt2589-2020"].coal_equivalent["petrol_l"].value
    assert found.used == pytest.approx(4_485.85 + 3_650 * petrol)
    # 400 * (1 - 0.06 * 3/5) * 100 = 38560
    assert found.limit == pytest.approx(38_560)
    assert found.denominator == pytest.approx(100)


def test_water_per_head_is_never_converted() -> None:
    found = statuses(YEAR, local(2024, 1, 1))
    water = one(found, "national-2025-water-head")
    # 365 * 8 = 2920 m³; 30 * (1 - 0.06 * 3/5) * 100 = 2892; 100.968 %
    assert water.used == pytest.approx(2_920)
    assert water.limit == pytest.approx(2_892)
    assert water.share_pct == pytest.approx(100.9681881)
    assert water.over_probability == 1.0
    # 2892 / 8 = 361.5: the 362nd day is 28 December.
    assert water.exhaustion_day == date(2023, 12, 28)
    # A building has no people of its own.
    assert {s.asset for s in found.statuses} == {"ORG-1"}


def test_months_share_the_limit_and_the_gap_is_to_date() -> None:
    found = one(statuses(YEAR, local(2023, 7, 1)), "national-2025-water-head")
    assert len(found.months) == 12
    assert sum(month.limit for month in found.months) == pytest.approx(found.limit)
    assert found.months[0].used == pytest.approx(31 * 8)
    assert found.months[6].used is None
    assert found.gap == pytest.approx(found.used - found.limit_to_date)
    # 181 of 365 days like all others have their part of the limit.
    assert found.limit_to_date == pytest.approx(2_892 * 181 / 365, rel=0.02)
    assert found.projected_low is not None
    assert found.projected is not None
    assert found.projected_high is not None
    assert found.projected_low <= found.projected <= found.projected_high
    assert found.projected == pytest.approx(2_920, rel=0.02)


def test_the_path_names_every_year() -> None:
    found = one(statuses(YEAR, local(2024, 1, 1)), "national-2025-carbon")
    assert [(y.year, round(y.allowed, 2)) for y in found.years] == [
        (2020, 60.0),
        (2021, 59.16),
        (2022, 58.32),
        (2023, 57.48),
        (2024, 56.64),
        (2025, 55.8),
    ]


def test_a_target_ends_with_its_plan_and_a_template_judges_nobody() -> None:
    assert statuses(YEAR, local(2026, 7, 1)).statuses == ()
    assert {s.target for s in statuses(YEAR, local(2026, 1, 1)).statuses} == {
        "national-2025-carbon",
        "national-2025-energy-area",
        "national-2025-energy-head",
        "national-2025-water-head",
    }


def test_a_carrier_that_converts_nowhere_is_a_finding() -> None:
    found = statuses({**YEAR, ("ORG-1", "cooling_gj"): 1}, local(2024, 1, 1))
    assert {(f.code, f.detail["target"]) for f in found.findings if f.subject == "ORG-1"} == {
        ("account_factor_missing", "national-2025-carbon"),
        ("account_factor_missing", "national-2025-energy-area"),
        ("account_factor_missing", "national-2025-energy-head"),
    }
    assert {f.code for f in found.findings} <= ACCOUNT_CODES
    assert [s.target for s in found.statuses] == ["national-2025-water-head"]


def test_no_use_is_a_finding_and_no_zero() -> None:
    found = statuses({("ORG-1", "water_m3"): 8}, local(2024, 1, 1))
    codes = {(f.subject, f.code) for f in found.findings}
    # A target of carbon per m² is everybody's; who has no figure of the base year is told so.
    assert codes == {("ORG-1", "use_missing"), ("BLD-1", "base_value_missing")}
    assert [s.target for s in found.statuses] == ["national-2025-water-head"]
