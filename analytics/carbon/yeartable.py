"""Daily use of some series over one calendar year, looked up by series."""

from collections.abc import Iterable, Sequence
from datetime import date

import numpy as np

from analytics.carbon.reach import Pair
from analytics.totals.segments import Segment
from analytics.yearly.dailyuse import DailyUse
from analytics.yearly.projection import Matrix

Row = Matrix
"""One figure a day of the year, 1 January first; NaN: not known."""


class YearTable:
    """The days of a year of all series that there is a result of; others are not known on any day."""

    def __init__(self, use: DailyUse, pairs: Iterable[Pair], year: int) -> None:
        held = sorted({pair for pair in pairs if use.holds(pair)})
        self.year = year
        self.length = (date(year + 1, 1, 1) - date(year, 1, 1)).days
        self._rows = {pair: row for row, pair in enumerate(held)}
        self._values, self._coverage = use.days(held, year)

    def row(self, pair: Pair) -> Row:
        """The days of a series; NaN: not known."""
        at = self._rows.get(pair)
        return np.full(self.length, np.nan) if at is None else self._values[at]

    def coverage(self, pair: Pair) -> Row:
        """Share of each day that rests on measurements; 0 where it is not known."""
        at = self._rows.get(pair)
        return np.zeros(self.length) if at is None else self._coverage[at]

    def known(self, pair: Pair) -> bool:
        """Whether any day of the series is known."""
        at = self._rows.get(pair)
        return at is not None and not bool(np.isnan(self._values[at]).all())

    def within(self, piece: Segment, pair: Pair) -> Row:
        """The days of a series in a piece; others, and those not known, count nothing."""
        found = np.zeros(self.length)
        at = self._rows.get(pair)
        if at is not None:
            columns = self.columns(piece)
            found[columns] = np.nan_to_num(self._values[at, columns])
        return found

    def over(self, piece: Segment, pairs: Iterable[Pair]) -> Row:
        """The sum of several series in a piece."""
        return sum((self.within(piece, pair) for pair in pairs), np.zeros(self.length))

    def columns(self, piece: Segment) -> slice:
        """The days of a piece."""
        new_year = date(self.year, 1, 1)
        return slice((piece.first - new_year).days, (piece.until - new_year).days)


def inside(row: Row, pieces: Sequence[Segment], year: int) -> Row:
    """A row without the days before the first piece and after the last, which are not known."""
    new_year = date(year, 1, 1)
    found = row.copy()
    found[: (pieces[0].first - new_year).days] = np.nan
    found[(pieces[-1].until - new_year).days :] = np.nan
    return found
