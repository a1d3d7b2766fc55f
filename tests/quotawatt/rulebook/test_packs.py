"""The packs that come with the program, against the tables they are taken from."""

from datetime import date, timedelta

import pytest

from quotawatt.errors import NotFoundError
from quotawatt.register.headings import meanings
from quotawatt.rulebook.alert_rules import Source
from quotawatt.rulebook.loader import load_rulebook
from quotawatt.rulebook.model import Citation, Rulebook, Tier, Trust
from quotawatt.rulebook.templates import TEMPLATES, template_book
from tests.quotawatt.rulebook.checking import check_packs


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return load_rulebook()


# Level, zone: non-heating kgce/m², electricity kWh/m², energy kgce per head; constraint, baseline, guidance.
DB37 = {
    "province-b": ((25.5, 16.6, 9.6), (81.0, 52.0, 35.5), (1611.5, 1240.4, 700.9)),
    "city-a": ((21.9, 14.9, 7.2), (72.6, 49.9, 22.7), (1300.8, 912.3, 665.9)),
    "city-b": ((22.3, 15.6, 8.1), (80.0, 51.5, 31.9), (1557.1, 978.1, 698.2)),
    "county-a": ((20.0, 11.9, 6.5), (67.4, 39.5, 20.0), (1197.8, 781.0, 453.7)),
    "county-b": ((20.8, 12.6, 6.9), (75.8, 45.9, 26.2), (1293.4, 828.9, 478.0)),
}


@pytest.mark.parametrize("group", DB37)
def test_shandong_quotas_are_those_of_the_table(book: Rulebook, group: str) -> None:
    names = ("non-heating", "electricity", "per-head")
    for name, values in zip(names, DB37[group], strict=True):
        quota = book.quotas[f"db37t2672-{group}-{name}"]
        assert tuple(quota.tiers[t] for t in Tier) == values
        level, zone = group.split("-")
        assert {(s.level, s.zone, s.province) for s in quota.selectors} == {
            (level, zone.upper(), "shandong")
        }
        assert quota.trust is Trust.SECONDARY


def test_heads_are_counted_for_organisations_only(book: Rulebook) -> None:
    for quota in book.quotas.values():
        if book.indicators[quota.indicator].denominator == "headcount":
            assert {s.asset for s in quota.selectors} == {"organisation"}
            assert tuple(quota.headcount_components) == ("in_post", "non_establishment")


def test_water_has_two_tiers_and_no_coal_equivalent(book: Rulebook) -> None:
    water = book.quotas["db37t4452-water"]
    assert dict(water.tiers) == {Tier.CONSTRAINT: 25, Tier.GUIDANCE: 10}
    assert water.factor_set == ""


def test_shandong_factors_are_its_own(book: Rulebook) -> None:
    factors = book.factor_sets["db37t2672-2019"]
    assert factors.electricity_basis == "equivalent"
    values = {name: f.value for name, f in factors.coal_equivalent.items()}
    assert values["electricity_import_kwh"] == 0.31  # GB/T 2589 has 0.1229
    assert values["gas_m3"] == 1.2143  # oil-field gas has 1.33
    assert values["heat_gj"] == 34.12  # kgce: a thousand times what it is in tce
    assert values["petrol_l"] == pytest.approx(1.4714 * 0.73)
    assert values["diesel_l"] == pytest.approx(1.4571 * 0.86)
    assert "water_m3" not in values


def test_carbon_factors_of_fuels_and_heat(book: Rulebook) -> None:
    carbon = book.factor_sets["jst303-2026"].carbon
    assert {name: f.value for name, f in carbon.items() if not f.from_set} == {
        "petrol_l": 2.179,
        "diesel_l": 2.718,
        "gas_m3": 2.184,
        "lpg_kg": 3.166,
        "heat_gj": 110,
    }
    # The gas factor from its parts: 389.31 GJ/10^4 m3, 15.3 tC/TJ, all of it burnt.
    assert carbon["gas_m3"].value == pytest.approx(389.31 * 15.3e-3 * 44 / 12 / 10, abs=5e-4)


@pytest.mark.parametrize(
    ("region", "year", "value", "trust"),
    [
        ("cn", 2021, 0.5568, Trust.UNVERIFIED),
        ("cn", 2022, 0.5366, Trust.SOURCE),
        ("cn", 2023, 0.5306, Trust.SOURCE),
        ("cn-residual", 2023, 0.6096, Trust.SECONDARY),
        ("beijing", 2021, 0.5688, Trust.SECONDARY),
        ("shandong", 2021, 0.6838, Trust.SECONDARY),
        ("shandong", 2022, 0.6410, Trust.SECONDARY),
        ("shandong", 2023, 0.6191, Trust.SECONDARY),
        ("north-china", 2023, 0.6361, Trust.SOURCE),
        ("northwest-china", 2022, 0.5857, Trust.SECONDARY),
    ],
)
def test_grid_factors(book: Rulebook, region: str, year: int, value: float, trust: Trust) -> None:
    factor = book.grid_factor(region, year)
    assert (factor.kgco2_per_kwh, factor.trust, factor.year) == (value, trust, year)


