"""The highest demand of a billing period: of the quarters of an hour where meters were read so often.

A utility's demand is the highest mean power of a quarter of an hour. What a meter counted between two
readings at most 15 minutes apart lies evenly between them. An hour whose quarters do not add up to its whole
use (read more seldom, estimated, corrected) counts as a whole: its mean power is never above its highest
quarter.
"""

from dataclasses import dataclass

import numpy as np

from analytics.consumption.passing import Passed
from analytics.grid import HOUR_US, Floats, Micros

QUARTER_MINUTES, HOUR_MINUTES = 15, 60

_QUARTER_US = HOUR_US // 4
_LATE_US = 5_000_000
"""So much later than a quarter of an hour after the last a reading may come."""
_SAME = 1e-6
"""Share of an hour's use that its quarters may miss by rounding."""


@dataclass(frozen=True, slots=True)
class Demand:
    """The highest demand of some hours.

    minutes
        15 where the use of all hours is known by the quarter, else 60: the true one may be higher.
    quarters_known
        Share of the hours with use that are known by the quarter, 0..1.
    """

    kw: float
    minutes: int
    quarters_known: float


def demand_of(use: Floats, quarters: Floats) -> Demand | None:
    """The highest demand of hours, kWh by hour with NaN unknown; None where nothing is known.

    quarters
        Four times as many, kWh by quarter, 0 where not known.
    """
    known = ~np.isnan(use)
    if not known.any():
        return None
    within = quarters.reshape(len(use), 4)
    whole = known & (np.abs(within.sum(axis=1) - use) <= _SAME * np.maximum(np.abs(use), 1.0))
    highest = np.where(whole, 4 * within.max(axis=1), use)[known]
    share = float(whole[known].mean())
    minutes = QUARTER_MINUTES if whole[known].all() else HOUR_MINUTES
    return Demand(float(highest.max()), minutes, share)


def quarter_use(passed: Passed, starts: Micros) -> Floats:
    """What all points together used in each quarter of the hours, kWh; 0 where it is not known."""
    made = passed.increments
    length = made.end_us - made.start_us
    first_us, count = int(starts[0]), 4 * len(starts)
    kept = ~np.isnan(made.amount) & ~made.estimated & (length > 0)
    kept &= (length <= _QUARTER_US + _LATE_US) & (made.end_us > first_us)
    kept &= made.start_us < first_us + count * _QUARTER_US
    start, end = made.start_us[kept] - first_us, made.end_us[kept] - first_us
    amount = made.amount[kept] / length[kept]
    found = np.zeros(count)
    quarter = start // _QUARTER_US
    # An increment so short reaches into the quarter after its own, and hardly ever into a third.
    for step in range(3):
        low = np.maximum(start, (quarter + step) * _QUARTER_US)
        high = np.minimum(end, (quarter + step + 1) * _QUARTER_US)
        inside = (high > low) & (quarter + step >= 0) & (quarter + step < count)
        place = (quarter + step)[inside]
        found += np.bincount(place, (amount * (high - low))[inside], count)
    return found
