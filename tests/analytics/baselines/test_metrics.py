"""Figures of a fit."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.baselines.metrics import fit_figures

NAN = float("nan")


def test_by_hand() -> None:
    fit = fit_figures(np.array([1.0, 2.0, 3.0, 6.0]), np.array([1.0, 2.0, 4.0, 4.0]), 2)
    # Errors 0, 0, -1, 2; mean 3; squares 5 of 14; n - p = 2.
    assert fit.r2 == pytest.approx(1 - 5 / 14)
    assert fit.cv_rmse_pct == pytest.approx(100 * np.sqrt(5 / 2) / 3)
    assert fit.nmbe_pct == pytest.approx(100 * 1 / (2 * 3))
    assert (fit.n, fit.p) == (4, 2)


def test_what_is_not_known_does_not_count() -> None:
    whole = fit_figures(np.array([1.0, 3.0]), np.array([1.5, 2.0]))
    gaps = fit_figures(np.array([1.0, NAN, 3.0, 9.0]), np.array([1.5, 1.0, 2.0, NAN]))
    assert gaps == whole


@pytest.mark.parametrize("actual", [[], [0.0, 0.0], [5.0]])
def test_figures_that_mean_nothing_are_nan(actual: list[float]) -> None:
    fit = fit_figures(np.array(actual), np.zeros(len(actual)), 1)
    assert np.isnan(fit.cv_rmse_pct)
    assert np.isnan(fit.nmbe_pct)


@given(st.floats(0.1, 1e6))
def test_figures_do_not_hang_on_the_unit(factor: float) -> None:
    actual, expected = np.array([1.0, 2.0, 4.0]), np.array([1.5, 2.0, 3.0])
    one, other = (
        fit_figures(actual, expected, 1),
        fit_figures(factor * actual, factor * expected, 1),
    )
    assert other.cv_rmse_pct == pytest.approx(one.cv_rmse_pct)
    assert other.r2 == pytest.approx(one.r2)
