"""The tree of scopes: worked by hand, and what must hold whatever was used."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.carbon.tree import CarbonTree, Node, carbon_tree, net_grid_kwh
from analytics.carbon.uses import CarbonUse, Months, carbon_use
from analytics.totals.segments import segments
from analytics.yearly.dailyuse import DailyUse
from quotawatt.register.model import (
    Building,
    Charger,
    Equipment,
    FormerValue,
    Meter,
    Organisation,
    Register,
    Site,
    Space,
    Vehicle,
)
from quotawatt.rulebook.loader import load_rulebook
from tests.analytics.accounts_example import ZONE, daily

BOOK = load_rulebook()
FACTORS = "jst303-2026"

WORLD = Register(
    organisations=[
        Organisation("ORG-1", "甲局", "Bureau A", "party_government", "city"),
        Organisation("ORG-2", "乙局", "Bureau B", "party_government", "city"),
    ],
    sites=[Site("SITE-1", "院", "Court", "Asia/Shanghai", "shandong", "B")],
    buildings=[
        Building("BLD-1", "甲楼", "House A", "SITE-1", "ORG-1", 10_000),
        Building("BLD-2", "乙楼", "House B", "SITE-1", "ORG-2", 5_000),
    ],
    spaces=[
        Space("KIT-1", "食堂", "Kitchen", "BLD-1", "kitchen"),
        Space("ROOM-1", "借用房", "Lent room", "BLD-1", "office", organisation="ORG-2"),
    ],
    equipment=[Equipment("GEN-1", "发电机", "Generator", "diesel_generator", "ORG-1", "BLD-1")],
    chargers=[Charger("CHG-1", "充电桩", "Charger", "BLD-1", 7)],
    meters=[
        Meter("MTR-E", "总表", "Main", "BLD-1", "electricity"),
        Meter("MTR-CHG", "充电表", "Charging", "BLD-1", "electricity", "", "MTR-E", serves="CHG-1"),
        Meter("MTR-G", "燃气总表", "Gas", "BLD-1", "gas"),
        Meter("MTR-GK", "食堂气表", "Kitchen gas", "BLD-1", "gas", "", "MTR-G", serves="KIT-1"),
    ],
    vehicles=[Vehicle("VEH-1", "电动车", "Electric car", "ORG-1", "鲁A1", "sedan", "electric")],
)

Use = Mapping[tuple[str, str], float]


def use_of(
    asset: str, use: Use, register: Register = WORLD, until: date = date(2024, 1, 1)
) -> CarbonUse:
    """Every day of 2023 the same."""
    pieces = segments(register, date(2023, 1, 1), until)
    frame = daily(use, date(2023, 1, 1), until)
    return carbon_use(asset, DailyUse(frame, register, ZONE), pieces)


def tree_of(
    asset: str, use: Use, register: Register = WORLD, green: Months | None = None
) -> CarbonTree:
    found = use_of(asset, use, register)
    return carbon_tree(found, [register], BOOK, FACTORS, np.zeros(12) if green is None else green)


def node(root: Node, name: str) -> Node:
    return next(n for scope in root.nodes for n in scope.nodes if n.id == name)


def test_gas_of_a_kitchen_leaves_the_boilers() -> None:
    use = {("BLD-1", "gas_m3"): 10, ("MTR-G", "gas_m3"): 10, ("MTR-GK", "gas_m3"): 4}
    tree = tree_of("BLD-1", use)
    # 365 * 6 * 2.184 = 4782.96; 365 * 4 * 2.184 = 3188.64
    assert node(tree.location, "s1.boilers").kgco2 == pytest.approx(4_782.96)
    assert node(tree.location, "s1.kitchens").kgco2 == pytest.approx(3_188.64)
    assert tree.location.kgco2 == pytest.approx(3650 * 2.184)


def test_fuel_of_a_building_is_a_generator_s_and_the_rest_the_vehicles() -> None:
    use = {("ORG-1", "diesel_l"): 5, ("BLD-1", "diesel_l"): 2}
    tree = tree_of("ORG-1", use)
    # 365 * 2 * 2.718 = 1984.14; 365 * 3 * 2.718 = 2976.21
    assert node(tree.location, "s1.generators").kgco2 == pytest.approx(1_984.14)
    assert node(tree.location, "s1.vehicles").kgco2 == pytest.approx(2_976.21)


def test_charging_at_one_s_own_charger_counts_once() -> None:
    inside = {
        ("ORG-1", "electricity_import_kwh"): 100,
        ("MTR-CHG", "electricity_import_kwh"): 11,
        ("VEH-1", "charge_energy_kwh"): 10,
    }
    tree = tree_of("ORG-1", inside)
    # 36500 * 0.6191 = 22597.15: what the car took is within it.
    assert tree.location.kgco2 == pytest.approx(22_597.15)
    assert tree.memo["charged_at_own_kwh"] == pytest.approx(3650)
    elsewhere = tree_of("ORG-1", {**inside, ("MTR-CHG", "electricity_import_kwh"): 4})
    # 6 kWh a day came from elsewhere: 36500 + 2190 = 38690 * 0.6191 = 23952.979
    assert elsewhere.location.kgco2 == pytest.approx(23_952.979)
    assert node(elsewhere.location, "s2.ev_charging").parts[0].amount == pytest.approx(2190)
    assert elsewhere.memo["charged_at_own_kwh"] == pytest.approx(1460)


def test_a_charger_without_a_meter_may_have_given_all() -> None:
    """As in the demo: chargers stand at the building, and no meter serves them."""
    unmetered = Register(
        organisations=list(WORLD.organisations.values()),
        sites=list(WORLD.sites.values()),
        buildings=list(WORLD.buildings.values()),
        chargers=list(WORLD.chargers.values()),
        vehicles=list(WORLD.vehicles.values()),
    )
    use = {("ORG-1", "electricity_import_kwh"): 100, ("VEH-1", "charge_energy_kwh"): 10}
    tree = tree_of("ORG-1", use, unmetered)
    assert tree.location.kgco2 == pytest.approx(36_500 * 0.6191)
    assert tree.memo["charged_at_own_kwh"] == pytest.approx(3650)
    none = replace(WORLD.vehicles["VEH-1"], organisation="ORG-2")
    without = Register(
        organisations=list(WORLD.organisations.values()),
        sites=list(WORLD.sites.values()),
        buildings=list(WORLD.buildings.values()),
        vehicles=[none],
    )
    use = {("ORG-2", "electricity_import_kwh"): 100, ("VEH-1", "charge_energy_kwh"): 10}
    # Without any charger of one's own all of it came from elsewhere.
    assert tree_of("ORG-2", use, without).location.kgco2 == pytest.approx(40_150 * 0.6191)


def test_power_passed_on_is_the_tenant_s() -> None:
    use = {
        ("ORG-1", "electricity_import_kwh"): 100,
        ("ORG-2", "electricity_import_kwh"): 50,
        ("ROOM-1", "electricity_import_kwh"): 8,
    }
    landlord, tenant = tree_of("ORG-1", use), tree_of("ORG-2", use)
    assert landlord.location.kgco2 == pytest.approx(365 * 92 * 0.6191)
    assert tenant.location.kgco2 == pytest.approx(365 * 58 * 0.6191)
    # A building has all that is drawn in it.
    house = tree_of("BLD-1", {("BLD-1", "electricity_import_kwh"): 100, **use})
    assert house.location.kgco2 == pytest.approx(365 * 100 * 0.6191)


def test_the_market_ledger_has_green_power_zero_and_the_rest_residual() -> None:
    use = {("BLD-1", "electricity_import_kwh"): 100, ("BLD-1", "heat_gj"): 1}
    green = np.full(12, 1000.0)
    tree = tree_of("BLD-1", use, green=green)
    # (36500 - 12000) * 0.6096 + 365 * 110 = 14935.2 + 40150 = 55085.2
    assert tree.market.kgco2 == pytest.approx(55_085.2)
    # The location-based one does not know of certificates: 36500 * 0.6191 + 40150 = 62747.15
    assert tree.location.kgco2 == pytest.approx(62_747.15)
    assert tree.memo["certificates_kwh"] == pytest.approx(12_000)


def test_pv_used_on_the_spot_is_a_memo() -> None:
    use = {
        ("BLD-1", "electricity_import_kwh"): 100,
        ("BLD-1", "pv_generation_kwh"): 30,
        ("BLD-1", "electricity_export_kwh"): 5,
    }
    tree = tree_of("BLD-1", use)
    assert tree.location.kgco2 == pytest.approx(36_500 * 0.6191)
    assert tree.memo["pv_self_use_kwh"] == pytest.approx(9_125)
    assert tree.memo["pv_export_kwh"] == pytest.approx(1_825)


def test_a_missing_factor_is_a_finding_and_never_zero() -> None:
    tree = tree_of("BLD-1", {("BLD-1", "steam_t"): 1})
    assert np.isnan(tree.location.kgco2)
    assert [f.code for f in tree.findings] == ["factor_missing"]
    assert tree.findings[0].detail["measures"] == "steam_t"


def test_a_factor_says_its_year_and_whether_it_is_provisional() -> None:
    pieces = segments(WORLD, date(2025, 1, 1), date(2025, 2, 1))
    frame = daily({("BLD-1", "electricity_import_kwh"): 1}, date(2025, 1, 1), date(2025, 2, 1))
    tree = carbon_tree(
        carbon_use("BLD-1", DailyUse(frame, WORLD, ZONE), pieces), [WORLD], BOOK, FACTORS
    )
    (part,) = tree.location.all_parts
    assert (part.factor.region, part.factor.year, part.factor.provisional) == (
        "shandong",
        2023,
        True,
    )
    assert part.factor.source == "grid-factors-2023"


def test_a_room_lent_from_july_counts_from_july() -> None:
    moved = Register(
        organisations=list(WORLD.organisations.values()),
        sites=list(WORLD.sites.values()),
        buildings=list(WORLD.buildings.values()),
        spaces=[WORLD.spaces["ROOM-1"]],
        former_values=[FormerValue("ROOM-1", "organisation", "ORG-1", date(2023, 7, 1))],
    )
    use = {("ORG-1", "electricity_import_kwh"): 100, ("ROOM-1", "electricity_import_kwh"): 8}
    found = use_of("ORG-1", use, moved)
    # 184 days from 1 July on.
    assert found.passed_on_kwh.sum() == pytest.approx(184 * 8)
    assert net_grid_kwh(found).sum() == pytest.approx(36_500 - 184 * 8)


AMOUNT = st.floats(0, 1e6)
MEASURES = ("electricity_import_kwh", "gas_m3", "heat_gj", "petrol_l", "diesel_l", "lpg_kg")


@settings(max_examples=20)
@given(st.lists(AMOUNT, min_size=6, max_size=6), AMOUNT, AMOUNT, AMOUNT)
def test_nodes_add_up_and_nothing_is_lost(
    amounts: Sequence[float], kitchen: float, burnt: float, green: float
) -> None:
    use = {("ORG-1", name): amount for name, amount in zip(MEASURES, amounts, strict=True)}
    use |= {("MTR-GK", "gas_m3"): kitchen, ("BLD-1", "diesel_l"): burnt}
    pieces = segments(WORLD, date(2023, 5, 1), date(2023, 5, 2))
    frame = daily(use, date(2023, 5, 1), date(2023, 5, 2))
    found = carbon_use("ORG-1", DailyUse(frame, WORLD, ZONE), pieces)
    covered = np.zeros(12)
    covered[4] = green
    tree = carbon_tree(found, [WORLD], BOOK, FACTORS, covered)
    carriers = BOOK.factor_sets[FACTORS].carbon
    expected = amounts[0] * 0.6191 + sum(
        amount * carriers[name].value
        for name, amount in zip(MEASURES[1:], amounts[1:], strict=True)
    )
    for root in (tree.location, tree.market):
        assert root.kgco2 == pytest.approx(sum(scope.kgco2 for scope in root.nodes))
        assert root.months_kgco2.sum() == pytest.approx(root.kgco2)
    assert tree.location.kgco2 == pytest.approx(expected, abs=1e-6)
    # Certificates cover at most what was used, and more of them never emit more.
    assert tree.green_kwh.sum() <= amounts[0] * (1 + 1e-12)
    none = carbon_tree(found, [WORLD], BOOK, FACTORS)
    assert tree.market.kgco2 <= none.market.kgco2 + 1e-6
    assert none.market.kgco2 - tree.market.kgco2 == pytest.approx(
        min(green, amounts[0]) * 0.6096, abs=1e-4
    )


def test_no_results_are_no_use() -> None:
    frame = pd.DataFrame(
        {
            "subject": [],
            "measure": [],
            "start": pd.DatetimeIndex([], tz="UTC"),
            "value": [],
            "coverage": [],
        }
    )
    pieces = segments(WORLD, date(2023, 1, 1), date(2023, 2, 1))
    found = carbon_use("BLD-1", DailyUse(frame, WORLD, ZONE), pieces)
    assert (found.days, found.coverage, found.bought_kwh.sum()) == (0, 0.0, 0.0)
