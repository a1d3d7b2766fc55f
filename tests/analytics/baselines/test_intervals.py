"""The band of ordinary use."""

import json

import numpy as np
import pandas as pd
import pytest

from analytics.baselines.calendar_features import calendar_of
from analytics.baselines.intervals import YEARLY_DRIFT, Band, band_of
from analytics.baselines.series import Interval
from tests.analytics.baselines.made import SHANGHAI

STARTS = pd.date_range("2023-01-01", periods=8760, freq="h", tz=SHANGHAI).tz_convert("UTC")
CALENDAR = calendar_of(STARTS, SHANGHAI, "CN")
ERRORS = np.random.default_rng(0).normal(0, 1 + 4.0 * (CALENDAR.hour == 12), 8760)
EXPECTED = np.full(8760, 100.0)
NOWHERE = np.zeros(8760)


def band(level: float = 0.9) -> Band:
    return band_of(CALENDAR, Interval.HOUR, EXPECTED + ERRORS, EXPECTED, level)


@pytest.mark.parametrize("level", [0.5, 0.9, 0.99])
def test_the_share_asked_for_is_inside(level: float) -> None:
    low, high = band(level).of_intervals(CALENDAR, Interval.HOUR, EXPECTED, NOWHERE)
    use = EXPECTED + ERRORS
    assert np.mean((use >= low) & (use <= high)) == pytest.approx(level, abs=0.01)


def test_classes_of_hours_have_bands_of_their_own() -> None:
    low, high = band().of_intervals(CALENDAR, Interval.HOUR, EXPECTED, NOWHERE)
    width = high - low
    assert width[CALENDAR.hour == 13].mean() > 1.5 * width[CALENDAR.hour == 4].mean()


def test_days_are_narrower_than_their_hours_together() -> None:
    made = band()
    off = np.array([False, True])
    low, high = made.of_days(off, np.full(2, 2400.0), np.zeros(2))
    hours_low, hours_high = made.of_intervals(CALENDAR, Interval.HOUR, EXPECTED, NOWHERE)
    assert (high - low).max() < (hours_high - hours_low)[:24].sum() / 2
    assert made.day_sd == pytest.approx(np.sqrt(23 + 25), rel=0.1)
    assert made.rho < 0.15


def test_the_band_grows_with_the_years_since_training() -> None:
    made = band()
    now, later = (
        made.of_sums(np.array([365.0]), np.array([1e6]), np.array([years])) for years in (0.0, 1.0)
    )
    assert now[1] < later[1]
    assert later[1] - 1e6 >= made.z * YEARLY_DRIFT * 1e6
    assert later[0] < now[0]


def test_sums_of_dependent_days_are_less_sure() -> None:
    independent = Band(
        0.9, ((0, 0),) * 16, ((0, 0),) * 2, day_sd=10, rho=0.0, slow_sd=0.0, drift=0.0
    )
    dependent = Band(0.9, ((0, 0),) * 16, ((0, 0),) * 2, day_sd=10, rho=0.5, slow_sd=0.0, drift=0.0)
    days, none = np.array([100.0]), np.array([0.0])
    high = independent.of_sums(days, none, none)[1]
    assert high == pytest.approx(1.6449 * 10 * 10, rel=1e-3)
    assert dependent.of_sums(days, none, none)[1] == pytest.approx(np.sqrt(3) * high)


def test_blocks_that_are_off_together_make_long_sums_less_sure() -> None:
    off = np.repeat(np.tile([4.0, -4.0], 7), 28 * 24)[:8760]
    made = band_of(CALENDAR, Interval.HOUR, EXPECTED + ERRORS + off, EXPECTED, 0.9)
    _, high = made.of_sums(np.array([28.0]), np.zeros(1), np.zeros(1))
    assert high[0] > 4 * 24 * 28
    assert made.rho > 0.5


def test_nothing_known_gives_a_band_without_width() -> None:
    made = band_of(CALENDAR, Interval.HOUR, np.full(8760, np.nan), EXPECTED, 0.9)
    low, high = made.of_intervals(CALENDAR, Interval.HOUR, EXPECTED, NOWHERE)
    assert (low == high).all()


def test_it_survives_text() -> None:
    made = band()
    assert Band.from_document(json.loads(json.dumps(made.to_document()))) == made
