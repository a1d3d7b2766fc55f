"""Degree days for what is known by the month: balance points searched.

Use a day is a constant, plus so much a heating degree day and a cooling degree day. Degree days come from
the month's mean temperature by Hitchin's formula (1983, Building Services Engineering Research and
Technology 4(1)): a month at the balance point has cold days too. Heating, cooling, both or neither are
chosen by the Bayesian information criterion.
"""

from itertools import product

import numpy as np
from numpy.typing import NDArray

from analytics.baselines.bends import Bend, best_pair
from analytics.baselines.estimator import Document, UseModel
from analytics.baselines.inputs import Bools, Floats, Inputs
from analytics.baselines.series import Interval

HITCHIN_PER_C = 0.71

HEATING_BALANCE_C = np.arange(8.0, 22.5, 0.5)
COOLING_BALANCE_C = np.arange(10.0, 28.5, 0.5)

_DAY = np.timedelta64(1, "D")


def degree_days_a_day(distance_c: Floats) -> Floats:
    """Mean degree days a day, by how far the mean temperature is on the balance point's needy side."""
    at = HITCHIN_PER_C * np.where(np.abs(distance_c) < 1e-6, 1e-6, distance_c)
    return np.asarray(at / -np.expm1(-np.clip(at, -500, 500)) / HITCHIN_PER_C)


class DegreeDays(UseModel):
    """Degree days of months; of days and hours by their daily mean temperature."""

    kind = "degree_days"

    @property
    def parameters_count(self) -> int:
        """A constant; a slope and a balance point for heating, for cooling, where there are any."""
        return 1 + 2 * sum(slope != 0 for slope in self.slopes_)

    def _fit(self, inputs: Inputs, use: Floats, known: Bools) -> None:
        days = _days(inputs)[known]
        at, value = inputs.daily_c[known], use[known] / days
        spread = float(days @ (value - np.average(value, weights=days)) ** 2)
        self.constant_ = float(np.average(value, weights=days))
        self.slopes_, self.balance_c_ = (0.0, 0.0), (0.0, 0.0)
        best = _criterion(spread, days, 1)
        cold = degree_days_a_day(HEATING_BALANCE_C[:, None] - at)
        warm = degree_days_a_day(at - COOLING_BALANCE_C[:, None])
        nothing = np.zeros((1, len(at)))
        for heats, cools in product((True, False), repeat=2):
            bend = _of_form(cold if heats else nothing, warm if cools else nothing, value, days)
            parameters = 1 + 2 * (heats + cools)
            if bend is not None and _criterion(bend.left, days, parameters) < best - 1e-9:
                best = _criterion(bend.left, days, parameters)
                self._keep(bend, heats, cools)

    def _keep(self, bend: Bend, heats: bool, cools: bool) -> None:
        self.constant_, self.slopes_ = bend.constant, bend.slopes
        self.balance_c_ = (
            float(HEATING_BALANCE_C[bend.below]) if heats else 0.0,
            float(COOLING_BALANCE_C[bend.above]) if cools else 0.0,
        )

    def _predict(self, inputs: Inputs) -> Floats:
        at, (cold, warm) = inputs.daily_c, self.balance_c_
        heating = self.slopes_[0] * degree_days_a_day(cold - at)
        cooling = self.slopes_[1] * degree_days_a_day(at - warm)
        return np.asarray(_days(inputs) * (self.constant_ + heating + cooling))

    def _learned(self) -> Document:
        return {"constant": self.constant_, "slopes": self.slopes_, "balance_c": self.balance_c_}

    def _learn(self, document: Document) -> None:
        self.constant_ = float(document["constant"])
        self.slopes_, self.balance_c_ = tuple(document["slopes"]), tuple(document["balance_c"])


def _of_form(cold: Floats, warm: Floats, use: Floats, days: Floats) -> Bend | None:
    allowed = np.ones((len(cold), len(warm)), dtype=bool)
    if len(cold) > 1 and len(warm) > 1:
        allowed = COOLING_BALANCE_C[None, :] >= HEATING_BALANCE_C[:, None]
    return best_pair(cold, warm, use, days, allowed, convex_only=False)


def _criterion(left: float, weights: Floats, parameters: int) -> float:
    """Bayesian information criterion, up to a constant."""
    n = len(weights)
    return float(n * np.log(max(left, 1e-300) / weights.sum()) + parameters * np.log(n))


def _days(inputs: Inputs) -> Floats:
    """Length of each interval in days."""
    if inputs.interval is not Interval.MONTH:
        return np.full(len(inputs.starts), 1.0 if inputs.interval is Interval.DAY else 1 / 24)
    month: NDArray[np.datetime64] = inputs.calendar.day.astype("datetime64[D]").astype(
        "datetime64[M]"
    )
    first, after = month.astype("datetime64[D]"), (month + 1).astype("datetime64[D]")
    return np.asarray((after - first) / _DAY, dtype=np.float64)