def test_every_region_has_all_three_years(book: Rulebook) -> None:
    years: dict[str, set[int]] = {}
    for factor in book.grid_factors:
        years.setdefault(factor.region, set()).add(factor.year)
    assert len(years) == 12
    assert all(found == {2021, 2022, 2023} for found in years.values())


def test_a_year_not_published_takes_the_latest_before_it(book: Rulebook) -> None:
    assert book.grid_factor("shandong", 2024).year == 2023
    with pytest.raises(NotFoundError, match="got shandong 2020"):
        book.grid_factor("shandong", 2020)


def test_the_national_target_falls_on_a_straight_line(book: Rulebook) -> None:
    target = book.targets["national-2025-carbon"]
    shares = [target.allowed_share(year) for year in (2019, 2020, 2023, 2025, 2026)]
    assert shares == pytest.approx([1, 1, 0.958, 0.93, 0.93])


def test_the_rules(book: Rulebook) -> None:
    day = timedelta(days=1)
    assert {
        r.id: (r.input, r.threshold, r.clear, r.for_, r.keep_firing_for, r.cites.clause)
        for r in book.rules.values()
        if r.source is Source.RESULTS
    } == {
        "site-offline": ("silent_share_pct", 50, 25, 0 * day, 0 * day, "14"),
        "quota-projected-over": ("quota_projected_share_pct", 100, 98, 3 * day, 0 * day, "17"),
        "quota-exhausted": ("quota_share_pct", 100, 100, 0 * day, 0 * day, "17"),
        "carbon-projected-over": (
            "carbon_projected_share_pct",
            100,
            98,
            3 * day,
            0 * day,
            "核算边界",
        ),
        "target-projected-over": (
            *("target_projected_share_pct", 100, 98, 3 * day, 0 * day),
            "14",
        ),
        "use-above-expected": ("electricity_excess_pct", 15, 5, 3 * day, 2 * day, "14"),
        "meter-silent": ("silence_h", 24, 24, 0 * day, 0 * day, "14"),
    }


def test_clauses_of_the_regulation_carry_their_marks(book: Rulebook) -> None:
    marks = {n: c.trust for n, c in book.instruments["conservation-regulation"].clauses.items()}
    assert marks == {
        "14": Trust.SOURCE,
        "15": Trust.SOURCE,
        "16": Trust.UNVERIFIED,
        "17": Trust.UNVERIFIED,
    }


SUMMARY_ZH = ("摘要", "概述", "虚构", "自拟")
SUMMARY_EN = ("summary", "general knowledge", "invented", "ours")


def test_every_clause_says_in_both_languages_that_it_is_no_quotation(book: Rulebook) -> None:
    for instrument in book.instruments.values():
        for clause in instrument.clauses.values():
            where = (instrument.id, clause.number)
            if clause.trust is Trust.INVENTED:
                continue  # its mark says more
            assert any(word in clause.text.zh for word in SUMMARY_ZH), where
            assert any(word in clause.text.en for word in SUMMARY_EN), where


def test_whatever_cites_finds_its_clause(book: Rulebook) -> None:
    cites = [
        *(rule.cites for rule in book.rules.values()),
        *(quota.cites for quota in book.quotas.values()),
        *(target.cites for target in book.targets.values()),
    ]
    assert len(cites) > 40
    assert {book.clause(c)[1].number for c in cites} == {c.clause for c in cites}
    with pytest.raises(NotFoundError, match="got conservation-regulation 99"):
        book.clause(Citation("conservation-regulation", "99"))


OFFICES = {
    ("A", "government"): ((55, 45), (70, 55), (65, 50), (50, 40)),
    ("A", "commercial"): ((65, 55), (85, 70), (80, 65), (65, 50)),
    ("B", "government"): ((70, 50), (90, 65), (80, 60), (60, 45)),
    ("B", "commercial"): ((80, 60), (110, 80), (100, 75), (70, 55)),
}
ZONES = ("cold", "hscw", "hsww", "mild")


@pytest.mark.parametrize("group", OFFICES)
def test_office_quotas_are_those_of_the_table(book: Rulebook, group: tuple[str, str]) -> None:
    comfort, use = group
    for zone, values in zip(ZONES, OFFICES[group], strict=True):
        quota = book.quotas[f"gbt51161-{comfort.lower()}-{use}-{zone}"]
        assert (quota.tiers[Tier.CONSTRAINT], quota.tiers[Tier.GUIDANCE]) == values
        assert [s.comfort_class for s in quota.selectors] == [comfort]
        corroborated = use == "commercial" and zone == "hscw"
        assert quota.trust is (Trust.SECONDARY if corroborated else Trust.UNVERIFIED)


