"""Each formula of the packs worked by hand: exclusions, corrections, seasons, vehicles, targets."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.yearly.quotas import (
    Decided,
    QuotaAccounts,
    QuotaStatus,
    Standing,
    quota_statuses,
)
from quotawatt.assigned.values import AssignedTarget, Decision, QuotaRevision
from quotawatt.register.model import (
    Building,
    Equipment,
    FormerValue,
    Headcount,
    Meter,
    Organisation,
    Register,
    Site,
    Space,
    Vehicle,
)
from quotawatt.rulebook.basics import Citation, Text
from quotawatt.rulebook.loader import load_rulebook
from quotawatt.rulebook.model import Quota, Rulebook, Selector, Tier, Trust
from tests.analytics.accounts_example import ZONE, daily, local

BOOK = load_rulebook()
YEAR = (date(2023, 1, 1), date(2024, 1, 1))
YEAR_END = local(2024, 1, 1)
KWH = "electricity_import_kwh"
ELECTRICITY = "db37t2672-city-b-electricity"
NON_HEATING = "db37t2672-city-b-non-heating"
PER_HEAD = "db37t2672-city-b-per-head"

ORG = Organisation("ORG-1", "甲局", "Bureau A", "party_government", "city")
SITE = Site("SITE-1", "院", "Court", "Asia/Shanghai", "shandong", "B", city="jinan")
BUILDING = Building("BLD-1", "甲楼", "House A", "SITE-1", "ORG-1", 10_000)


def books(
    *buildings: Building,
    meters: Sequence[Meter] = (),
    spaces: Sequence[Space] = (),
    vehicles: Sequence[Vehicle] = (),
    equipment: Sequence[Equipment] = (),
    former: Sequence[FormerValue] = (),
) -> Register:
    return Register(
        organisations=[ORG],
        headcounts=[Headcount("ORG-1", "in_post", 100, date(2020, 1, 1))],
        sites=[SITE],
        buildings=buildings or (BUILDING,),
        meters=meters,
        spaces=spaces,
        vehicles=vehicles,
        equipment=equipment,
        former_values=former,
    )


def item(code: str, building: str = "BLD-1") -> Meter:
    return Meter(f"MTR-{building}-{code}", "", "", building, "electricity", item=code)


def judged(
    use: Mapping[tuple[str, str], float],
    register: Register,
    *,
    days: tuple[date, date] = YEAR,
    as_of: datetime = YEAR_END,
    book: Rulebook = BOOK,
    decided: Decided | None = None,
) -> QuotaAccounts:
    frame = daily(use, *days)
    return quota_statuses(frame, register, book, as_of, ZONE, decided=decided or Decided())


def status(found: QuotaAccounts, asset: str, quota: str) -> QuotaStatus:
    return next(s for s in found.statuses if (s.asset, s.quota) == (asset, quota))


def codes(found: QuotaAccounts, asset: str) -> set[str]:
    return {f.code for f in found.findings if f.subject == asset}


def book_with(indicator: str, tiers: Mapping[Tier, float], unit: str, **selector: str) -> Rulebook:
    """The book with one quota more, of a building, that holds at all times."""
    quota = Quota(
        id="own",
        title=Text("自定", "own"),
        cites=Citation("conservation-regulation", "16"),
        indicator=indicator,
        unit=unit,
        headcount_components=(),
        factor_set="db37t2672-2019",
        selectors=(Selector("building", **selector),),
        tiers=tiers,
        trust=Trust.UNVERIFIED,
    )
    return replace(BOOK, versions={}, quotas={"own": quota})


# --- what is left out ---


def test_a_sub_metered_data_centre_leaves_with_its_area() -> None:
    # 2,400 kWh a day, 400 of them in the information centre of 500 m²: (2400 - 400) * 365 = 730,000
    # kWh on 10,000 - 500 = 9,500 m²: 76.842 kWh/m².
    building = replace(BUILDING, data_centre_area_m2=500)
    use = {("BLD-1", KWH): 2400, ("BLD-1/item:D1", KWH): 400}
    found = status(judged(use, books(building, meters=[item("D1")])), "BLD-1", ELECTRICITY)
    assert found.used == pytest.approx(730_000)
    assert found.denominator == pytest.approx(9_500)
    assert found.intensity == pytest.approx(730_000 / 9_500)
    assert [(a.kind, a.name, a.amount, a.area_m2) for a in found.adjustments] == [
        ("leaves_out", "data_centre", pytest.approx(146_000), pytest.approx(500))
    ]
    assert [(p.role, p.subject, p.value) for p in found.parts] == [
        ("carrier", "BLD-1", pytest.approx(876_000)),
        ("leaves_out", "BLD-1/item:D1", pytest.approx(-146_000)),
    ]


def test_what_is_not_sub_metered_stays_in_with_its_area() -> None:
    building = replace(BUILDING, data_centre_area_m2=500)
    found = status(judged({("BLD-1", KWH): 2400}, books(building)), "BLD-1", ELECTRICITY)
    assert (found.used, found.denominator, found.adjustments) == (
        pytest.approx(876_000),
        10_000,
        (),
    )


def test_an_area_leaves_for_the_days_on_which_its_use_is_known() -> None:
    # Metered from 1 July on, 184 of 365 days: 500 * 184 / 365 = 252.05 m² leave.
    building = replace(BUILDING, data_centre_area_m2=500)
    whole = daily({("BLD-1", KWH): 2400}, *YEAR)
    half = daily({("BLD-1/item:D1", KWH): 400}, date(2023, 7, 1), YEAR[1])
    frame = type(whole)(data=[*whole.to_dict("records"), *half.to_dict("records")])
    register = books(building, meters=[item("D1")])
    found = status(quota_statuses(frame, register, BOOK, YEAR_END, ZONE), "BLD-1", ELECTRICITY)
    assert found.denominator == pytest.approx(10_000 - 500 * 184 / 365)
    assert found.used == pytest.approx(876_000 - 400 * 184)


def test_electric_heating_leaves_non_heating_sums_and_no_area() -> None:
    # (2400 - 600) * 365 * 0.31 = 203,670 kgce; heat in GJ is none of it.
    use = {("BLD-1", KWH): 2400, ("BLD-1/item:B1F", KWH): 600, ("BLD-1", "heat_gj"): 20}
    found = judged(use, books(meters=[item("B1F")]))
    assert status(found, "BLD-1", NON_HEATING).used == pytest.approx(203_670)
    assert status(found, "BLD-1", NON_HEATING).denominator == 10_000
    # Per head it stays, with the heat: this is all energy.
    of_all = {("ORG-1", KWH): 2400, ("ORG-1", "heat_gj"): 20, ("BLD-1/item:B1F", KWH): 600}
    per_head = status(judged(of_all, books(meters=[item("B1F")])), "ORG-1", PER_HEAD)
    assert per_head.used == pytest.approx(365 * (2400 * 0.31 + 20 * 34.12))


def test_charging_at_a_building_stays_in() -> None:
    use = {("BLD-1", KWH): 2400, ("BLD-1", "charge_energy_kwh"): 300}
    assert status(judged(use, books()), "BLD-1", ELECTRICITY).used == pytest.approx(876_000)


def test_an_organisation_leaves_out_what_its_buildings_do() -> None:
    second = replace(BUILDING, code="BLD-2", gross_area_m2=4_000, kitchen_area_m2=1_000)
    use = {
        ("ORG-1", KWH): 3000,
        ("BLD-1", KWH): 2000,
        ("BLD-2", KWH): 1000,
        ("BLD-2/item:D3", KWH): 250,
    }
    found = judged(use, books(BUILDING, second, meters=[item("D3", "BLD-2")]))
    organisation = status(found, "ORG-1", ELECTRICITY)
    assert organisation.used == pytest.approx(365 * 2750)
    assert organisation.denominator == pytest.approx(13_000)
    parts = [status(found, code, ELECTRICITY) for code in ("BLD-1", "BLD-2")]
    assert organisation.used == pytest.approx(sum(p.used for p in parts))
    assert organisation.denominator == pytest.approx(sum(p.denominator for p in parts))


def test_gas_of_a_kitchen_leaves_where_a_meter_serves_it() -> None:
    # (1,000 kWh x 0.31 + (50 - 20) m³ x 1.2143) x 365. Its electricity is in, and so is its area.
    building = replace(BUILDING, kitchen_area_m2=300)
    kitchen = Space("SPC-1", "", "", "BLD-1", "kitchen", 300)
    gas = Meter("MTR-GAS", "", "", "BLD-1", "gas", serves="SPC-1")
    use = {("BLD-1", KWH): 1000, ("BLD-1", "gas_m3"): 50, ("MTR-GAS", "gas_m3"): 20}
    found = judged(use, books(building, meters=[gas], spaces=[kitchen]))
    account = status(found, "BLD-1", NON_HEATING)
    assert account.used == pytest.approx(365 * (310 + 30 * 1.2143))
    assert account.denominator == 10_000
    # Where its electricity is metered too, the area leaves with both.
    both = books(building, meters=[gas, item("D3")], spaces=[kitchen])
    of_both = status(judged(use | {("BLD-1/item:D3", KWH): 100}, both), "BLD-1", NON_HEATING)
    assert of_both.used == pytest.approx(365 * (900 * 0.31 + 30 * 1.2143))
    assert of_both.denominator == 9_700
    # It is no electricity.
    assert status(found, "BLD-1", ELECTRICITY).used == pytest.approx(365_000)


def test_gas_of_a_kitchen_is_no_heating_and_oil_is() -> None:
    # From 15 November to the end of 2023 are 16 + 31 = 47 days: (80 - 20) m³ x 1.2143 and 10 L of diesel
    # x 0.86 kg/L x 1.4571 a day. The kitchen's electricity is none of it; its area is heated and stays.
    building = replace(BUILDING, heating="gas_oil", heated_area_m2=8_000, kitchen_area_m2=300)
    kitchen = Space("SPC-1", "", "", "BLD-1", "kitchen", 300)
    meters = [Meter("MTR-GAS", "", "", "BLD-1", "gas", serves="SPC-1"), item("D3")]
    use = {
        **{("BLD-1", "gas_m3"): 80, ("MTR-GAS", "gas_m3"): 20, ("BLD-1", "diesel_l"): 10},
        **{("BLD-1", KWH): 1000, ("BLD-1/item:D3", KWH): 100},
    }
    found = judged(use, books(building, meters=meters, spaces=[kitchen]))
    account = status(found, "BLD-1", "db37t2672-heating-gas-oil")
    assert account.used == pytest.approx(47 * (60 * 1.2143 + 10 * 0.86 * 1.4571))
    assert account.denominator == 8_000
    # Where no meter tells the kitchen's gas, it is in.
    whole = status(judged(use, books(building)), "BLD-1", "db37t2672-heating-gas-oil")
    assert whole.used == pytest.approx(47 * (80 * 1.2143 + 10 * 0.86 * 1.4571))


def test_a_room_whose_item_is_metered_counts_once() -> None:
    kitchen = Space("SPC-1", "", "", "BLD-1", "kitchen", 300)
    meters = [item("D3"), Meter("MTR-K", "", "", "BLD-1", "electricity", serves="SPC-1")]
    use = {("BLD-1", KWH): 1000, ("BLD-1/item:D3", KWH): 100, ("MTR-K", KWH): 100}
    found = judged(use, books(meters=meters, spaces=[kitchen]))
    assert status(found, "BLD-1", ELECTRICITY).used == pytest.approx(365 * 900)


def test_air_conditioning_is_heating_in_the_season_where_it_heats() -> None:
    # 600 kWh a day of item B; Jinan heats on 74 + 47 = 121 days of 2023. In summer it cools, and stays in.
    use = {("BLD-1", KWH): 2400, ("BLD-1/item:B", KWH): 600}
    heats = replace(BUILDING, heating="air_conditioning")
    found = status(judged(use, books(heats, meters=[item("B1")])), "BLD-1", ELECTRICITY)
    assert found.used == pytest.approx(2400 * 365 - 600 * 121)
    assert sum(p.value for p in found.parts) == pytest.approx(found.used)
    cools = replace(BUILDING, heating="municipal")
    other = status(judged(use, books(cools, meters=[item("B1")])), "BLD-1", ELECTRICITY)
    assert other.used == pytest.approx(2400 * 365)


@pytest.mark.parametrize(
    ("kind", "carrier", "measure", "used"),
    [
        ("heat_pump", "electricity", KWH, 0.31 * (1000 * 365 - 300 * 121) + 1.2143 * 50 * 365),
        ("gas_boiler", "gas", "gas_m3", 0.31 * 1000 * 365 + 1.2143 * (50 * 365 - 40 * 121)),
        ("chiller", "electricity", KWH, 0.31 * 1000 * 365 + 1.2143 * 50 * 365),
    ],
)
def test_a_boiler_and_a_heat_pump_leave_in_the_season(
    kind: str, carrier: str, measure: str, used: float
) -> None:
    meter = Meter("MTR-H", "", "", "BLD-1", carrier, serves="EQP-1")
    plant = Equipment("EQP-1", "", "", kind, "ORG-1", building="BLD-1")
    of_plant = 40 if carrier == "gas" else 300
    use = {("BLD-1", KWH): 1000, ("BLD-1", "gas_m3"): 50, ("MTR-H", measure): of_plant}
    found = judged(use, books(meters=[meter], equipment=[plant]))
    assert status(found, "BLD-1", NON_HEATING).used == pytest.approx(used)


# --- corrections ---


def test_what_cannot_be_corrected_is_told() -> None:
    book = book_with("office_electricity_kwh_per_m2", {Tier.CONSTRAINT: 70}, "kWh/m²")
    found = judged({("BLD-1", KWH): 200}, books(), book=book)
    account = status(found, "BLD-1", "own")
    assert (account.correction, account.used) == (1, pytest.approx(73_000))
    assert [(a.kind, a.name, a.factor) for a in account.adjustments] == [
        # 249 working days of 8 hours in 2023: below 2,500 hours, no correction.
        ("assumed", "hours_of_use", 1.0),
        ("not_corrected", "area_per_person_m2", None),
    ]
    (told,) = [f for f in found.findings if f.code == "correction_unknown"]
    assert told.detail["corrections"] == "area_per_person_m2"


def test_rooms_are_known_where_anything_has_changed_before() -> None:
    # 1,000 m² and 125 people: 0.94, in a register with a former value as well.
    building = replace(BUILDING, gross_area_m2=1_000, hours_of_use=2000)
    rooms = [Space("SPC-1", "", "", "BLD-1", "office", occupants=125)]
    former = FormerValue("BLD-1", "heating", "none", date(2023, 5, 1))
    book = book_with("office_electricity_kwh_per_m2", {Tier.CONSTRAINT: 70}, "kWh/m²")
    register = books(building, spaces=rooms, former=[former])
    assert status(
        judged({("BLD-1", KWH): 200}, register, book=book), "BLD-1", "own"
    ).correction == (pytest.approx(0.94))


def test_hours_and_density_correct_an_office() -> None:
    # g1 = 0.3 + 0.7 * 2500 / 3000 = 0.88333; 1,000 m² and 125 people are 8 m² a person:
    # g2 = 0.7 + 0.3 * 8 / 10 = 0.94. 200 * 365 = 73,000 kWh x 0.83033 = 60,614.3 kWh; 60.614 kWh/m².
    building = replace(BUILDING, gross_area_m2=1_000, hours_of_use=3000)
    rooms = [Space("SPC-1", "", "", "BLD-1", "office", occupants=125)]
    book = book_with("office_electricity_kwh_per_m2", {Tier.CONSTRAINT: 70}, "kWh/m²")
    found = status(
        judged({("BLD-1", KWH): 200}, books(building, spaces=rooms), book=book), "BLD-1", "own"
    )
    assert found.correction == pytest.approx((0.3 + 0.7 * 2500 / 3000) * 0.94)
    assert found.used == pytest.approx(73_000 * found.correction)
    assert found.intensity == pytest.approx(60.6143, rel=1e-5)
    assert [a.name for a in found.adjustments] == ["hours_of_use", "area_per_person_m2"]
    assert sum(p.value for p in found.parts) == pytest.approx(found.used)


def test_an_office_of_usual_hours_and_density_is_not_corrected() -> None:
    building = replace(BUILDING, hours_of_use=2500)
    rooms = [Space("SPC-1", "", "", "BLD-1", "office", occupants=100)]
    book = book_with("office_electricity_kwh_per_m2", {Tier.CONSTRAINT: 70}, "kWh/m²")
    found = status(
        judged({("BLD-1", KWH): 200}, books(building, spaces=rooms), book=book), "BLD-1", "own"
    )
    assert (found.correction, found.adjustments) == (1.0, ())


# --- heating season ---

HEAT_BOOK = book_with("heating_kgce_per_heated_m2", {Tier.CONSTRAINT: 12.7}, "kgce/m²")
HEATED = replace(BUILDING, heated_area_m2=8_000)


def test_heating_runs_over_its_season_across_new_year() -> None:
    # Jinan heats from 15 November to 15 March: in 2022/23 47 + 31 + 28 + 15 = 121 days.
    # 20 GJ a day: 2,420 GJ * 34.12 = 82,570.4 kgce on 8,000 m²: 10.3213 kgce/m².
    found = status(
        judged(
            {("BLD-1", "heat_gj"): 20},
            books(HEATED),
            days=(date(2022, 11, 1), date(2023, 5, 1)),
            as_of=local(2023, 6, 1),
            book=HEAT_BOOK,
        ),
        "BLD-1",
        "own",
    )
    assert (found.first, found.until) == (date(2022, 11, 15), date(2023, 3, 16))
    assert (found.year, found.days, found.days_in_year) == (2022, 121, 121)
    assert found.used == pytest.approx(2_420 * 34.12)
    assert found.denominator_name == "heated_area_m2"
    assert found.intensity == pytest.approx(10.3213, rel=1e-5)
    # The season is over: what it comes to is what it came to.
    assert found.projected == pytest.approx(found.used)
    assert found.kgce == pytest.approx(found.used)


def test_within_a_season_its_mean_day_goes_on() -> None:
    found = status(
        judged(
            {("BLD-1", "heat_gj"): 20},
            books(HEATED),
            days=(date(2022, 11, 1), date(2023, 1, 1)),
            as_of=local(2023, 1, 1),
            book=HEAT_BOOK,
        ),
        "BLD-1",
        "own",
    )
    assert (found.days, found.year) == (47, 2022)
    assert found.projected == pytest.approx(121 * 20 * 34.12)
    # How sure that is, nobody says.
    assert (found.projected_low, found.over_probability) == (None, {})


def test_a_site_without_season_has_no_heating_account() -> None:
    register = Register(
        organisations=[ORG],
        sites=[replace(SITE, city="", province="hainan")],
        buildings=[HEATED],
    )
    found = judged({("BLD-1", "heat_gj"): 20}, register, book=HEAT_BOOK)
    assert "heating_season_missing" in codes(found, "BLD-1")
    assert found.statuses == ()


# --- data centre, vehicles ---


def test_the_usage_effectiveness_of_a_data_centre() -> None:
    # 1,900 kWh a day for the whole centre, 1,000 for its IT: EUE 1.9, over the baseline of 1.8.
    tiers = {Tier.CONSTRAINT: 2.2, Tier.BASELINE: 1.8, Tier.GUIDANCE: 1.4}
    book = book_with("data_centre_eue", tiers, "kWh/kWh")
    use = {("BLD-1/item:D1", KWH): 1900, ("BLD-1/item:D1A", KWH): 1000}
    meters = [item("D1"), item("D1A")]
    found = status(judged(use, books(meters=meters), book=book), "BLD-1", "own")
    assert found.intensity == pytest.approx(1.9)
    assert found.standing is Standing.OVER_BASELINE
    assert found.projected is None
    # Without a meter of the centre there is no account and nothing to say.
    bare = judged({("BLD-1", KWH): 1}, books(), book=book)
    assert (bare.statuses, codes(bare, "BLD-1")) == ((), set())


def test_a_vehicle_is_judged_by_its_own_limit() -> None:
    # 4.5 L and 50 km a day: 9 L/100 km, limit 10: 90 %. 1,642.5 L of petrol are 1,642.5 * 0.73 * 1.4714
    # = 1,764.245 kgce.
    car = Vehicle("VEH-1", "", "", "ORG-1", "鲁A1", "sedan", "petrol", quota_l_per_100km=10)
    use = {("VEH-1", "fuel_used_l"): 4.5, ("VEH-1", "odometer_km"): 50}
    found = status(judged(use, books(vehicles=[car])), "VEH-1", "fuel_l_per_100km")
    assert (found.unit, found.kind, found.denominator_name) == ("L", "own", "km_100")
    assert found.denominator == pytest.approx(182.5)
    assert found.intensity == pytest.approx(9)
    assert found.share_pct == pytest.approx(90)
    assert found.projected is None
    assert found.kgce == pytest.approx(1_642.5 * 0.73 * 1.4714, rel=1e-6)


def test_a_vehicle_that_did_not_move_has_no_figure() -> None:
    car = Vehicle("VEH-1", "", "", "ORG-1", "鲁A1", "sedan", "petrol", quota_l_per_100km=10)
    use = {("VEH-1", "fuel_used_l"): 4.5, ("VEH-1", "odometer_km"): 0}
    assert "denominator_missing" in codes(judged(use, books(vehicles=[car])), "VEH-1")


# --- what authorities set ---

DECISION = Decision(
    "函〔2023〕1号", date(2023, 1, 5), "", "", "user:x", datetime(2023, 1, 5, tzinfo=UTC)
)


def target(indicator: str, amount: float) -> Decided:
    assigned = AssignedTarget(
        "ORG-1", indicator, 2023, amount, "TOP", "region", 1, date(2023, 1, 1), False, DECISION
    )
    return Decided(targets=[assigned])


def test_an_assigned_target_stands_beside_the_quota() -> None:
    use = {("ORG-1", KWH): 2400}
    found = judged(use, books(), decided=target("electricity_kwh", 900_000))
    assigned = status(found, "ORG-1", "assigned-electricity_kwh")
    assert assigned.kind == "assigned"
    assert assigned.document == "函〔2023〕1号"
    assert (assigned.denominator_name, assigned.denominator) == ("none", 1.0)
    assert assigned.share_pct == pytest.approx(100 * 876_000 / 900_000)
    assert status(found, "ORG-1", ELECTRICITY).limits[Tier.CONSTRAINT] == pytest.approx(800_000)


def test_a_target_in_tons_is_a_thousandth_of_kgce() -> None:
    # 876,000 kWh * 0.31 = 271,560 kgce = 271.56 tce.
    found = judged({("ORG-1", KWH): 2400}, books(), decided=target("energy_tce", 300))
    assigned = status(found, "ORG-1", "assigned-energy_tce")
    assert (assigned.unit, assigned.used) == ("tce", pytest.approx(271.56))
    assert assigned.kgce == pytest.approx(271_560)
    assert assigned.parts[0].factor == pytest.approx(0.00031)
    assert assigned.parts[0].factor_unit == "tce/kWh"


def test_a_revised_quota_counts_in_place_of_the_pack_s() -> None:
    revision = QuotaRevision("BLD-1", ELECTRICITY, 2023, 50, 1, date(2023, 6, 1), False, DECISION)
    use = {("BLD-1", KWH): 2400}
    found = judged(use, books(), decided=Decided(revisions=[revision]))
    revised = status(found, "BLD-1", ELECTRICITY)
    # The baseline of 51.5 is above the revised 50 and goes.
    assert revised.limits == {Tier.CONSTRAINT: 500_000, Tier.GUIDANCE: pytest.approx(319_000)}
    before = judged(use, books(), as_of=local(2023, 5, 1), decided=Decided(revisions=[revision]))
    assert status(before, "BLD-1", ELECTRICITY).limits[Tier.CONSTRAINT] == pytest.approx(800_000)


# --- what cannot be said ---


def test_an_organisation_that_is_metered_in_part_is_told_so() -> None:
    second = replace(BUILDING, code="BLD-2", gross_area_m2=30_000)
    use = {("ORG-1", KWH): 2000, ("BLD-1", KWH): 2000}
    found = judged(use, books(BUILDING, second))
    told = next(
        f for f in found.findings if f.code == "partly_metered" and f.detail["quota"] == ELECTRICITY
    )
    assert told.detail["metered_area_pct"] == pytest.approx(25)
    assert told.detail["buildings"] == "BLD-2"
    # The figure stands, divided by all, and says so.
    account = status(found, "ORG-1", ELECTRICITY)
    assert account.denominator == 40_000
    assert account.metered_area_share == pytest.approx(0.25)
    per_head = [f.detail["quota"] for f in found.findings if f.code == "partly_metered"]
    assert PER_HEAD in per_head


def test_where_the_formula_allows_it_only_what_is_metered_divides() -> None:
    indicator = replace(BOOK.indicators["electricity_kwh_per_m2"], partly_metered=True)
    book = replace(BOOK, versions={}, indicators={**BOOK.indicators, indicator.id: indicator})
    second = replace(BUILDING, code="BLD-2", gross_area_m2=30_000)
    use = {("ORG-1", KWH): 2000, ("BLD-1", KWH): 2000}
    account = status(judged(use, books(BUILDING, second), book=book), "ORG-1", ELECTRICITY)
    assert account.denominator == pytest.approx(10_000)
    assert ("partly_metered", pytest.approx(30_000)) in [
        (a.kind, a.area_m2) for a in account.adjustments
    ]


def test_what_an_organisation_entered_as_a_whole_is_whole() -> None:
    second = replace(BUILDING, code="BLD-2", gross_area_m2=30_000)
    use = {("ORG-1", KWH): 5000, ("BLD-1", KWH): 2000, ("ORG-1/hand", KWH): 3000}
    assert "partly_metered" not in codes(judged(use, books(BUILDING, second)), "ORG-1")


def test_coal_that_was_bought_counts_by_the_set_that_stands_in() -> None:
    # DB37 names no raw coal; GB/T 2589 does: 0.7143 kgce/kg, and the part says so.
    account = status(judged({("ORG-1", "coal_kg"): 100}, books()), "ORG-1", PER_HEAD)
    assert account.used == pytest.approx(36_500 * 0.7143)
    assert account.parts[0].factor_set == "gbt2589-2020"


def test_an_organisation_that_no_quota_is_for_is_told() -> None:
    register = Register(
        organisations=[replace(ORG, kind="school")],
        sites=[replace(SITE, province="hainan")],
        buildings=[BUILDING],
    )
    found = judged({("ORG-1", KWH): 2000}, register)
    told = next(f for f in found.findings if f.code == "quota_none")
    assert (told.subject, told.detail["kind"], told.detail["provinces"]) == (
        "ORG-1",
        "school",
        "hainan",
    )


# --- what lies ahead ---


def test_a_steady_year_is_on_its_budget() -> None:
    use = {("BLD-1", KWH): 800_000 / 365}
    found = judged(use, books(), days=(date(2022, 1, 1), date(2023, 7, 1)), as_of=local(2023, 7, 1))
    account = status(found, "BLD-1", ELECTRICITY)
    # 181 of 365 even days of 800,000 kWh.
    assert account.budget_to_date == pytest.approx(800_000 * 181 / 365, rel=0.01)
    assert account.ahead == pytest.approx(account.used - (account.budget_to_date or 0))
    assert account.allowance_per_day == pytest.approx((800_000 - account.used) / 184)
    assert account.projected_low is not None
    assert account.projected_high is not None
    assert account.projected_low <= (account.projected or 0) <= account.projected_high
    over = account.over_probability
    assert over[Tier.CONSTRAINT] <= over[Tier.BASELINE] <= over[Tier.GUIDANCE]


def test_the_day_on_which_a_quota_is_used_up() -> None:
    # 4,000 kWh a day on 800,000: passed on day 201, 20 July.
    use = {("BLD-1", KWH): 4000}
    days = (date(2022, 1, 1), date(2023, 9, 1))
    found = judged(use, books(), days=days, as_of=local(2023, 9, 1))
    account = status(found, "BLD-1", ELECTRICITY)
    assert account.exhaustion_day == date(2023, 7, 20)
    assert account.allowance_per_day == 0
    assert account.over_probability[Tier.CONSTRAINT] == pytest.approx(1)


# --- properties ---


@settings(max_examples=15, deadline=None)
@given(kwh=st.floats(1, 1e5), part=st.floats(0, 1), gas=st.floats(0, 1e3), scale=st.floats(0.1, 10))
def test_parts_sum_to_the_use_and_the_ratio_has_no_size(
    kwh: float, part: float, gas: float, scale: float
) -> None:
    def account(times: float) -> QuotaStatus:
        area = 10_000 * times
        building = replace(BUILDING, gross_area_m2=area, data_centre_area_m2=area / 20)
        use = {
            ("BLD-1", KWH): kwh * times,
            ("BLD-1/item:D1", KWH): kwh * part * times,
            ("BLD-1", "gas_m3"): gas * times,
        }
        span = (date(2023, 1, 1), date(2023, 1, 4))
        register = books(building, meters=[item("D1")])
        found = judged(use, register, days=span, as_of=local(2023, 1, 4))
        return status(found, "BLD-1", NON_HEATING)

    one, other = account(1), account(scale)
    assert sum(p.value for p in one.parts) == pytest.approx(one.used, rel=1e-9, abs=1e-6)
    assert other.intensity == pytest.approx(one.intensity, rel=1e-9, abs=1e-9)
    assert other.share_pct == pytest.approx(one.share_pct, rel=1e-9, abs=1e-9)


@settings(max_examples=10, deadline=None)
@given(kwh=st.floats(1, 1e5), more=st.floats(0, 1e4))
def test_more_use_is_never_a_better_share(kwh: float, more: float) -> None:
    def share(use: float) -> float:
        span = (date(2023, 1, 1), date(2023, 1, 4))
        found = judged({("BLD-1", KWH): use}, books(), days=span, as_of=local(2023, 1, 4))
        return status(found, "BLD-1", ELECTRICITY).share_pct

    assert share(kwh + more) >= share(kwh)
