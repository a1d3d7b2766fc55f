"""Yearly carbon accounts: figures worked by hand."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

import pandas as pd
import pytest

from analytics.carbon.emissions import Scope
from analytics.carbon.statuses import CarbonAccounts, CarbonStatus, carbon_statuses
from quotawatt.register.model import Register
from quotawatt.rulebook.loader import load_rulebook
from tests.analytics.accounts_example import ZONE, daily, local, register

BOOK = load_rulebook()
TARGET = "national-2025-carbon"


def accounts(
    use: Mapping[tuple[str, str], float],
    year: int = 2023,
    as_of: datetime | None = None,
    *,
    first: date | None = None,
    with_register: Register | None = None,
) -> CarbonAccounts:
    frame = daily(use, first or date(year, 1, 1), date(year + 1, 1, 1))
    instant = as_of or local(year + 1, 1, 1)
    return carbon_statuses(frame, with_register or register(), BOOK, instant, ZONE)


def status(found: CarbonAccounts, asset: str) -> CarbonStatus:
    return next(s for s in found.statuses if s.asset == asset)


def test_a_building_below_its_path_unfolds_by_scope() -> None:
    use = {
        ("BLD-1", "electricity_import_kwh"): 2000,
        ("BLD-1", "heat_gj"): 2,
        ("BLD-1", "gas_m3"): 10,
        ("BLD-1", "pv_generation_kwh"): 500,
    }
    # 730000 * 0.6191 = 451943; 730 * 110 = 80300; 3650 * 2.184 = 7971.6; together 540214.6 kg.
    # Path of 2023: 1 - 0.07 * 3 / 5 = 0.958; 60 * 0.958 * 10000 = 574800 kg; 93.98305 %.
    found = status(accounts(use), "BLD-1")
    assert found.used_kgco2 == pytest.approx(540_214.6)
    assert found.allowed_share == pytest.approx(0.958)
    assert found.limit_kgco2 == pytest.approx(574_800)
    assert found.share_pct == pytest.approx(93.98305497)
    by_scope: dict[Scope, float] = {}
    for part in found.parts:
        by_scope[part.scope] = by_scope.get(part.scope, 0) + part.value_kgco2
    assert by_scope == {
        Scope.PURCHASED: pytest.approx(532_243),
        Scope.DIRECT: pytest.approx(7_971.6),
    }
    # What the plant made emits nothing and is shown beside.
    assert found.memo == {"pv_generation_kwh": pytest.approx(182_500)}
    assert (found.grid_region, found.grid_factor_year, found.provisional) == (
        "shandong",
        2023,
        False,
    )


def test_vehicles_fuel_is_a_direct_emission_of_the_organisation() -> None:
    use = {("ORG-1", "petrol_l"): 100, ("ORG-1", "diesel_l"): 10}
    # 36500 * 2.179 = 79533.5; 3650 * 2.718 = 9920.7
    found = status(accounts(use), "ORG-1")
    assert found.used_kgco2 == pytest.approx(89_454.2)
    assert {p.scope for p in found.parts} == {Scope.DIRECT}
    assert (found.grid_region, found.grid_factor_year, found.provisional) == ("", None, False)
    # All buildings of the organisation and below: 15000 m².
    assert found.gross_area_m2 == pytest.approx(15_000)


def test_a_year_whose_factor_is_not_published_is_provisional() -> None:
    found = status(accounts({("BLD-1", "electricity_import_kwh"): 1000}, 2025), "BLD-1")
    assert (found.grid_factor_year, found.provisional) == (2023, True)
    assert found.used_kgco2 == pytest.approx(365_000 * 0.6191)
    assert found.limit_kgco2 == pytest.approx(60 * 0.93 * 10_000)


def test_each_year_has_its_own_factor() -> None:
    found = status(accounts({("BLD-1", "electricity_import_kwh"): 1000}, 2022), "BLD-1")
    assert found.used_kgco2 == pytest.approx(365_000 * 0.6410)
    assert not found.provisional


def test_the_projection_follows_last_year() -> None:
    use = {("BLD-1", "electricity_import_kwh"): 3000}
    found = status(accounts(use, as_of=local(2023, 2, 1), first=date(2022, 1, 1)), "BLD-1")
    # As last year: 365 * 3000 * 0.6191 = 677914.5 kg of 574800.
    assert found.projected_kgco2 == pytest.approx(677_914.5)
    assert found.projected_share_pct == pytest.approx(100 * 677_914.5 / 574_800)
    assert found.share_pct == pytest.approx(100 * 31 * 3000 * 0.6191 / 574_800)


def test_too_early_is_no_projection_whatever_the_plant_knows() -> None:
    use = {("BLD-1", "electricity_import_kwh"): 3000}
    assert status(accounts(use, as_of=local(2023, 2, 1)), "BLD-1").projected_kgco2 is None


def test_a_plant_without_a_past_does_not_hinder_the_projection() -> None:
    old = daily({("BLD-1", "electricity_import_kwh"): 3000}, date(2022, 1, 1), date(2023, 2, 1))
    new = daily({("BLD-1", "pv_generation_kwh"): 10}, date(2023, 1, 20), date(2023, 2, 1))
    frame = pd.concat([old, new], ignore_index=True)
    found = carbon_statuses(frame, register(), BOOK, local(2023, 2, 1), ZONE)
    assert status(found, "BLD-1").projected_kgco2 == pytest.approx(677_914.5)


def test_what_is_missing_is_a_finding() -> None:
    use = {("BLD-1", "electricity_import_kwh"): 1}
    codes = {(f.subject, f.code) for f in accounts(use).findings}
    assert codes == {
        ("BLD-2", "base_value_missing"),
        ("ORG-2", "base_value_missing"),
        ("ORG-1", "use_missing"),
    }


@pytest.mark.parametrize(
    ("changed", "use", "code"),
    [
        (register(area_m2=None), "electricity_import_kwh", "denominator_missing"),
        (register(base_kgco2_per_m2=0.0), "electricity_import_kwh", "base_value_missing"),
        (register(province="hebei"), "electricity_import_kwh", "account_grid_factor_missing"),
        (register(), "steam_t", "account_factor_missing"),
    ],
)
def test_no_figure_without_all_its_parts(changed: Register, use: str, code: str) -> None:
    found = accounts({("BLD-1", use): 10}, with_register=changed)
    assert not [s for s in found.statuses if s.asset == "BLD-1"]
    assert [f.code for f in found.findings if f.subject == "BLD-1"] == [code]


def test_an_organisation_in_two_provinces_has_no_one_grid() -> None:
    one = register()
    sites = [*one.sites.values(), replace(one.sites["SITE-1"], code="SITE-2", province="beijing")]
    first, second = one.buildings.values()
    two = Register(
        organisations=list(one.organisations.values()),
        sites=sites,
        buildings=[first, replace(second, site="SITE-2")],
        base_values=one.base_values,
    )
    found = accounts({("ORG-1", "electricity_import_kwh"): 10}, with_register=two)
    assert [f.code for f in found.findings if f.subject == "ORG-1"] == [
        "account_grid_region_ambiguous"
    ]
