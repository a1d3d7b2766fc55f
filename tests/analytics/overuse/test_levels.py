"""Levels by day: rises above habit, steps, trends and bends."""

import numpy as np
import pytest

from analytics.overuse.levels import (
    best_bend,
    best_step,
    confidence_of,
    known_runs,
    rises,
    trend,
    weekly,
)


def days(count: int, seed: int = 3) -> np.ndarray:
    return 10 + np.random.default_rng(seed).normal(0, 0.2, count)


def test_a_rise_has_its_beginning_its_end_and_the_habit_before() -> None:
    values = days(60)
    values[30:37] += 3
    (found,) = rises(values, 1.0)
    assert (found.first, found.last, len(found.days)) == (30, 36, 7)
    assert found.habit == pytest.approx(10, abs=0.2)


def test_one_ordinary_day_between_does_not_end_a_rise() -> None:
    values = days(60)
    values[30:37] += 3
    values[33] -= 3
    values[35] = np.nan
    (found,) = rises(values, 1.0)
    assert (found.first, found.last, len(found.days)) == (30, 36, 5)


@pytest.mark.parametrize("values", [days(60), np.full(60, 10.0), np.full(60, np.nan), np.zeros(0)])
def test_ordinary_days_have_no_rise(values: np.ndarray) -> None:
    assert list(rises(values, 1.0)) == []


def test_a_habit_is_known_after_ten_days_only() -> None:
    assert list(rises(np.r_[days(5), days(20) + 5], 1.0)) == []


def test_a_step_is_found_where_it_is() -> None:
    found = best_step(np.r_[days(40), days(40, 4) + 2], 10)
    assert found is not None
    assert found.at == 40
    assert found.size == pytest.approx(2, abs=0.2)
    assert found.z > 10


def test_days_that_follow_one_another_prove_less() -> None:
    walk = np.cumsum(np.random.default_rng(5).normal(0, 1, 120))
    independent = np.random.default_rng(5).permutation(walk)
    of_walk, of_others = best_step(walk, 10), best_step(independent, 10)
    assert of_walk is not None
    assert of_others is not None
    assert of_walk.left < 1
    assert of_others.z < 5


@pytest.mark.parametrize("values", [np.full(50, 7.0), np.full(50, np.nan), days(15)])
def test_what_has_no_step(values: np.ndarray) -> None:
    assert best_step(values, 10) is None


def test_a_trend_is_told_from_chance() -> None:
    rising = trend(10 + 0.1 * np.arange(30) + days(30) - 10)
    flat = trend(days(30))
    assert rising is not None
    assert flat is not None
    assert rising.slope == pytest.approx(0.1, abs=0.02)
    assert rising.p < 1e-6
    assert flat.p > 0.01
    assert trend(days(7)) is None


def test_the_bend_is_where_the_line_begins() -> None:
    values = 10 + 0.5 * np.maximum(np.arange(40) - 20, 0) + 0.1 * (days(40) - 10)
    assert best_bend(values, 10) == pytest.approx(20, abs=1)


def test_weeks_need_four_known_days() -> None:
    values = np.arange(21.0)
    values[7:11] = np.nan
    assert weekly(values) == pytest.approx([3, np.nan, 17], nan_ok=True)


def test_runs_of_flags() -> None:
    flags = np.array([0, 1, 1, 0, 1, 0, 0, 0, 1, 0], dtype=bool)
    assert list(known_runs(flags, np.ones(10, dtype=bool), 3, 2)) == [(1, 4)]
    assert list(known_runs(flags, flags, 3, 2)) == [(1, 8)]


def test_confidence_grows_with_strength() -> None:
    assert [confidence_of(s) for s in (0, 4, 8, 1e9)] == [0.5, 0.6, 0.8, 0.97]
