"""Medians of many short columns at once; NaN is not known."""

import numpy as np
import pandas as pd

from analytics.grid import Floats

Ints = np.ndarray[tuple[int], np.dtype[np.int64]]

_LEAST_DAYS = 4


def medians_around(table: Floats, days: int) -> Floats:
    """Medians of the days around every day, column by column; where too few are known, the nearest known.

    table
        A row a day.
    days
        So many days together, half of them before: an odd number.
    """
    if len(table) <= days // 2 + 1:  # every day has all of them around it
        known = np.isfinite(table).sum(axis=0)
        whole = np.where(known >= _LEAST_DAYS, _medians(table.T), np.nan)
        return np.tile(whole, (len(table), 1))
    rolling = pd.DataFrame(table).rolling(days, min_periods=_LEAST_DAYS, center=True)
    return rolling.median().ffill().bfill().to_numpy(float)


def deviations_by_kind(values: Floats, kind: Ints, kinds: int) -> Floats:
    """Median absolute deviation of the known values of each kind (from 0 on); NaN: there are none."""
    by_kind = _table(values, kind, kinds)
    return _medians(np.abs(by_kind - _medians(by_kind)[:, None]))


def _table(values: Floats, kind: Ints, kinds: int) -> Floats:
    """The known values, a row a kind, filled up with NaN."""
    known = np.isfinite(values)
    order = np.argsort(kind[known], kind="stable")
    row, value = kind[known][order], values[known][order]
    counts = np.bincount(row, minlength=kinds)
    column = np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts, counts)
    table = np.full((kinds, max(int(counts.max()), 1)), np.nan)
    table[row, column] = value
    return table


def _medians(table: Floats) -> Floats:
    """Median of what is known of each row; NaN where nothing is."""
    ordered = np.sort(table, axis=1)  # NaN comes last
    known = np.isfinite(ordered).sum(axis=1)
    rows = np.arange(len(table))
    low, high = (
        ordered[rows, np.maximum(known - 1, 0) // 2],
        ordered[rows, known // 2 * (known > 0)],
    )
    median: Floats = (low + high) / 2
    return median
