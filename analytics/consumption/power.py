"""From power to what passed: for meters that say how much flows, and have no counter.

Between two samples at most an hour apart power is taken to run straight from one to the other; what lies
under that line has passed, as an estimate. What lies below zero has passed the other way and counts
there, positive. Over longer gaps nothing is known.
"""

import numpy as np

from analytics.consumption.policy import LONGEST_MEASURED_GAP_US
from analytics.grid import HOUR_US, Floats, Micros
from quotawatt.flows import FLOWS


def passed_by_power(time_us: Micros, power: Floats, quantity: str, point_quantity: str) -> Floats:
    """What passed between neighbouring samples of one series, in the unit of ``point_quantity``.

    NaN over gaps that are too long. ``power`` is in the unit of ``quantity``, the multiplier applied.
    """
    flow = FLOWS[quantity]
    run = -power if point_quantity == flow.given else power
    gap_us = np.diff(time_us)
    amount: Floats = _above_zero(run[:-1], run[1:]) * gap_us / HOUR_US * flow.per_hour
    return np.where(gap_us <= LONGEST_MEASURED_GAP_US, amount, np.nan)


def _above_zero(first: Floats, second: Floats) -> Floats:
    """The mean, over a straight line between two values, of what of it lies above zero."""
    mean = (first + second) / 2
    low, high = np.minimum(first, second), np.maximum(first, second)
    crosses = (low < 0) & (high > 0)
    # Of the line only the part high / (high - low) lies above zero, and its mean there is high / 2.
    part = high * high / np.where(crosses, 2 * (high - low), 1.0)
    return np.where(crosses, part, np.maximum(mean, 0.0))
