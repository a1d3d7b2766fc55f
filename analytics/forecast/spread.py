"""Intervals of forecasts from the errors of earlier ones: split conformal, scaled by the hour.

Each error is divided by the usual size of errors at its hour of the clock and on its kind of day; the
quantiles of these ratios over the last weeks, times the usual size at the forecast hour, are the interval
(Lei et al. 2018, "Distribution-free predictive inference for regression", locally weighted).
"""

import numpy as np

from analytics.grid import Bools, Floats

WINDOW_DAYS = 63
"""Days whose errors the quantiles are of."""

LEAST_DAYS = 14
"""Days' worth of known errors that an interval needs."""

SIZE_KEPT = 0.93
"""What the usual size of errors keeps from one day of its kind to the next."""


def intervals(
    error: Floats, off: Bools, lead_days: int, level: float, first_row: int = 0
) -> tuple[Floats, Floats]:
    """Low and high edge of each hour relative to its forecast, one row a day; NaN where too little is known.

    error
        Use less its forecast, one row a day, one column an hour, or a single one of whole days; NaN: not
        known.
    first_row
        Days before it get none: they need not be worked out.
    """
    size = _usual_sizes(error, off, lead_days)
    ratio = error / size
    low, high = np.full(error.shape, np.nan), np.full(error.shape, np.nan)
    for day in range(first_row, len(error)):
        end = max(day - lead_days + 1, 0)
        seen = ratio[max(end - WINDOW_DAYS, 0) : end]
        seen = seen[np.isfinite(seen)]
        if len(seen) >= LEAST_DAYS * error.shape[1]:
            # The one to come is as likely to be the largest as any that was seen.
            upper = min((1 + level) / 2 * (1 + 1 / len(seen)), 1.0)
            below, above = np.quantile(seen, (1 - upper, upper))
            low[day], high[day] = min(below, 0.0) * size[day], max(above, 0.0) * size[day]
    return low, high


def _usual_sizes(error: Floats, off: Bools, lead_days: int) -> Floats:
    """Fading means of absolute errors at the hour and those beside it, on days of the kind before."""
    sizes, columns = np.full(error.shape, np.nan), error.shape[1]
    around = _around(np.abs(error))
    total, weight = np.zeros((2, columns)), np.zeros((2, columns))
    for day in range(len(error)):
        if (last := day - lead_days) >= 0:
            kind, known = int(off[last]), np.isfinite(around[last])
            total[kind] = SIZE_KEPT * total[kind] + np.where(known, around[last], 0.0)
            weight[kind] = SIZE_KEPT * weight[kind] + known
        of_kind = np.divide(total, weight, out=np.full((2, columns), np.nan), where=weight > 0)
        mine, other = of_kind[int(off[day])], of_kind[1 - int(off[day])]
        sizes[day] = np.where(np.isfinite(mine), mine, other)
    return np.where(sizes > 0, sizes, np.nan)


def _around(size: Floats) -> Floats:
    """Each hour with those beside it on the same day, NaN left out."""
    beside = np.stack([np.roll(size, step, axis=1) for step in (-1, 0, 1)])
    known = np.isfinite(beside)
    count = known.sum(axis=0)
    total = np.where(known, beside, 0.0).sum(axis=0)
    means: Floats = np.divide(total, count, out=np.full(size.shape, np.nan), where=count > 0)
    return means
