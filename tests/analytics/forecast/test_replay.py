"""Level and intervals: what goes on of residuals, how wide forecasts of the same kind missed."""

import numpy as np
import pytest

from analytics.forecast.days import HOURS, DayTable
from analytics.forecast.level import LEAST_DAYS, corrections
from analytics.forecast.replay import replay
from analytics.forecast.spread import intervals
from analytics.grid import Floats

DAYS = 150
OFF = np.arange(DAYS) % 7 >= 5


def table(use: Floats, expected: Floats | float = 0.0) -> DayTable:
    foreseen = np.broadcast_to(expected, use.shape).astype(float)
    return DayTable(0, OFF[: len(use)], use, foreseen, foreseen)


def noise(seed: int, size: float = 1.0) -> Floats:
    return np.random.default_rng(seed).normal(0, size, (DAYS, HOURS))


def test_what_stays_is_carried_on_from_the_next_day() -> None:
    use = 100 + noise(1)
    use[100:] += 20
    found = corrections(table(use, 100.0), 1)
    assert np.abs(found[60:100]).mean() < 1
    assert np.abs(found[110:] - 20).mean() < 2


def test_what_a_kind_of_day_or_an_hour_has_of_its_own_stays_there() -> None:
    use = 100 + noise(2, 0.1)
    use[OFF, 20:] += 15
    found = corrections(table(use, 100.0), 1)[100:]
    off = OFF[100:]
    assert found[off][:, 20:].mean() == pytest.approx(15, abs=1.5)
    assert np.abs(found[~off]).max() < 1.5


@pytest.mark.parametrize("lead_days", [1, 3])
def test_nothing_that_came_later_is_looked_at(lead_days: int) -> None:
    use = 100 + noise(3)
    later = use.copy()
    later[120:] = 1e6
    before, after = (replay(table(u, 100.0), lead_days, 0.9) for u in (use, later))
    known = 120 + lead_days
    for name in ("expected", "low", "high"):
        mine, other = getattr(before, name)[:known], getattr(after, name)[:known]
        np.testing.assert_array_equal(mine, other)
    assert not np.array_equal(before.expected[known:], after.expected[known:])


def test_a_week_must_be_known_before_anything_is_corrected() -> None:
    found = corrections(table(noise(4) + 50), 1)
    assert (found[:LEAST_DAYS] == 0).all()
    assert (found[LEAST_DAYS + 1] != 0).any()


def test_an_outage_and_a_spike_are_not_learned_from() -> None:
    use = 100 + noise(5)
    use[100, 3:9] = 1e5
    use[101, :] = np.nan
    found = corrections(table(use, 100.0), 1)
    assert np.abs(found[101]).max() < 12
    assert np.isfinite(found).all()


def test_without_a_baseline_days_like_it_are_the_forecast() -> None:
    profile = np.where(np.arange(HOURS) // 8 == 1, 50.0, 10.0)
    use = np.where(OFF[:, None], 10.0, profile) + noise(6, 0.5)
    error = (replay(table(use), 1, 0.9).expected - use)[60:]
    assert np.sqrt((error**2).mean()) < 1.5


@pytest.mark.parametrize("level", [0.5, 0.8, 0.9])
def test_intervals_hold_what_they_say_though_hours_differ(level: float) -> None:
    size = np.where(np.arange(HOURS) // 8 == 1, 9.0, 1.0) * np.where(OFF, 0.5, 1.0)[:, None]
    error = noise(7) * size
    low, high = intervals(error, OFF, 1, level)
    inside = ((error >= low) & (error <= high))[60:]
    assert inside.mean() == pytest.approx(level, abs=0.03)
    assert inside[:, 8:16].mean() == pytest.approx(level, abs=0.06)


def test_two_weeks_of_errors_are_needed() -> None:
    low, high = intervals(noise(8), OFF, 1, 0.9)
    assert np.isnan(low[:14]).all()
    assert np.isfinite(high[16:]).all()


def test_a_forecast_goes_below_nothing_only_where_use_does() -> None:
    use = np.abs(noise(9))
    assert replay(table(use), 1, 0.9).low[60:].min() == 0
    exported = replay(table(use - 3), 1, 0.9)
    assert exported.low[60:].max() < 0
    assert exported.floor == -np.inf


@pytest.mark.parametrize("value", [0.0, 7.0, np.nan])
def test_a_series_that_never_moves_is_forecast_as_it_is(value: float) -> None:
    found = replay(table(np.full((DAYS, HOURS), value)), 1, 0.9)
    assert np.isfinite(found.expected).all()
    assert np.nan_to_num(value) == pytest.approx(found.expected[100:].mean(), abs=0.2)
