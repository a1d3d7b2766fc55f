"""What the benchmark of projections compares."""

import numpy as np
import pytest

from benchmarks.quotas_accuracy import accuracy_figures
from benchmarks.quotas_cases import Case, all_cases, cases_of
from benchmarks.quotas_data import BuildingYear


def case_of(one: BuildingYear, month: int) -> Case:
    (case,) = cases_of([one], month)
    return case


def building(this: float, last: float, name: str = "A", group: str = "offices") -> BuildingYear:
    rng = np.random.default_rng(len(name))
    weather = rng.lognormal(0, 0.05, 365)
    return BuildingYear(group, name, 2019, this * weather, last * rng.lognormal(0, 0.05, 365))


def test_the_naive_figure_is_last_years_remainder_scaled() -> None:
    one = BuildingYear("offices", "A", 2019, np.full(365, 12.0), np.full(365, 10.0))
    # 181 days at 12; 184 days at 10 times 1.2.
    assert case_of(one, 7).naive == pytest.approx(181 * 12 + 184 * 12)


def test_without_use_last_year_to_date_there_is_no_naive_figure() -> None:
    late = np.concatenate([np.zeros(200), np.full(165, 10.0)])
    assert np.isnan(case_of(BuildingYear("offices", "A", 2019, np.full(365, 12.0), late), 7).naive)


def test_the_score_of_a_projection_is_below_its_error_where_it_knows_its_doubt() -> None:
    case = case_of(building(13, 10), 3)
    assert 0 < case.crps < abs(case.median - case.true)


def test_what_lies_ahead_is_not_shown() -> None:
    one = building(10, 10)
    other = one._replace(this_year=np.where(np.arange(365) < 181, one.this_year, 99.0))
    assert case_of(one, 7).median == case_of(other, 7).median


def test_all_figures_are_there_for_all_groups() -> None:
    years = [
        building(10, 11),
        building(10, 9, "Panther_B"),
        building(12, 10, "C", "Cambridge electricity"),
        building(8, 10, "D", "Cambridge gas"),
    ]
    figures = {f.name: f for f in accuracy_figures(all_cases(years))}
    assert figures["projections made"].value == 44
    assert figures["ended over a quota"].value + figures["kept within a quota"].value == 20
    assert {f.at_least for f in figures.values() if "CRPS" in f.name} == {25, None}
