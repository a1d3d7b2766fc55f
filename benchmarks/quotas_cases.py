"""Projections made on the first of each month, ours and the naive one, beside how the years ended."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

import numpy as np

from analytics.grid import Floats
from analytics.yearly.projection import SHAPE, Courses, Shape, YearEnds, year_ends
from benchmarks.quotas_data import BuildingYear

MONTHS = range(2, 13)

_COUNTRIES = {"Fox": "US-AZ", "Panther": "US-FL"}
_ENGLAND = "GB-ENG"

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


def all_cases(years: Sequence[BuildingYear], shape: Shape = SHAPE) -> list[Case]:
    """Every building year on the first of February to December."""
    return [case for month in MONTHS for case in cases_of(years, month, shape)]


def cases_of(years: Sequence[BuildingYear], month: int, shape: Shape = SHAPE) -> Iterator[Case]:
    """Building years on the first of a month; what lies ahead is not shown to anybody."""
    for year, country in sorted({(one.year, _country(one)) for one in years}):
        mine = [one for one in years if (one.year, _country(one)) == (year, country)]
        over = (date(year, month, 1) - date(year, 1, 1)).days
        shown = np.stack([one.this_year for one in mine])
        shown[:, over:] = np.nan
        courses = Courses(shown, np.stack([one.last_year for one in mine]), year, over)
        ends = year_ends(courses, country, shape)
        for row, one in enumerate(mine):
            alone = ends.of_accounts(np.array([row]), np.ones(1))
            yield _case(one, month, over, alone)


def _country(of: BuildingYear) -> str:
    """Whose holidays a building has: its name begins with that of its site."""
    return _COUNTRIES.get(of.building.split("_")[0], _ENGLAND)


def _case(of: BuildingYear, month: int, over: int, ends: YearEnds) -> Case:
    true = float(np.nansum(of.this_year))
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
    factors = (_SHARES / (1 - _SHARES)) ** ends.scale[0]
    quantiles = ends.used[0] + (ends.median[0] - ends.used[0]) * factors
    off = true - quantiles
    return float(2 * np.mean(np.maximum(_SHARES * off, (_SHARES - 1) * off)))
