"""The tree, the targets and the yearly accounts count the same: on every asset, whatever is passed on."""

from datetime import date, datetime

import numpy as np
import pandas as pd
import pytest

from analytics.carbon.courses import target_statuses
from analytics.carbon.reach import needed_pairs
from analytics.carbon.statuses import carbon_statuses
from analytics.carbon.tree import carbon_tree, with_grid_factor
from analytics.carbon.uses import carbon_use
from analytics.totals.segments import carbon_books, segments
from analytics.yearly.dailyuse import DailyUse
from analytics.yearly.needed import account_series
from quotawatt.register.model import BaseValue, FormerValue, Register
from quotawatt.rulebook.loader import load_rulebook
from quotawatt.spans import DAY
from tests.analytics.accounts_example import ZONE, daily, local
from tests.analytics.carbon.test_tree import FACTORS, WORLD

BOOK = load_rulebook()
TARGET = "national-2025-carbon"
ASSETS = ("BLD-1", "BLD-2", "ORG-1", "ORG-2")


def world() -> Register:
    """A room lent from July on, the charger's meter serving it from April on."""
    return Register(
        organisations=list(WORLD.organisations.values()),
        sites=list(WORLD.sites.values()),
        buildings=list(WORLD.buildings.values()),
        spaces=list(WORLD.spaces.values()),
        equipment=list(WORLD.equipment.values()),
        chargers=list(WORLD.chargers.values()),
        meters=list(WORLD.meters.values()),
        vehicles=list(WORLD.vehicles.values()),
        former_values=[
            FormerValue("ROOM-1", "organisation", "ORG-1", date(2023, 7, 1)),
            FormerValue("MTR-CHG", "serves", "", date(2023, 4, 1)),
        ],
        base_values=[
            BaseValue(code, "carbon_kgco2_per_m2", 2020, 60.0, "invented") for code in ASSETS
        ],
    )


def results(register: Register) -> pd.DataFrame:
    """Two years of uneven days of all that any tree is drawn from; some days are not known."""
    pairs = sorted(
        {("BLD-1", "gas_m3"), ("ORG-1", "gas_m3"), ("MTR-GK", "gas_m3"), ("ORG-1", "petrol_l")}
        | {(code, "electricity_import_kwh") for code in (*ASSETS, "ROOM-1", "MTR-CHG")}
        | {("VEH-1", "charge_energy_kwh"), ("BLD-1", "pv_generation_kwh")}
    )
    frame = daily(dict.fromkeys(pairs, 1.0), date(2022, 1, 1), date(2024, 1, 1))
    random = np.random.default_rng(6)
    value = random.uniform(0, 100, len(frame))
    value[random.random(len(frame)) < 0.1] = np.nan
    return frame.assign(value=value, coverage=np.where(np.isnan(value), 0.0, 1.0))


@pytest.mark.parametrize("as_of", [local(2024, 1, 1), local(2023, 8, 9, 12)])
def test_tree_targets_and_accounts_agree(as_of: datetime) -> None:
    register = world()
    frame = results(register)
    use = DailyUse(frame, register, ZONE)
    accounts = carbon_statuses(use, register, BOOK, as_of, ZONE)
    targets = target_statuses(use, register, BOOK, as_of, ZONE)
    assert {s.asset for s in accounts.statuses} == set(ASSETS)
    for account in accounts.statuses:
        until = date(2023, 1, 1) + account.days * DAY
        pieces = segments(carbon_books(register), date(2023, 1, 1), until)
        used = carbon_use(account.asset, use, pieces)
        tree = carbon_tree(used, [piece.register for piece in pieces], BOOK, FACTORS)
        assert account.used_kgco2 == pytest.approx(tree.location.kgco2, rel=1e-9)
        assert sum(p.value_kgco2 for p in account.parts) == pytest.approx(
            account.used_kgco2, rel=1e-9
        )
        assert account.coverage == pytest.approx(tree.coverage, rel=1e-9)
        (target,) = (t for t in targets.statuses if t.asset == account.asset)
        assert target.used == account.used_kgco2
        assert target.projected == account.projected_kgco2
        assert target.fixed_factor is not None
        fixed = with_grid_factor(tree.location, target.fixed_factor)
        assert target.fixed == pytest.approx(fixed.kgco2, rel=1e-9)


def test_what_one_passes_on_another_takes_over() -> None:
    register = world()
    frame = daily(
        {
            ("ORG-1", "electricity_import_kwh"): 100,
            ("ORG-2", "electricity_import_kwh"): 50,
            ("ROOM-1", "electricity_import_kwh"): 8,
        },
        date(2023, 1, 1),
        date(2024, 1, 1),
    )
    found = carbon_statuses(frame, register, BOOK, local(2024, 1, 1), ZONE)
    amounts = {s.asset: s.parts[0].amount for s in found.statuses}
    # From 1 July on, 184 days: 36500 - 184 * 8 = 35028; 18250 + 1472 = 19722
    assert amounts == {"ORG-1": pytest.approx(35_028), "ORG-2": pytest.approx(19_722)}


def test_what_a_tree_needs_is_read_for_the_accounts() -> None:
    register = world()
    read = account_series(register, BOOK)
    pieces = segments(carbon_books(register), date(2023, 1, 1), date(2024, 1, 1))
    beside = {"ROOM-1", "MTR-CHG", "VEH-1"}
    needed = {pair for code in ASSETS for pair in needed_pairs(code, pieces) if pair[0] in beside}
    power = {p for p in needed if p[1] in ("electricity_import_kwh", "charge_energy_kwh")}
    assert power <= read
