"""Daily courses of accounts: this year's days so far and those of the year before."""

from calendar import isleap
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quotawatt.errors import InputError

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Courses:
    """The days of some accounts over a calendar year and the one before; one row a series.

    this_year, last_year
        Amount of each day, one column a day of that year (365 or 366), in the account's unit; NaN: not
        known. Only the first ``complete_days`` columns of this year are looked at, whatever the rest
        holds.
    year
        The calendar year of ``this_year``; its days are local days of the account's subject.
    complete_days
        Days of this year that are over.

    Raises InputError where shapes, year and days do not belong together.
    """

    this_year: Matrix
    last_year: Matrix
    year: int
    complete_days: int

    def __post_init__(self) -> None:
        for name, days, year in (
            ("this_year", self.this_year, self.year),
            ("last_year", self.last_year, self.year - 1),
        ):
            wanted = (len(self.this_year), days_of(year))
            if days.shape != wanted:
                raise InputError(
                    f"{name} must have a row a series and a column a day of {year}: {wanted},"
                    f" got {days.shape}"
                )
        if not 0 <= self.complete_days <= days_of(self.year):
            raise InputError(
                f"complete_days must be from 0 to {days_of(self.year)}, got {self.complete_days}"
            )

    @property
    def so_far(self) -> Matrix:
        """The days of this year that are over."""
        return self.this_year[:, : self.complete_days]


def days_of(year: int) -> int:
    """Days of a calendar year."""
    return 366 if isleap(year) else 365
