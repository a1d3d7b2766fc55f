"""What excess is worth: money by the prices of its hours, emissions, and a share of the year's quota."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from analytics.baselines.calendar_features import calendar_of
from analytics.grid import Floats


@dataclass(frozen=True)
class Worth:
    """What a unit of use is worth.

    cny_per_unit
        By the hours of the series that is explained; NaN where not known. None: nothing is.
    kgco2_per_unit
        Location-based; None: no factor is known.
    quota
        The year's quota in the unit of use; None: there is none.
    """

    cny_per_unit: Floats | None = None
    kgco2_per_unit: float | None = None
    quota: float | None = None


def prices_of(starts: pd.DatetimeIndex, use: Floats, cost: Floats, zone: ZoneInfo) -> Floats | None:
    """CNY a unit by the hour, from what hours used and cost; None where no hour tells.

    An hour without use, or without a cost, has the mean price of its local hour in the same span; where that
    is not known either it has none (NaN). Priced are hours that took something.
    """
    known = np.isfinite(use) & np.isfinite(cost) & (use > 0)
    if not known.any():
        return None
    price = np.divide(cost, use, out=np.full(len(use), np.nan), where=known)
    hour = calendar_of(starts, zone, "CN").hour
    count = np.bincount(hour[known], minlength=24)
    total = np.bincount(hour[known], price[known], minlength=24)
    usual = np.divide(total, count, out=np.full(24, np.nan), where=count > 0)
    filled: Floats = np.where(known, price, usual[hour])
    return filled
