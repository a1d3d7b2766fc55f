"""Medians of many columns at once are those of each by itself."""

import numpy as np
import pandas as pd
import pytest

from analytics.anomalies.medians import deviations_by_kind, medians_around


@pytest.mark.parametrize("days", [1, 3, 35, 57, 58, 90])
def test_medians_around_are_those_of_a_rolling_window(days: int) -> None:
    rng = np.random.default_rng(days)
    table = rng.normal(size=(days, 48))
    table[rng.random(table.shape) < 0.5] = np.nan
    table[:, 3] = np.nan
    rolling = pd.DataFrame(table).rolling(113, min_periods=4, center=True).median()
    np.testing.assert_array_equal(medians_around(table, 113), rolling.ffill().bfill().to_numpy())


def test_deviations_are_those_of_each_kind() -> None:
    rng = np.random.default_rng(1)
    values, kind = rng.normal(size=900), rng.integers(0, 40, 900)
    values[rng.random(900) < 0.1] = np.nan
    found = deviations_by_kind(values, kind, 48)
    for k in range(40):
        known = values[(kind == k) & np.isfinite(values)]
        assert found[k] == np.median(np.abs(known - np.median(known)))
    assert np.isnan(found[40:]).all()


def test_nothing_known_has_no_deviation() -> None:
    kind = np.zeros(5, dtype=np.int64)
    assert np.isnan(deviations_by_kind(np.full(5, np.nan), kind, 2)).all()
