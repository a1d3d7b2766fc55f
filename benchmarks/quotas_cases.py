"""Projections made on the first of each month, ours and the naive one, beside how the years ended."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import numpy as np

from analytics.grid import Floats
from analytics.yearly.projection import Courses, YearEnds, year_ends
from benchmarks.quotas_data import BuildingYear

MONTHS = range(2, 13)

# Neither data set is from China; their countries have weekends, and holidays that nobody announces.
_COUNTRY = "GB"

_SHARES: Floats = (np.arange(99) + 0.5) / 99


class Case(NamedTuple):
    """One building's carrier as of the first of a month; amounts in kWh.

    naive
        Last year's remainder scaled by the ratio of the years to date; NaN: nothing to divide by.
    crps
        Continuous ranked probability score of ours; that of the naive figure is its absolute error.
    """

    of: BuildingYear
    month: int
    true: float
    low: float
    median: float
    high: float
    crps: float
    naive: float
    ends: YearEnds

    @property
    def last_total(self) -> float:
        """What the year before came to."""
        return float(np.nansum(self.of.last_year))


def all_cases(years: Sequence[BuildingYear]) -> list[Case]:
    """Every building year on the first of February to December."""
    return [case_of(one, month) for one in years for month in MONTHS]


def case_of(of: BuildingYear, month: int) -> Case:
    """One of them; what lies ahead is not shown to anybody."""
    over = (date(of.year, month, 1) - date(of.year, 1, 1)).days
    shown = of.this_year.copy()
    shown[over:] = np.nan
    courses = Courses(shown[None, :], of.last_year[None, :], of.year, over)
    ends, true = year_ends(courses, _COUNTRY), float(np.nansum(of.this_year))
    return Case(
        of=of,
        month=month,
        true=true,
        low=float(ends.low[0]),
        median=float(ends.median[0]),
        high=float(ends.high[0]),
        crps=_crps(ends, true),
        naive=_naive(of, over),
        ends=ends,
    )


def _naive(of: BuildingYear, over: int) -> float:
    used, before = float(np.nansum(of.this_year[:over])), float(np.nansum(of.last_year[:over]))
    rest = float(np.nansum(of.last_year[over:]))
    return used + rest * used / before if before > 0 else float("nan")


def _crps(ends: YearEnds, true: float) -> float:
    """Twice the mean pinball loss over 99 quantiles."""
    quantiles = np.array([ends.quantile(float(share))[0] for share in _SHARES])
    off = true - quantiles
    return float(2 * np.mean(np.maximum(_SHARES * off, (_SHARES - 1) * off)))
