"""Time of week and temperature (TOWT)."""

from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, RegressorMixin

from analytics.baselines.calendar_features import calendar_of


class TimeOfWeekTemperature(RegressorMixin, BaseEstimator):
    """A level a time of the week and bends of temperature."""

    def __init__(self, zone: ZoneInfo = ZoneInfo("UTC"), country: str = "CN") -> None:
        self.zone = zone
        self.country = country

    def _rows(self, X: pd.DataFrame):
        calendar = calendar_of(pd.DatetimeIndex(X.index), self.zone, self.country)
        slot = np.eye(48)[calendar.hour + 24 * calendar.off]
        t = X["temperature_c"].to_numpy(float)[:, None]
        sides = np.hstack([np.maximum([18.0, 10, 2] - t, 0), np.maximum(t - [18.0, 23, 28], 0)])
        on = (~calendar.off).astype(float)[:, None]
        return np.hstack([slot, sides * on, sides * (1 - on)])

    def fit(self, X: pd.DataFrame, y):
        """Fit."""
        rows, use = self._rows(X), np.asarray(y, dtype=float)
        known = np.isfinite(use) & np.isfinite(rows).all(axis=1)
        a = rows[known]
        self.coef_ = np.linalg.solve(a.T @ a + 1e-3 * np.eye(a.shape[1]), a.T @ use[known])
        return self

    def predict(self, X: pd.DataFrame):
        """Predict."""
        return np.maximum(self._rows(X) @ self.coef_, 0.0)
