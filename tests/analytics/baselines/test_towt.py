"""Time of week and temperature."""

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError

from analytics.baselines.blocks import folds_of
from analytics.baselines.calendar_features import HOLIDAY, calendar_of
from analytics.baselines.inputs import Floats
from analytics.baselines.metrics import fit_figures
from analytics.baselines.series import Interval, UseSeries
from analytics.baselines.towt import TimeOfWeek, TimeOfWeekTemperature
from quotawatt.errors import InputError
from tests.analytics.baselines.made import SHANGHAI, office, temperatures

OFFICE = office()
TRUTH = office(noise=0.0)


def fitted(series: UseSeries) -> TimeOfWeekTemperature:
    return TimeOfWeekTemperature(SHANGHAI, "CN").fit(series.frame, series.frame["use"])


def test_an_office_is_learned_to_within_its_noise() -> None:
    expected = fitted(OFFICE).predict(OFFICE.frame)
    known = np.isfinite(expected)
    assert known[17:].all()
    error = (expected - TRUTH.frame["use"].to_numpy())[known]
    assert np.sqrt(np.mean(error**2)) < 2.0
    assert abs(error.mean()) < 0.2


def test_holidays_are_days_off_from_few_examples() -> None:
    model = fitted(OFFICE)
    starts = pd.DatetimeIndex(OFFICE.frame.index)
    calendar = calendar_of(starts, SHANGHAI, "CN")
    noon = (calendar.kind == HOLIDAY) & (calendar.hour == 12)
    assert noon.sum() > 10
    assert model.predict(OFFICE.frame)[noon].mean() == pytest.approx(20, abs=2)


def test_outages_bend_little() -> None:
    use = OFFICE.frame["use"].to_numpy().copy()
    use[2000:2300] = 0.0
    use[5000:5010] = 10_000.0
    broken = TimeOfWeekTemperature(SHANGHAI, "CN").fit(OFFICE.frame, use).predict(OFFICE.frame)
    error = fit_figures(TRUTH.frame["use"].to_numpy(), broken)
    assert error.cv_rmse_pct < 6
    assert abs(error.nmbe_pct) < 2


def test_scikit_learns_terms() -> None:
    model = TimeOfWeekTemperature(SHANGHAI, "CN", Interval.HOUR)
    assert model.get_params() == {"zone": SHANGHAI, "country": "CN", "interval": Interval.HOUR}
    copy = clone(model).set_params(country="GB")
    assert copy.country == "GB"
    with pytest.raises(NotFittedError):
        model.predict(OFFICE.frame)
    with pytest.raises(InputError, match="two known rows, got 0"):
        model.fit(OFFICE.frame, np.full(len(OFFICE.frame), np.nan))


def test_what_it_expects_of_a_block_does_not_hang_on_the_blocks_use() -> None:
    use = OFFICE.frame["use"].to_numpy()
    calendar = calendar_of(pd.DatetimeIndex(OFFICE.frame.index), SHANGHAI, "CN")
    folds = folds_of(calendar.day, Interval.HOUR)
    model = TimeOfWeekTemperature(SHANGHAI, "CN")
    held_out = model.cross_predict(OFFICE.frame, use, folds)
    alone = clone(model).fit(OFFICE.frame, np.where(folds == 2, np.nan, use))
    mine = (folds == 2) & np.isfinite(held_out)
    # Rows are weighed once for all folds, so that the two differ by a little.
    assert held_out[mine] == pytest.approx(alone.predict(OFFICE.frame)[mine], rel=0.02, abs=0.5)
    assert model.predict(OFFICE.frame)[100] == pytest.approx(
        fitted(OFFICE).predict(OFFICE.frame)[100]
    )


def test_generation_may_be_negative_and_use_may_not() -> None:
    pv = -OFFICE.frame["use"].to_numpy()
    model = TimeOfWeekTemperature(SHANGHAI, "CN").fit(OFFICE.frame, pv)
    assert np.nanmin(model.predict(OFFICE.frame)) < -50
    small = np.maximum(OFFICE.frame["use"].to_numpy() - 60, 0.0)
    assert np.nanmin(fit_small(small)) == 0.0


def fit_small(use: Floats) -> Floats:
    return TimeOfWeekTemperature(SHANGHAI, "CN").fit(OFFICE.frame, use).predict(OFFICE.frame)


def test_without_weather_the_week_alone() -> None:
    model = TimeOfWeek(SHANGHAI, "CN").fit(OFFICE.frame[[]], OFFICE.frame["use"])
    expected = model.predict(OFFICE.frame[[]])
    assert np.isfinite(expected).all()
    calendar = calendar_of(pd.DatetimeIndex(OFFICE.frame.index), SHANGHAI, "CN")
    night = calendar.hour == 3
    assert expected[night].mean() == pytest.approx(20, abs=0.5)


def test_a_week_of_days() -> None:
    starts = pd.date_range("2023-01-01", periods=365, freq="D", tz=SHANGHAI).tz_convert("UTC")
    calendar = calendar_of(starts, SHANGHAI, "CN")
    at = temperatures(starts)
    use = 500 + 400.0 * ~calendar.off + 10 * np.maximum(at - 20, 0)
    frame = pd.DataFrame({"temperature_c": at}, index=starts)
    model = TimeOfWeekTemperature(SHANGHAI, "CN", Interval.DAY).fit(frame, use)
    assert fit_figures(use, model.predict(frame)).cv_rmse_pct < 3
