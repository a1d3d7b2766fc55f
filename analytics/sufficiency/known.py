"""Which intervals and which local days of a series are known."""

import numpy as np
import pandas as pd

from analytics.baselines.series import UseSeries
from analytics.grid import Bools, Floats
from analytics.sufficiency.purposes import Limits

HALF = 0.5
"""Share of a day's hours that must be known for the day to be (CalTRACK 2.0, 2.2.2.1 and 2.2.2.3)."""


def column(series: UseSeries, name: str) -> Floats:
    """One column of the series' frame."""
    return np.asarray(series.frame[name], dtype=np.float64)


def is_electricity(series: UseSeries) -> bool:
    """Whether the series is electricity taken from the grid: a whole building's is hardly ever zero."""
    return series.measure.startswith("electricity_")


def known_use(series: UseSeries, limits: Limits) -> Bools:
    """Which intervals have a use that counts as known."""
    use = column(series, "use")
    known = np.isfinite(use)
    drop = limits.zero_is_missing and is_electricity(series)
    return known & (use != 0) if drop else known


def local_days(series: UseSeries) -> pd.DatetimeIndex:
    """The local day in which each interval starts, as its midnight without a zone."""
    index = pd.DatetimeIndex(series.frame.index)
    return index.tz_convert(series.zone).tz_localize(None).normalize()


def known_days(series: UseSeries, known: Bools) -> "pd.Series[bool]":
    """By local day from the first to the last of the series, whether it is known.

    A day of hours is known where half of them are. Not for months.
    """
    share = pd.Series(known.astype(float)).groupby(local_days(series).to_numpy()).mean()
    return share >= HALF


def runs(missing: Bools) -> Floats:
    """For each place, how many in a row are missing there; 0 where it is not."""
    edge = np.flatnonzero(np.diff(missing)) + 1
    lengths = np.diff(np.concatenate([[0], edge, [len(missing)]]))
    return np.where(missing, np.repeat(lengths, lengths), 0).astype(float)
