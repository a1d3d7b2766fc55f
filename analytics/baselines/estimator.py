"""What all models of use have in common: scikit-learn's terms over a frame of temperatures."""

from typing import Any, ClassVar, Self
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, RegressorMixin, clone
from sklearn.utils.validation import check_is_fitted

from analytics.baselines.inputs import Bools, Floats, Inputs, prepare
from analytics.baselines.series import Interval
from quotawatt.errors import InputError

_UTC = ZoneInfo("UTC")

Document = dict[str, Any]


class UseModel(RegressorMixin, BaseEstimator):
    """A regression of use on calendar and temperature.

    ``fit`` and ``predict`` take a frame indexed by UTC starts in a row, with ``temperature_c``. Rows whose
    use or temperature is NaN are not learned from, and a row that the model cannot answer is NaN: so a
    block is left out by its use, and inertia knows the hours before it.

    zone, country
        Whose days and working calendar.
    interval
        What a row is.
    """

    kind: ClassVar[str]
    needs_weather: ClassVar[bool] = True

    def __init__(
        self, zone: ZoneInfo = _UTC, country: str = "CN", interval: Interval = Interval.HOUR
    ) -> None:
        self.zone = zone
        self.country = country
        self.interval = interval

    def fit(self, X: pd.DataFrame | Inputs, y: Floats | pd.Series) -> Self:
        """Learn from the rows whose use is known. Raises InputError where there are too few of them."""
        inputs, use = self.inputs(X), np.asarray(y, dtype=np.float64)
        self._fit(inputs, use, self._begin(inputs, use))
        return self

    def predict(self, X: pd.DataFrame | Inputs) -> Floats:
        """Expected use of each row, never below zero where use never was; NaN without weather."""
        check_is_fitted(self)
        inputs = self.inputs(X)
        value = self._predict(inputs)
        return self._answered(inputs, value)

    def cross_predict(
        self, X: pd.DataFrame | Inputs, y: Floats | pd.Series, folds: NDArray[np.int64]
    ) -> Floats:
        """Expected use of each row by a model that did not learn from its fold; fits itself as well."""
        inputs, use = self.inputs(X), np.asarray(y, dtype=np.float64)
        value = np.full(len(use), np.nan)
        for fold in np.unique(folds):
            left_out = folds == fold
            others = np.where(left_out, np.nan, use)
            if self._usable(inputs, others).sum() >= 2:
                value[left_out] = clone(self).fit(inputs, others).predict(inputs)[left_out]
        self.fit(inputs, use)
        return value

    def inputs(self, X: pd.DataFrame | Inputs) -> Inputs:
        """What the model is given; as it is where it was made before."""
        return X if isinstance(X, Inputs) else prepare(X, self.zone, self.country, self.interval)

    def to_document(self) -> Document:
        """What was learned, ready for JSON; without the parameters."""
        return {"floor": None if np.isinf(self.floor_) else self.floor_} | self._learned()

    def learn(self, document: Document) -> Self:
        """Take over what ``to_document`` wrote down."""
        self.floor_ = -np.inf if document["floor"] is None else float(document["floor"])
        self._learn(document)
        return self

    @property
    def parameters_count(self) -> int:
        """How many parameters were fitted: p of CV(RMSE)."""
        raise NotImplementedError

    def _begin(self, inputs: Inputs, use: Floats) -> Bools:
        """What there is to learn from; whether use falls below zero is learned at once."""
        known = self._usable(inputs, use)
        if known.sum() < 2:
            raise InputError(f"a model must have two known rows, got {int(known.sum())}")
        self.floor_ = 0.0 if float(use[known].min()) >= 0 else -np.inf
        return known

    def _answered(self, inputs: Inputs, value: Floats) -> Floats:
        held = np.maximum(value, self.floor_)
        return np.where(inputs.weather_known, held, np.nan) if self.needs_weather else held

    def _usable(self, inputs: Inputs, use: Floats) -> Bools:
        known = np.isfinite(use)
        return known & inputs.weather_known if self.needs_weather else known

    def _fit(self, inputs: Inputs, use: Floats, known: Bools) -> None:
        raise NotImplementedError

    def _predict(self, inputs: Inputs) -> Floats:
        raise NotImplementedError

    def _learned(self) -> Document:
        raise NotImplementedError

    def _learn(self, document: Document) -> None:
        raise NotImplementedError
