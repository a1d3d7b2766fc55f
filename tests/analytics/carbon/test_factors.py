"""Dated factors: which stands in, which stands still, and what a new one restates."""

from dataclasses import replace

from analytics.carbon.factors import (
    Restatement,
    changed_factors,
    factors_of_years,
    fixed_grid_factor,
    grid_used,
)
from quotawatt.carbon.factors_used import FactorOfYear
from quotawatt.rulebook.loader import load_rulebook
from quotawatt.rulebook.model import Rulebook

BOOK = load_rulebook()


def published(year: int, value: float) -> Rulebook:
    """The book with Shandong's factor of one more year."""
    last = BOOK.grid_factor("shandong", 2023)
    return replace(
        BOOK, grid_factors=(*BOOK.grid_factors, replace(last, year=year, kgco2_per_kwh=value))
    )


def test_a_factor_of_an_earlier_year_is_provisional() -> None:
    shown = grid_used(BOOK.grid_factor("shandong", 2025), 2025)
    assert (shown.value, shown.year, shown.provisional) == (0.6191, 2023, True)
    assert not grid_used(BOOK.grid_factor("shandong", 2022), 2022).provisional


def test_the_fixed_factor_is_that_of_the_base_year_or_the_first_known() -> None:
    # That of 2020 is not known: 2021's stands in, and stays.
    first = fixed_grid_factor(BOOK, "shandong", 2020)
    assert first is not None
    assert (first.year, first.kgco2_per_kwh) == (2021, 0.6838)
    base = fixed_grid_factor(BOOK, "shandong", 2022)
    assert base is not None
    assert base.kgco2_per_kwh == 0.6410
    assert fixed_grid_factor(BOOK, "atlantis", 2020) is None


def test_publication_restates_the_years_it_stood_in_for() -> None:
    years = range(2021, 2026)
    before = {(f.region, f.year): f for f in factors_of_years(BOOK, years)}
    now = factors_of_years(published(2024, 0.6), years)
    assert changed_factors(before, now) == [
        (FactorOfYear("shandong", 2024, 2023, 0.6191), FactorOfYear("shandong", 2024, 2024, 0.6)),
        (FactorOfYear("shandong", 2025, 2023, 0.6191), FactorOfYear("shandong", 2025, 2024, 0.6)),
    ]
    # Once it has been told there is nothing more to tell.
    assert changed_factors({(f.region, f.year): f for f in now}, now) == []
    # A year that was never reckoned with cannot be restated.
    assert changed_factors({}, now) == []


def test_a_restatement_says_before_and_after() -> None:
    before = FactorOfYear("shandong", 2024, 2023, 0.6191)
    after = FactorOfYear("shandong", 2024, 2024, 0.6)
    found = Restatement("BLD-1", before, after, 100_000).finding()
    # 100000 * 0.6191 = 61910; 100000 * 0.6 = 60000
    assert (found.code, found.detail["before_kgco2"], found.detail["after_kgco2"]) == (
        "carbon_restated",
        61_910,
        60_000,
    )
    assert (found.detail["factor_year_before"], found.detail["factor_year_after"]) == (2023, 2024)
