"""Yearly quotas: figures worked by hand, and everything that can be missing."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.yearly.dailyuse import DailyUse
from analytics.yearly.eligibility import matching_quotas
from analytics.yearly.gathering import Gathering
from analytics.yearly.needed import account_holders
from analytics.yearly.quotas import (
    Decided,
    QuotaAccounts,
    QuotaStatus,
    quota_results,
    quota_statuses,
)
from analytics.yearly.tiers import Standing, standing
from quotawatt.errors import NotFoundError
from quotawatt.readings import RESULTS
from quotawatt.register.model import Register
from quotawatt.rulebook.loader import load_rulebook
from quotawatt.rulebook.model import Rulebook, Tier, Trust
from tests.analytics.accounts_example import ZONE, daily, local, register
from tests.quotawatt.rulebook.test_loader import INSTRUMENT

BOOK = load_rulebook()
YEAR_END = local(2024, 1, 1)
ELECTRICITY = "db37t2672-city-b-electricity"
NON_HEATING = "db37t2672-city-b-non-heating"
PER_HEAD = "db37t2672-city-b-per-head"
WATER = "db37t4452-water"


def accounts(
    use: Mapping[tuple[str, str], float],
    as_of: datetime = YEAR_END,
    *,
    first: date = date(2023, 1, 1),
    until: date = date(2024, 1, 1),
    with_register: Register | None = None,
    book: Rulebook = BOOK,
) -> QuotaAccounts:
    return quota_statuses(daily(use, first, until), with_register or register(), book, as_of, ZONE)


def results(
    use: Mapping[tuple[str, str], float],
    as_of: datetime,
    day_start: datetime,
    first: date = date(2023, 1, 1),
) -> pa.Table:
    days = DailyUse(daily(use, first, date(2024, 1, 1)), register(), ZONE)
    gathering = Gathering(days, register(), BOOK, as_of, Decided())
    return quota_results(gathering, account_holders(register(), BOOK), day_start)[0]


def status(found: QuotaAccounts, asset: str, quota: str) -> QuotaStatus:
    return next(s for s in found.statuses if (s.asset, s.quota) == (asset, quota))


def made_by_hand(**sections: object) -> Rulebook:
    """The book with other sections, and without versions: what is in it holds at all times."""
    return replace(BOOK, versions={}, **sections)


def finding_codes(found: QuotaAccounts, asset: str) -> set[tuple[str, object]]:
    return {(f.code, f.detail.get("quota")) for f in found.findings if f.subject == asset}


def test_electricity_of_a_building_over_its_quota() -> None:
    # 365 * 2400 = 876000 kWh on 10000 m²: 87.6 kWh/m². Constraint 80 * 10000 = 800000: 109.5 %.
    found = status(accounts({("BLD-1", "electricity_import_kwh"): 2400}), "BLD-1", ELECTRICITY)
    assert found.used == pytest.approx(876_000)
    assert found.intensity == pytest.approx(87.6)
    assert found.limits == {
        Tier.CONSTRAINT: pytest.approx(800_000),
        Tier.BASELINE: pytest.approx(515_000),
        Tier.GUIDANCE: pytest.approx(319_000),
    }
    assert found.share_pct == pytest.approx(109.5)
    assert found.standing is Standing.OVER_CONSTRAINT
    assert (found.unit, found.denominator_name, found.denominator) == (
        "kWh",
        "gross_area_m2",
        10_000,
    )
    assert (found.year, found.days, found.days_in_year, found.coverage) == (2023, 365, 365, 1.0)
    # The year is over: what it comes to is what it came to.
    assert found.projected == pytest.approx(876_000)
    assert found.projected_share_pct == pytest.approx(109.5)


def test_non_heating_energy_leaves_heat_and_fuel_out_and_unfolds() -> None:
    use = {
        ("BLD-1", "electricity_import_kwh"): 1000,
        ("BLD-1", "gas_m3"): 10,
        ("BLD-1", "heat_gj"): 20,
        ("BLD-1", "petrol_l"): 5,
    }
    # 365000 * 0.31 = 113150; 3650 * 1.2143 = 4432.195; together 117582.195 kgce
    found = status(accounts(use), "BLD-1", NON_HEATING)
    assert found.used == pytest.approx(117_582.195)
    assert found.unit == "kgce"
    parts = {p.measure: p for p in found.parts}
    assert set(parts) == {"electricity_import_kwh", "gas_m3"}
    gas = parts["gas_m3"]
    assert gas.amount == pytest.approx(3650)
    assert (gas.unit, gas.factor, gas.factor_unit) == ("m³", 1.2143, "kgce/m³")
    assert gas.factor_trust is Trust.SECONDARY
    assert gas.value == pytest.approx(4432.195)
    assert sum(p.value for p in found.parts) == pytest.approx(found.used)


def test_gas_at_133_or_heat_in_tons_would_not_pass() -> None:
    use = {("ORG-1", "gas_m3"): 1000, ("ORG-1", "heat_gj"): 100}
    # 365000 * 1.2143 = 443219.5; 36500 * 34.12 = 1245380; together 1688599.5 kgce.
    # With 1.33 for gas: 1730830. With heat in tce: 443219.5 + 1245.38.
    found = status(accounts(use), "ORG-1", PER_HEAD)
    assert found.used == pytest.approx(1_688_599.5)


def test_energy_per_head_holds_everything_and_everybody_below() -> None:
    use = {
        ("ORG-1", "electricity_import_kwh"): 1000,
        ("ORG-1", "heat_gj"): 2,
        ("ORG-1", "petrol_l"): 20,
        ("ORG-1", "diesel_l"): 4,
        ("ORG-1", "charge_energy_kwh"): 50,
        ("ORG-1", "pv_generation_kwh"): 300,
    }
    # A day: 1000 * 0.31 = 310; 2 * 34.12 = 68.24; 20 * 0.73 * 1.4714 = 21.48244;
    # 4 * 0.86 * 1.4571 = 5.012424; together 404.734864 kgce; a year 147728.22536.
    # People 100 + 50 of the organisation below; 147728.22536 / 150 = 984.8548357 kgce per head,
    # above the baseline of 978.1, below the constraint of 1557.1 (63.24929... %).
    found = status(accounts(use), "ORG-1", PER_HEAD)
    assert found.denominator == pytest.approx(150)
    assert found.used == pytest.approx(147_728.22536)
    assert found.intensity == pytest.approx(984.8548357)
    assert found.share_pct == pytest.approx(100 * 984.8548357 / 1557.1)
    assert found.standing is Standing.OVER_BASELINE


def test_area_of_an_organisation_is_that_of_all_its_buildings() -> None:
    found = status(accounts({("ORG-1", "electricity_import_kwh"): 1}), "ORG-1", ELECTRICITY)
    assert found.denominator == pytest.approx(15_000)


def test_water_per_head_has_two_tiers() -> None:
    # 365 * 5 = 1825 m³; 150 people: 12.1667 m³ per head, between 10 and 25.
    found = status(accounts({("ORG-1", "water_m3"): 5}), "ORG-1", WATER)
    assert found.intensity == pytest.approx(1825 / 150)
    assert set(found.limits) == {Tier.CONSTRAINT, Tier.GUIDANCE}
    assert found.standing is Standing.OVER_GUIDANCE
    assert found.unit == "m³"


def test_headcount_is_the_daily_mean_of_the_year_to_date() -> None:
    people = register()
    first, other = people.headcounts[1], people.headcounts[0]
    # ORG-2 has 50 people all the time; ORG-1 has 100 until 1 February and none after: by 1 March that
    # is 100 * 31 / 59 = 52.542 in the mean, with the 50: 102.542.
    shrunk = Register(
        organisations=list(people.organisations.values()),
        headcounts=[
            other,
            replace(first, valid_until=date(2023, 2, 1)),
            replace(first, people=0, valid_from=date(2023, 2, 1)),
        ],
        sites=list(people.sites.values()),
        buildings=list(people.buildings.values()),
    )
    found = accounts({("ORG-1", "water_m3"): 5}, local(2023, 3, 1), with_register=shrunk)
    assert status(found, "ORG-1", WATER).denominator == pytest.approx(50 + 100 * 31 / 59)


def test_a_missing_denominator_is_a_finding_and_no_figure() -> None:
    found = accounts(
        {("BLD-1", "electricity_import_kwh"): 1, ("ORG-1", "electricity_import_kwh"): 1},
        with_register=register(area_m2=None),
    )
    assert ("denominator_missing", ELECTRICITY) in finding_codes(found, "BLD-1")
    # The other building's area is known, but a part is not the whole.
    assert ("denominator_missing", ELECTRICITY) in finding_codes(found, "ORG-1")
    assert not [s for s in found.statuses if s.denominator_name == "gross_area_m2"]


def test_an_area_of_zero_divides_nothing() -> None:
    found = accounts({("BLD-1", "electricity_import_kwh"): 1}, with_register=register(area_m2=0.0))
    assert ("denominator_missing", ELECTRICITY) in finding_codes(found, "BLD-1")


def test_nobody_known_is_not_nobody() -> None:
    no_people = Register(
        organisations=list(register().organisations.values()),
        sites=list(register().sites.values()),
        buildings=list(register().buildings.values()),
    )
    found = accounts({("ORG-1", "water_m3"): 5}, with_register=no_people)
    assert ("denominator_missing", WATER) in finding_codes(found, "ORG-1")


def test_nothing_measured_is_a_finding_and_not_zero() -> None:
    found = accounts({("BLD-1", "electricity_import_kwh"): 1})
    assert ("use_missing", ELECTRICITY) in finding_codes(found, "BLD-2")
    assert not [s for s in found.statuses if s.asset == "BLD-2"]


def test_a_carrier_without_factor_is_a_finding_and_no_figure() -> None:
    use = {("BLD-1", "electricity_import_kwh"): 1, ("BLD-1", "coal_kg"): 100}
    own = BOOK.factor_sets["db37t2672-2019"]
    kept = {m: f for m, f in own.coal_equivalent.items() if not f.from_set}
    sets = {**BOOK.factor_sets, own.id: replace(own, coal_equivalent=kept)}
    found = accounts(use, book=made_by_hand(factor_sets=sets))
    missing = [f for f in found.findings if f.code == "account_factor_missing"]
    assert [(f.subject, f.detail["measures"], f.detail["quota"]) for f in missing] == [
        ("BLD-1", "coal_kg", NON_HEATING)
    ]
    assert {s.quota for s in found.statuses if s.asset == "BLD-1"} == {ELECTRICITY}


def test_two_quotas_of_one_indicator_are_ambiguous() -> None:
    twin = replace(BOOK.quotas[ELECTRICITY], id="twin")
    book = made_by_hand(quotas={**BOOK.quotas, "twin": twin})
    found = accounts({("BLD-1", "electricity_import_kwh"): 1}, book=book)
    assert [f.detail["quotas"] for f in found.findings if f.subject == "BLD-1"][:1] == [
        f"{ELECTRICITY}, twin"
    ]
    assert not [s for s in found.statuses if s.indicator == "electricity_kwh_per_m2"]


def test_a_quota_must_have_its_factor_set() -> None:
    with pytest.raises(NotFoundError, match="got 'db37t2672-2019'"):
        accounts({("BLD-1", "electricity_import_kwh"): 1}, book=made_by_hand(factor_sets={}))


@pytest.mark.parametrize(
    ("zone", "province", "quota"),
    [("A", "shandong", "db37t2672-city-a-electricity"), ("B", "shandong", ELECTRICITY)],
)
def test_the_zone_of_the_site_selects(zone: str, province: str, quota: str) -> None:
    matched = matching_quotas(
        "BLD-1", register(zone=zone, province=province), BOOK, date(2023, 6, 1)
    )
    assert quota in {q.id for q in matched}
    assert len({q.indicator for q in matched}) == len(matched)


def test_another_province_has_no_quota_here() -> None:
    assert matching_quotas("BLD-1", register(province="hebei"), BOOK, date(2023, 6, 1)) == ()


def test_an_instrument_that_is_not_in_force_has_no_quota(tmp_path: Path) -> None:
    successor = INSTRUMENT.replace("effective_from: 2020-01-01", "effective_from: 2023-06-01")
    ends = "    supersedes: [{instrument: db37t2672-2019, from: 2023-06-01}]\n"
    (tmp_path / "own.yaml").write_text(successor + ends, encoding="utf-8")
    book = load_rulebook([tmp_path])
    before = matching_quotas("BLD-1", register(), book, date(2023, 5, 31))
    after = matching_quotas("BLD-1", register(), book, date(2023, 6, 1))
    assert {q.id for q in before} >= {ELECTRICITY, NON_HEATING}
    assert ELECTRICITY not in {q.id for q in after}


def test_the_year_to_date_ends_at_as_of_and_begins_on_1_january() -> None:
    use = {("BLD-1", "electricity_import_kwh"): 1000}
    found = accounts(use, local(2023, 7, 1), first=date(2022, 12, 1))
    # January to June: 181 days; what lies before 1 January or after 30 June does not count.
    assert status(found, "BLD-1", ELECTRICITY).used == pytest.approx(181_000)
    assert status(found, "BLD-1", ELECTRICITY).days == 181


def test_within_a_day_that_day_counts_too_but_not_for_the_projection() -> None:
    use = {("BLD-1", "electricity_import_kwh"): 1000}
    noon = status(accounts(use, local(2023, 7, 1, 12)), "BLD-1", ELECTRICITY)
    assert noon.days == 182
    assert noon.used == pytest.approx(182_000)
    # 181 complete days at 1000 and 184 to come.
    assert noon.projected == pytest.approx(365_000)


def test_at_new_year_the_old_year_is_judged_and_a_moment_later_the_new_one() -> None:
    use = {("BLD-1", "electricity_import_kwh"): 1000}
    until = date(2024, 1, 2)
    old = status(accounts(use, YEAR_END, until=until), "BLD-1", ELECTRICITY)
    assert old.year == 2023
    new = status(accounts(use, local(2024, 1, 1, 1), until=until), "BLD-1", ELECTRICITY)
    assert (new.year, new.days_in_year) == (2024, 366)
    assert new.used == pytest.approx(1000)


def test_without_last_year_a_young_year_has_no_projection() -> None:
    use = {("BLD-1", "electricity_import_kwh"): 5000}
    found = status(accounts(use, local(2023, 2, 1)), "BLD-1", ELECTRICITY)
    assert found.projected is None
    assert found.projected_share_pct is None
    assert found.projected_standing is None


def test_with_last_year_a_young_year_has_one() -> None:
    use = {("BLD-1", "electricity_import_kwh"): 2400}
    found = accounts(use, local(2023, 2, 1), first=date(2022, 1, 1))
    projected = status(found, "BLD-1", ELECTRICITY)
    assert projected.projected == pytest.approx(876_000)
    assert projected.standing is Standing.WITHIN_GUIDANCE
    assert projected.projected_standing is Standing.OVER_CONSTRAINT


def test_coverage_is_carried() -> None:
    frame = daily(
        {("BLD-1", "electricity_import_kwh"): 10}, date(2023, 1, 1), date(2023, 1, 6), 0.5
    )
    found = quota_statuses(frame, register(), BOOK, local(2023, 1, 11), ZONE)
    # Five days at a half, five without any result.
    assert status(found, "BLD-1", ELECTRICITY).coverage == pytest.approx(0.25)


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        (100.0001, Standing.OVER_CONSTRAINT),
        (100, Standing.OVER_BASELINE),
        (60, Standing.OVER_GUIDANCE),
        (30, Standing.WITHIN_GUIDANCE),
        (0, Standing.WITHIN_GUIDANCE),
    ],
)
def test_a_value_equal_to_a_tier_is_within_it(amount: float, expected: Standing) -> None:
    limits = {Tier.CONSTRAINT: 100.0, Tier.BASELINE: 60.0, Tier.GUIDANCE: 30.0}
    assert standing(amount, limits) is expected


def test_accounts_become_results() -> None:
    use = {("BLD-1", "electricity_import_kwh"): 2400}
    day_start = local(2023, 6, 30)
    table = results(use, local(2023, 7, 1), day_start, first=date(2022, 1, 1))
    assert table.schema == RESULTS
    rows = {r["measure"]: r for r in table.to_pylist() if r["subject"] == f"BLD-1/{ELECTRICITY}"}
    assert rows["quota_used_kwh"]["value"] == pytest.approx(181 * 2400)
    assert rows["quota_limit_kwh"]["value"] == pytest.approx(800_000)
    assert rows["quota_projected_kwh"]["value"] == pytest.approx(876_000)
    assert rows["quota_share_pct"]["value"] == pytest.approx(100 * 181 * 2400 / 800_000)
    assert rows["quota_projected_share_pct"]["value"] == pytest.approx(109.5)
    assert {r["start"] for r in rows.values()} == {day_start.astimezone(UTC)}
    assert rows["quota_used_kwh"]["quality"] == "measured"
    assert rows["quota_projected_kwh"]["quality"] == "estimated"


def test_a_projection_that_no_longer_holds_is_withdrawn() -> None:
    use = {("BLD-1", "electricity_import_kwh"): 1}
    rows = results(use, local(2023, 2, 1), local(2023, 1, 31)).to_pylist()
    withdrawn = {r["measure"] for r in rows if r["withdrawn"]}
    assert withdrawn >= {"quota_projected_kwh", "quota_projected_share_pct"}
    assert {r["value"] for r in rows if r["withdrawn"]} == {None}


def test_no_accounts_are_an_empty_table() -> None:
    use = {("NOBODY", "water_m3"): 1}
    assert results(use, YEAR_END, YEAR_END).equals(RESULTS.empty_table())


@given(
    kwh=st.floats(0, 1e6),
    gas_m3=st.floats(0, 1e4),
    factor=st.floats(0.1, 10),
)
def test_used_is_the_sum_of_its_parts_and_scales(kwh: float, gas_m3: float, factor: float) -> None:
    def used(scale: float) -> QuotaStatus:
        frame = daily(
            {
                ("BLD-1", "electricity_import_kwh"): kwh * scale,
                ("BLD-1", "gas_m3"): gas_m3 * scale,
            },
            date(2023, 1, 1),
            date(2023, 1, 4),
        )
        found = quota_statuses(frame, register(), BOOK, local(2023, 1, 4), ZONE)
        return status(found, "BLD-1", NON_HEATING)

    one, scaled = used(1), used(factor)
    assert one.used == pytest.approx(3 * (kwh * 0.31 + gas_m3 * 1.2143), rel=1e-12, abs=1e-9)
    assert one.used == pytest.approx(sum(p.value for p in one.parts))
    assert scaled.used == pytest.approx(one.used * factor, rel=1e-12, abs=1e-9)
    assert scaled.share_pct == pytest.approx(one.share_pct * factor, rel=1e-12, abs=1e-9)
