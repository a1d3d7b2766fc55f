"""Change-point models of temperature: three, four and five parameters.

As in Kissock, Haberl and Claridge (2003), "Inverse modeling toolkit", ASHRAE Transactions 109(2), and
ASHRAE Guideline 14-2014, annex D: a level that does not hang on weather and a slope beyond a change point.
Change points are searched on a grid of 1 °C, then of 0.1 °C around the best. A change point needs a tenth
of the intervals beyond it, and two; slopes have the right sign: heating rises towards the cold, cooling
towards the warm. Where none is found the model is the mean.
"""

from typing import ClassVar

import numpy as np

from analytics.baselines.bends import Bend, best_pair
from analytics.baselines.estimator import Document, UseModel
from analytics.baselines.inputs import Bools, Floats, Inputs

_LEAST_SHARE = 0.1
_COARSE_C, _FINE_C = 1.0, 0.1


class ChangePoint(UseModel):
    """What the forms share: which sides there are, and whether they meet in one point (``joined``)."""

    heating: ClassVar[bool]
    cooling: ClassVar[bool]
    joined: ClassVar[bool] = False

    @property
    def parameters_count(self) -> int:
        """A constant, slopes and change points."""
        sides = int(self.heating) + int(self.cooling)
        return 1 + sides + (1 if self.joined else sides)

    def _fit(self, inputs: Inputs, use: Floats, known: Bools) -> None:
        at, value = inputs.daily_c[known], use[known]
        self.constant_, self.slopes_ = float(value.mean()), (0.0, 0.0)
        self.change_points_c_ = (0.0, 0.0)
        coarse = _grid(at, _COARSE_C)
        if len(coarse) and self._take(at, value, coarse, coarse):
            near = np.arange(-_COARSE_C, _COARSE_C + _FINE_C / 2, _FINE_C)
            limits = coarse[0], coarse[-1]
            below, above = (np.clip(t + near, *limits) for t in self.change_points_c_)
            self._take(at, value, below, above)

    def _take(self, at: Floats, use: Floats, below: Floats, above: Floats) -> bool:
        """The best pair of these change points, where there is one."""
        nothing = np.zeros((1, len(at)))
        cold = np.maximum(below[:, None] - at, 0.0) if self.heating else nothing
        warm = np.maximum(at - above[:, None], 0.0) if self.cooling else nothing
        allowed = np.ones((len(cold), len(warm)), dtype=bool)
        if self.heating and self.cooling:
            apart = above[None, :] - below[:, None]
            allowed = np.abs(apart) < 1e-9 if self.joined else apart >= 0
        bend = best_pair(cold, warm, use, np.ones(len(use)), allowed, self.joined)
        if bend is None:
            return False
        self._keep(bend, below, above)
        return True

    def _keep(self, bend: Bend, below: Floats, above: Floats) -> None:
        cold = float(below[bend.below]) if self.heating else float(above[bend.above])
        warm = float(above[bend.above]) if self.cooling else cold
        self.constant_, self.slopes_, self.change_points_c_ = (
            bend.constant,
            bend.slopes,
            (cold, warm),
        )

    def _predict(self, inputs: Inputs) -> Floats:
        at, (cold, warm) = inputs.daily_c, self.change_points_c_
        below, above = self.slopes_
        heating, cooling = np.maximum(cold - at, 0.0), np.maximum(at - warm, 0.0)
        return np.asarray(self.constant_ + below * heating + above * cooling)

    def _learned(self) -> Document:
        return {
            "constant": self.constant_,
            "slopes": self.slopes_,
            "change_points_c": self.change_points_c_,
        }

    def _learn(self, document: Document) -> None:
        self.constant_ = float(document["constant"])
        self.slopes_ = tuple(document["slopes"])
        self.change_points_c_ = tuple(document["change_points_c"])


class ChangePoint3PHeating(ChangePoint):
    """A level, rising with the cold below a change point."""

    kind, heating, cooling = "3p_heating", True, False


class ChangePoint3PCooling(ChangePoint):
    """A level, rising with the warmth above a change point."""

    kind, heating, cooling = "3p_cooling", False, True


class ChangePoint4P(ChangePoint):
    """Two lines that meet; the line bends upward, whatever its slopes."""

    kind, heating, cooling, joined = "4p", True, True, True


class ChangePoint5P(ChangePoint):
    """A level between two change points, rising with the cold below and with the warmth above."""

    kind, heating, cooling = "5p", True, True


def _grid(at: Floats, step: float) -> Floats:
    """Change points that leave enough intervals on either side."""
    share = max(_LEAST_SHARE, 2.5 / len(at))
    low, high = np.quantile(at, [min(share, 0.5), max(1 - share, 0.5)])
    return np.arange(np.ceil(low), high + 1e-9, step)
