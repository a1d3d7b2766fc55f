"""The days of an account's period, and the use of many series over them."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import compress

import numpy as np

from analytics.yearly.dailyuse import DailyUse
from analytics.yearly.projection import Matrix
from quotawatt.rulebook.indicators import Season
from quotawatt.spans import DAY

Pair = tuple[str, str]
"""Subject and measure."""


@dataclass(frozen=True, slots=True)
class Period:
    """The local days ``[first, until)`` of an account: a calendar year or a heating season.

    days
        Days judged, from the first; the last of them may not be over.
    complete_days
        Those that are over.
    season
        None for a calendar year.
    place
        Id of the seasons it is one of; empty for a calendar year.
    """

    first: date
    until: date
    days: int
    complete_days: int
    season: Season | None = None
    place: str = ""

    @property
    def year(self) -> int:
        """The year it goes by: that in which it began."""
        return self.first.year

    @property
    def length(self) -> int:
        """All days of it."""
        return (self.until - self.first).days

    @property
    def judged_until(self) -> date:
        """The day after the last that is judged."""
        return self.first + self.days * DAY


class UseTable:
    """Daily use of some series over a period and the one before; a day that is not known is NaN.

    this, before
        One row a series, one column a day. Of ``this`` no day after the judged ones is known.
    known_pairs, used_pairs
        The series with any known day in both periods, and with any in this one.

    Series without any result have no row.
    """

    def __init__(
        self, use: DailyUse, pairs: Iterable[Pair], period: Period, before: Period
    ) -> None:
        self.period = period
        held = sorted(use.held(pairs))
        self._rows = {pair: row for row, pair in enumerate(held)}
        self.this, coverage = _days(use, held, period)
        self.before, _ = _days(use, held, before)
        self.before_first = before.first
        self.this[:, period.days :] = np.nan
        known = (~np.isnan(self.this)).sum(axis=1)
        ever = (known > 0) | (~np.isnan(self.before)).any(axis=1)
        self._known: list[int] = known.tolist()
        self._amounts: list[float] = np.nansum(self.this, axis=1).tolist()
        self._coverage: list[float] = coverage[:, : period.days].mean(axis=1).tolist()
        self.known_pairs = frozenset(compress(held, ever.tolist()))
        self.used_pairs = frozenset(compress(held, self._known))

    def row(self, pair: Pair) -> int:
        """The row of a series."""
        return self._rows[pair]

    def known(self, pair: Pair) -> bool:
        """Whether the series has any day in this period or the one before."""
        return pair in self.known_pairs

    def known_days(self, pair: Pair, first: date | None = None, until: date | None = None) -> int:
        """How many judged days of the series are known, of those in ``[first, until)``."""
        row = self._rows.get(pair)
        if row is None:
            return 0
        if first is None and until is None:
            return self._known[row]
        low, high = self.columns(first, until)
        return int((~np.isnan(self.this[row, low:high])).sum())

    def amount(self, pair: Pair, first: date | None = None, until: date | None = None) -> float:
        """What the judged days of the series come to, of those in ``[first, until)``."""
        row = self._rows[pair]
        if first is None and until is None:
            return self._amounts[row]
        low, high = self.columns(first, until)
        return float(np.nansum(self.this[row, low:high]))

    def coverage_of(self, pairs: Sequence[Pair]) -> float:
        """Mean coverage of some series over the days judged."""
        return math.fsum(self._coverage[self._rows[pair]] for pair in pairs) / len(pairs)

    def columns(self, first: date | None, until: date | None) -> tuple[int, int]:
        """The columns of days ``[first, until)``; None: from the beginning, to the end."""
        low = 0 if first is None else (first - self.period.first).days
        high = self.period.length if until is None else (until - self.period.first).days
        return max(low, 0), max(min(high, self.period.length), 0)


def _days(use: DailyUse, pairs: Sequence[Pair], period: Period) -> tuple[Matrix, Matrix]:
    """Use and coverage over the days of a period, from the calendar years that it lies in."""
    years = range(period.first.year, (period.until - DAY).year + 1)
    found = [use.days(pairs, year) for year in years]
    values, coverage = (np.concatenate(years, axis=1) for years in zip(*found, strict=True))
    skipped = (period.first - date(period.first.year, 1, 1)).days
    columns = slice(skipped, skipped + period.length)
    return values[:, columns], coverage[:, columns]
