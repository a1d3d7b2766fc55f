"""Time of week and temperature: a profile of the week, and a bent line of temperature.

After Mathieu, Price, Kiliccote and Piette (2011), "Quantifying changes in building electricity use, with
application to demand response", IEEE Transactions on Smart Grid 2(3): a level for each time of the week and
a piecewise linear response to temperature, of occupied and unoccupied hours apart. What is different here:

- Levels are those of working days and of days off; the weekdays' own differences from them, those of
  holidays and of the working days between are shrunk (ridge), since a year has few of them.
- Temperature counts twice: of the hour, and as the mean of the last day, for walls keep it.
- Hours far from what was expected count less (Huber), so that outages and clipped peaks bend nothing.
- The bends stand at fixed temperatures; slopes that the data do not show are shrunk to none.
- Outside the temperatures that it has seen it answers as at their edge.
"""

import numpy as np
import pandas as pd

from analytics.baselines.estimator import Document, UseModel
from analytics.baselines.inputs import Bools, Floats, Inputs
from analytics.baselines.ridge import Ints, robust_weights, solve_folds
from analytics.baselines.week_rows import Columns, columns


class TimeOfWeekTemperature(UseModel):
    """TOWT of hours or days; see the module."""

    kind = "towt"

    def cross_predict(self, X: pd.DataFrame | Inputs, y: Floats | pd.Series, folds: Ints) -> Floats:
        """As of any model; sums of products are made once for all folds, and the weights of rows too."""
        inputs, use = self.inputs(X), np.asarray(y, dtype=np.float64)
        known = self._begin(inputs, use)
        made = self._learn_rows(inputs, use, known)
        others = self._solve(made, use, known, folds)
        value = np.full(len(use), np.nan)
        for fold, coefficients in others.items():
            mine = folds == fold
            value[mine] = self.mean_ + made.rows[mine] @ coefficients.astype(np.float32)
        return self._answered(inputs, value)

    @property
    def parameters_count(self) -> int:
        """Coefficients that are not nothing: times of the week that never came have none."""
        return int(np.count_nonzero(self.coef_))

    def _fit(self, inputs: Inputs, use: Floats, known: Bools) -> None:
        made = self._learn_rows(inputs, use, known)
        self._solve(made, use, known, np.zeros(len(use), dtype=np.int64))

    def _learn_rows(self, inputs: Inputs, use: Floats, known: Bools) -> Columns:
        self.mean_ = float(use[known].mean())
        if self.needs_weather:
            self.range_c_ = _range(inputs.temperature_c[known])
            self.inertia_range_c_ = _range(inputs.inertia_c[known])
        return self._columns(inputs)

    def _solve(self, made: Columns, use: Floats, known: Bools, folds: Ints) -> dict[int, Floats]:
        rows, centred = made.rows[known], use[known] - self.mean_
        few = made.levels
        weights = robust_weights(rows[:, :few], centred, made.penalty[:few])
        self.coef_, others = solve_folds(rows, centred, weights, made.penalty, folds[known])
        return others

    def _columns(self, inputs: Inputs) -> Columns:
        if not self.needs_weather:
            return columns(inputs, weather=False)
        seen = inputs._replace(
            temperature_c=_within(inputs.temperature_c, self.range_c_),
            inertia_c=_within(inputs.inertia_c, self.inertia_range_c_),
        )
        return columns(seen, weather=True)

    def _predict(self, inputs: Inputs) -> Floats:
        rows = self._columns(inputs).rows
        return self.mean_ + (rows @ self.coef_.astype(np.float32)).astype(np.float64)

    def _learned(self) -> Document:
        learned: Document = {"mean": self.mean_, "coef": self.coef_.tolist()}
        if self.needs_weather:
            learned |= {"range_c": self.range_c_, "inertia_range_c": self.inertia_range_c_}
        return learned

    def _learn(self, document: Document) -> None:
        self.mean_ = float(document["mean"])
        self.coef_ = np.asarray(document["coef"], dtype=np.float64)
        if self.needs_weather:
            self.range_c_ = tuple(document["range_c"])
            self.inertia_range_c_ = tuple(document["inertia_range_c"])


class TimeOfWeek(TimeOfWeekTemperature):
    """The profile of the week alone, for what has no weather: TOWT without its temperature."""

    kind = "calendar"
    needs_weather = False


def _range(values: Floats) -> tuple[float, float]:
    return float(values.min()), float(values.max())


def _within(temperature_c: Floats, seen: tuple[float, float]) -> Floats:
    """Temperature no further than what was seen; at its lower edge where not known (not answered)."""
    return np.clip(np.nan_to_num(temperature_c, nan=seen[0]), *seen)
