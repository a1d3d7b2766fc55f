"""The packs that come with the program, against the tables they are taken from."""

from datetime import timedelta

import pytest

from quotawatt.errors import NotFoundError
from quotawatt.rulebook.loader import load_rulebook
from quotawatt.rulebook.model import Citation, Rulebook, Tier, Trust


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
        if quota.denominator == "headcount":
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
    assert {name: f.value for name, f in carbon.items()} == {
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


def test_the_five_rules(book: Rulebook) -> None:
    day = timedelta(days=1)
    assert {
        r.id: (r.input, r.above, r.clear_below, r.for_, r.keep_firing_for, r.cites.clause)
        for r in book.rules.values()
    } == {
        "quota-projected-over": ("quota_projected_share_pct", 100, 98, 3 * day, 0 * day, "17"),
        "quota-exhausted": ("quota_share_pct", 100, 100, 0 * day, 0 * day, "17"),
        "carbon-projected-over": (
            "carbon_projected_share_pct",
            100,
            98,
            3 * day,
            0 * day,
            "碳排放",
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


def test_every_clause_is_a_summary_in_both_languages(book: Rulebook) -> None:
    for instrument in book.instruments.values():
        for clause in instrument.clauses.values():
            assert "摘要" in clause.text.zh, (instrument.id, clause.number)
            assert "summary" in clause.text.en, (instrument.id, clause.number)


def test_whatever_cites_finds_its_clause(book: Rulebook) -> None:
    cites = [
        *(rule.cites for rule in book.rules.values()),
        *(quota.cites for quota in book.quotas.values()),
        *(target.cites for target in book.targets.values()),
    ]
    assert len(cites) == 22
    for citation in cites:
        assert book.clause(citation)[1].number == citation.clause
    with pytest.raises(NotFoundError, match="got conservation-regulation 99"):
        book.clause(Citation("conservation-regulation", "99"))
