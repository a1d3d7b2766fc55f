"""Purchases as the use of the days before them."""

import numpy as np

from analytics.yearly.projection.lumps import spread_lumps
from tests.analytics.yearly.projection.days import days


def lumpy(every: int, amount: float, length: int = 365) -> np.ndarray:
    year = np.zeros((1, length))
    year[0, every - 1 :: every] = amount
    return year


def test_a_purchase_is_spread_over_the_days_since_the_one_before() -> None:
    last, this = spread_lumps(lumpy(20, 100), days((14, 0), (1, 60), (5, 0)))
    np.testing.assert_allclose(last[0, :360], 5)
    # The last one of last year was on day 360; 60 on day 15 is for five days of December and fifteen.
    np.testing.assert_allclose(last[0, 360:], 3)
    np.testing.assert_allclose(this[0, :15], 3)
    assert np.isnan(this[0, 15:]).all()


def test_sums_stay() -> None:
    last, this = spread_lumps(lumpy(7, 10), lumpy(9, 10, 90))
    np.testing.assert_allclose(np.nansum(last) + np.nansum(this), 52 * 10 + 10 * 10)


def test_seasons_weekends_and_daily_use_are_no_purchases() -> None:
    heating = days((75, 20), (240, 0), (50, 20))
    weekly = np.where(np.arange(365) % 7 < 5, 10.0, 0.0)[None, :]
    for year in (heating, weekly, days((365, 1))):
        last, this = spread_lumps(year, year[:, :100])
        np.testing.assert_array_equal(last, year)
        np.testing.assert_array_equal(this, year[:, :100])
