"""A straight line on temperature: ASHRAE's two-parameter model."""

import numpy as np

from analytics.baselines.estimator import Document, UseModel
from analytics.baselines.inputs import Bools, Floats, Inputs


class LinearTemperature(UseModel):
    """Use as a constant and a slope on the mean temperature of the day (of the last one, for hours)."""

    kind = "linear"

    @property
    def parameters_count(self) -> int:
        """Two."""
        return 2

    def _fit(self, inputs: Inputs, use: Floats, known: Bools) -> None:
        at, value = inputs.daily_c[known], use[known]
        apart = at - at.mean()
        spread = float(np.sum(apart**2))
        self.slope_ = float(np.sum(apart * value)) / spread if spread > 0 else 0.0
        self.constant_ = float(value.mean()) - self.slope_ * float(at.mean())

    def _predict(self, inputs: Inputs) -> Floats:
        return self.constant_ + self.slope_ * inputs.daily_c

    def _learned(self) -> Document:
        return {"constant": self.constant_, "slope": self.slope_}

    def _learn(self, document: Document) -> None:
        self.constant_, self.slope_ = float(document["constant"]), float(document["slope"])
