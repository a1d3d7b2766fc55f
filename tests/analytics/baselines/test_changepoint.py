"""Change points are found, and refused where nothing speaks for them."""

import numpy as np
import pytest

from analytics.baselines.changepoint import (
    ChangePoint,
    ChangePoint3PCooling,
    ChangePoint3PHeating,
    ChangePoint4P,
    ChangePoint5P,
)
from analytics.baselines.linear import LinearTemperature
from analytics.baselines.series import Interval
from tests.analytics.baselines.made import SHANGHAI, daily

RNG = np.random.default_rng(3)
AT = RNG.uniform(-5, 35, 365)


def fitted(model: type[ChangePoint], use: np.ndarray, at: np.ndarray = AT) -> ChangePoint:
    series = daily(use, at)
    made = model(SHANGHAI, "CN", Interval.DAY)
    found = made.fit(series.frame, series.frame["use"])
    assert found is made
    return found


@pytest.mark.parametrize("cold", [3.0, 12.4, 17.9])
def test_a_heating_change_point(cold: float) -> None:
    model = fitted(ChangePoint3PHeating, 100 + 5 * np.maximum(cold - AT, 0))
    assert model.change_points_c_[0] == pytest.approx(cold, abs=0.06)
    assert model.slopes_[0] == pytest.approx(5, rel=0.02)
    assert model.constant_ == pytest.approx(100, rel=0.01)
    assert model.parameters_count == 3


def test_a_cooling_change_point_among_noise() -> None:
    use = 100 + 8 * np.maximum(AT - 24, 0) + np.random.default_rng(0).normal(0, 5, 365)
    model = fitted(ChangePoint3PCooling, use)
    assert model.change_points_c_[1] == pytest.approx(24, abs=1)
    assert model.slopes_[1] == pytest.approx(8, rel=0.1)


def test_five_parameters() -> None:
    use = 50 + 3 * np.maximum(10 - AT, 0) + 6 * np.maximum(AT - 25, 0)
    model = fitted(ChangePoint5P, use)
    assert model.change_points_c_ == pytest.approx((10, 25), abs=0.11)
    assert (model.slopes_, model.constant_) == (
        pytest.approx((3, 6), rel=0.03),
        pytest.approx(50, rel=0.01),
    )
    assert model.parameters_count == 5


def test_four_parameters_bend_upward_whatever_the_slopes() -> None:
    use = 50 + 1 * AT + 4 * np.maximum(AT - 20, 0)
    model = fitted(ChangePoint4P, use)
    assert model.change_points_c_[0] == model.change_points_c_[1] == pytest.approx(20, abs=0.11)
    assert model.slopes_ == (pytest.approx(-1, rel=0.03), pytest.approx(5, rel=0.03))
    assert model.parameters_count == 4


@pytest.mark.parametrize(
    ("model", "use"),
    [
        (ChangePoint3PHeating, 100 + 5 * np.maximum(AT - 20, 0)),
        (ChangePoint3PCooling, 100 + 5 * np.maximum(10 - AT, 0)),
        (ChangePoint5P, 100 - 5 * np.maximum(10 - AT, 0) - 5 * np.maximum(AT - 20, 0)),
        (ChangePoint4P, 100 - 5 * np.abs(AT - 15)),
    ],
)
def test_slopes_of_the_wrong_sign_are_refused(model: type[ChangePoint], use: np.ndarray) -> None:
    found = fitted(model, use)
    predicted = found.predict(daily(use, AT).frame)
    heating, cooling = found.slopes_
    if model is ChangePoint4P:
        assert heating + cooling >= 0
    else:
        assert heating >= 0
        assert cooling >= 0
    assert predicted.std() < 0.7 * use.std()


def test_a_change_point_needs_a_tenth_of_the_days_beyond_it() -> None:
    at = np.concatenate([np.linspace(10, 20, 360), np.full(5, 40.0)])
    use = np.where(at > 30, 500.0, 100.0)
    model = fitted(ChangePoint3PCooling, use, at)
    assert model.change_points_c_[1] <= np.quantile(at, 0.9)


def test_one_temperature_alone_gives_the_mean() -> None:
    use = np.linspace(1, 3, 40)
    model = fitted(ChangePoint5P, use, np.full(40, 15.0))
    assert model.predict(daily(use, np.full(40, 15.0)).frame) == pytest.approx(np.full(40, 2.0))


def test_a_straight_line() -> None:
    series = daily(200 - 3 * AT, AT)
    model = LinearTemperature(SHANGHAI, "CN", Interval.DAY).fit(series.frame, series.frame["use"])
    assert (model.constant_, model.slope_) == (pytest.approx(200), pytest.approx(-3))
