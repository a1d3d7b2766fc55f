"""How well a model fits: the figures of ASHRAE Guideline 14-2014, clause 5.2.11 (CV(RMSE), NMBE) and R²."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Fit:
    """Figures of a fit; NaN where they mean nothing (no use, or no more points than parameters).

    r2
        1 less the share of the variance that is left.
    cv_rmse_pct
        Root of the squared errors' sum over n - p, in percent of the mean use.
    nmbe_pct
        Sum of actual less expected over (n - p) times the mean use, in percent: above 0 where the model
        expects too little.
    n, p
        Points judged, and parameters (0 for points that the model was not fitted to).
    """

    r2: float
    cv_rmse_pct: float
    nmbe_pct: float
    n: int
    p: int


def fit_figures(actual: Floats, expected: Floats, parameters: int = 0) -> Fit:
    """Figures over the points where both are known."""
    known = np.isfinite(actual) & np.isfinite(expected)
    use, error = actual[known], actual[known] - expected[known]
    n = len(use)
    freedom = n - parameters
    mean = float(use.mean()) if n else 0.0
    left, spread = float(np.sum(error**2)), float(np.sum((use - mean) ** 2))
    r2 = 1 - left / spread if spread > 0 else np.nan
    if freedom <= 0 or mean == 0.0:
        return Fit(r2, np.nan, np.nan, n, parameters)
    return Fit(
        r2=r2,
        cv_rmse_pct=100 * float(np.sqrt(left / freedom)) / abs(mean),
        nmbe_pct=100 * float(error.sum()) / (freedom * mean),
        n=n,
        p=parameters,
    )
