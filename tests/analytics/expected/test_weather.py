"""Gaps in the temperature, and its inertia."""

import numpy as np
import pytest

from analytics.expected.weather import fill_gaps, trailing_mean

NAN = np.nan


def test_short_gaps_are_interpolated() -> None:
    assert fill_gaps(np.array([0, NAN, NAN, NAN, 8.0])).tolist() == [0, 2, 4, 6, 8]


def test_long_gaps_and_ends_stay_unknown() -> None:
    filled = fill_gaps(np.array([NAN, 1, NAN, NAN, NAN, NAN, 6.0, NAN]))
    assert np.isnan(filled).tolist() == [True, False, True, True, True, True, False, True]


def test_nothing_known_stays_unknown() -> None:
    assert np.isnan(fill_gaps(np.full(5, NAN))).all()


def test_trailing_mean_needs_a_whole_day() -> None:
    hours = np.arange(26.0)
    mean = trailing_mean(hours)
    assert np.isnan(mean[:23]).all()
    assert mean[23:] == pytest.approx([11.5, 12.5, 13.5])
    hours[1] = NAN
    assert np.isnan(trailing_mean(hours)).tolist() == [True] * 25 + [False]
    assert np.isnan(trailing_mean(np.arange(3.0))).all()