def test_office_corrections_are_the_two_of_the_standard(book: Rulebook) -> None:
    quota = book.quotas["gbt51161-b-government-hscw"]
    hours, people = book.indicators[quota.indicator].corrections
    # g1 = 0.3 + 0.7 * 2500 / 3000 = 0.88333; g2 = 0.7 + 0.3 * 8 / 10 = 0.94
    assert hours.factor(3000) == pytest.approx(0.3 + 0.7 * 2500 / 3000, rel=1e-12)
    assert people.factor(8) == pytest.approx(0.94, rel=1e-12)
    # Fewer hours and more room than the quota takes for granted correct nothing.
    assert (hours.factor(2000), people.factor(12)) == (1, 1)


@pytest.mark.parametrize(
    ("heating", "values"),
    [
        ("municipal", (12.7, 11.1, 8.3)),
        ("air_conditioning", (12.4, 8.9, 6.4)),
        ("gas_oil", (12.3, 8.4, 4.8)),
    ],
)
def test_heating_quotas_are_those_of_the_table(
    book: Rulebook, heating: str, values: tuple[float, float, float]
) -> None:
    quota = book.quotas[f"db37t2672-heating-{heating.replace('_', '-')}"]
    assert tuple(quota.tiers[t] for t in Tier) == values
    assert {s.heating for s in quota.selectors} == {heating}
    assert book.indicators[quota.indicator].season == "heating"


def test_coal_equivalents_at_the_two_bases_are_kept_apart(book: Rulebook) -> None:
    calorific = book.factor_sets["gbt2589-2020"]
    assert calorific.electricity_basis == "calorific"
    # 3600 kJ / 29307 kJ
    per_kwh = calorific.coal_equivalent["electricity_import_kwh"].value
    assert per_kwh == pytest.approx(3600 / 29307, rel=1e-3)
    # 1 GJ / 29307 kJ = 34.12 kgce, not 0.03412 (that would be tce)
    assert calorific.coal_equivalent["heat_gj"].value == pytest.approx(1e6 / 29307, rel=1e-4)
    by_year = [
        book.as_of(date(year, 7, 1)).factor_sets["gbt2589-equivalent"]
        for year in (2020, 2021, 2022, 2024)
    ]
    rates = [s.coal_equivalent["electricity_import_kwh"].value for s in by_year]
    assert rates == [0.3055, 0.3025, 0.3015, 0.3015]
    assert all(
        s.coal_equivalent["electricity_import_kwh"].trust is Trust.UNVERIFIED for s in by_year
    )


def test_what_a_set_lacks_stands_in_from_another_and_says_so(book: Rulebook) -> None:
    shandong = book.factor_sets["db37t2672-2019"].coal_equivalent
    assert (shandong["coal_kg"].value, shandong["coal_kg"].from_set) == (0.7143, "gbt2589-2020")
    assert (shandong["gas_m3"].value, shandong["gas_m3"].from_set) == (1.2143, "")
    assert shandong["electricity_import_kwh"].value == 0.31  # never that of another set
    carbon = book.factor_sets["jst303-2026"].carbon
    assert (carbon["coal_kg"].from_set, carbon["coal_kg"].trust) == (
        "fuels-customary",
        Trust.UNVERIFIED,
    )
    assert "electricity_import_kwh" not in book.factor_sets["jst303-2026"].coal_equivalent


def test_customary_fuel_factors_come_from_their_parts(book: Rulebook) -> None:
    carbon = book.factor_sets["fuels-customary"].carbon
    # 389.31 GJ/10^4 m³ * 15.3 kgC/GJ * 0.99 burnt * 44/12
    assert carbon["gas_m3"].value == pytest.approx(389.31 * 15.3e-3 * 0.99 * 44 / 12 / 10, rel=1e-4)
    # 20.908 MJ/kg * 26.37 gC/MJ * 0.94 * 44/12
    assert carbon["coal_kg"].value == pytest.approx(20.908 * 26.37e-3 * 0.94 * 44 / 12, rel=1e-4)
    assert carbon["petrol_l"].value == pytest.approx(2.925 * 0.73)


def test_room_limits_hold_in_their_season_and_not_for_hospitals(book: Rulebook) -> None:
    summer, winter = book.set_points["room-summer"], book.set_points["room-winter"]
    assert summer.applies(date(2024, 7, 1), "party_government")
    assert not summer.applies(date(2024, 7, 1), "hospital")
    assert not summer.applies(date(2024, 12, 1), "party_government")
    assert (summer.beyond(25), summer.beyond(26), summer.beyond(30)) == (1, 0, 0)
    assert (winter.beyond(21.5), winter.beyond(18)) == (1.5, 0)


def test_templates_are_right_and_give_no_quota() -> None:
    book = template_book()
    assert len(book.instruments) == 9
    assert not book.quotas
    assert {i.status for i in book.instruments.values()} == {"template"}
    assert check_packs(TEMPLATES) == []


def test_kinds_that_quotas_select_are_words_of_the_register(book: Rulebook) -> None:
    known = meanings("organisations", "kind")
    kinds = {s.kind for q in book.quotas.values() for s in q.selectors if s.kind}
    assert kinds == {"party_government", "commercial"}
    assert kinds <= set(known.values())
    assert known["商业"] == "commercial"
