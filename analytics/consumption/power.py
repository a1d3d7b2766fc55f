"""From power to what passed: for meters that say how much flows, and have no counter.

Between two samples at most an hour apart power is taken to run straight from one to the other; what lies
under that line has passed, as an estimate. What lies below zero has passed the other way and counts
there, positive. Over longer gaps nothing is known.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from analytics.consumption.policy import LONGEST_MEASURED_GAP_US
from analytics.grid import HOUR_US, Floats, Micros


@dataclass(frozen=True, slots=True)
class Flow:
    """What a power counts as.

    taken, given
        The counters of what flows in, and out (empty: what flows back is not counted).
    per_hour
        Units of them that pass in an hour at a power of 1.
    """

    taken: str
    given: str
    per_hour: float


FLOWS: Mapping[str, Flow] = MappingProxyType(
    {
        "electricity_power_kw": Flow("electricity_import_kwh", "electricity_export_kwh", 1.0),
        "heat_power_kw": Flow("heat_gj", "cooling_gj", 0.0036),
        "water_flow_m3h": Flow("water_m3", "", 1.0),
    }
)


def counted_as(quantity: str, point_quantity: str = "") -> tuple[str, ...]:
    """What a quantity that a binding names is counted as at the asset.

    A power counts as what flows in and as what flows out, or as ``point_quantity`` alone (a plant's
    generation); anything else as itself, or as ``point_quantity``.
    """
    flow = FLOWS.get(quantity)
    if flow is None or point_quantity:
        return (point_quantity or quantity,)
    return tuple(name for name in (flow.taken, flow.given) if name)


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
