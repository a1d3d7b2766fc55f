"""The distribution of year-ends: what is used, and a log-logistic rest on top of it.

    year-end = used + rest × X,    P(X > x) = 1 / (1 + x^(1/s)),    median of X: 1

X is positive, so that use never falls; its logarithm is logistic with the scale ``s``. The 80 % interval
reaches from 9^-s to 9^s times the rest. With s = 0, or nothing left, the year-end is known.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from analytics.yearly.projection.courses import Matrix

INTERVAL = (0.1, 0.9)
"""The quantiles between which the year-end lies in 80 % of cases."""


@dataclass(frozen=True)
class YearEnds:
    """Year-ends of some accounts, one entry (or row) a series, in the account's unit.

    so_far
        The days that are over; NaN: not known.
    rest
        Expected amount of each remaining day, none where the year is over; NaN: too early to say.
    scale
        The scale ``s`` of the rest's logarithm, 0 or more; NaN: too early to say.

    Days of the past that are not known count nothing, in the year-end as in the account itself. Where
    exclusions exceed the use, the rest may be negative; it is then multiplied by X all the same.
    """

    so_far: Matrix
    rest: Matrix
    scale: Matrix

    def of_accounts(self, rows: NDArray[np.intp], times: Matrix) -> "YearEnds":
        """The year-ends of accounts that are multiples of these: of each its row, and times what."""
        return YearEnds(
            self.so_far[rows] * times[:, None], self.rest[rows] * times[:, None], self.scale[rows]
        )

    @cached_property
    def used(self) -> Matrix:
        """What the days that are over come to."""
        used: Matrix = np.nansum(self.so_far, axis=1)
        return used

    @cached_property
    def _left(self) -> Matrix:
        left: Matrix = self.rest.sum(axis=1)
        return left

    @property
    def median(self) -> Matrix:
        """The year-end that is as likely to be passed as not; NaN: too early to say."""
        median: Matrix = self.used + self._left
        return median

    @property
    def low(self) -> Matrix:
        """The lower end of the 80 % interval."""
        return np.minimum(*(self.quantile(p) for p in INTERVAL))

    @property
    def high(self) -> Matrix:
        """The upper end of the 80 % interval."""
        return np.maximum(*(self.quantile(p) for p in INTERVAL))

    def quantile(self, share: float) -> Matrix:
        """The year-end below which the rest stays with a probability of ``share`` (0 < share < 1)."""
        factor = (share / (1 - share)) ** self.scale
        quantile: Matrix = self.used + self._left * factor
        return quantile

    def probability_above(self, limits: Matrix) -> Matrix:
        """How likely the year ends above these limits, one a series; 0..1, NaN: not known."""
        rest, room = self._left, limits - self.used
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            ratio = np.where(rest == 0, np.where(room < 0, 0.0, np.inf), room / rest)
            odds = np.maximum(ratio, 0.0) ** (1 / self.scale)
            known = np.where(ratio < 1, 1.0, 0.0)
            above = np.where(self.scale > 0, 1 / (1 + odds), known)
        above = np.where(rest < 0, 1 - above, above)
        unknown = np.isnan(rest) | np.isnan(limits) | np.isnan(self.scale)
        return np.where(unknown, np.nan, above)

    def exhaustion_day(self, limits: Matrix) -> Matrix:
        """The day of the year, from 1, on which the median course passes the limit; NaN: it does not.

        NaN too where the rest is not known, unless the limit has been passed already.
        """
        course = np.cumsum(np.hstack([np.nan_to_num(self.so_far), self.rest]), axis=1)
        passed = course > limits[:, None]
        day: Matrix = np.where(passed.any(axis=1), passed.argmax(axis=1) + 1.0, np.nan)
        return day
