"""Daily use as a matrix: what the yearly accounts of quotas and carbon are drawn from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from analytics.yearly.dayblocks import DayBlock, Pair, block_of
from analytics.yearly.projection import Courses, Matrix, year_ends
from quotawatt.errors import InputError
from quotawatt.register.model import Meter, PvPlant, Register, Space, VirtualMeter
from quotawatt.spans import INSTANT, judged_year, local_date

COLUMNS = ("subject", "measure", "start", "value", "coverage")

_EPOCH = date(1970, 1, 1)
_INSIDE = (Meter, PvPlant, VirtualMeter, Space)


@dataclass(frozen=True, slots=True)
class YearToDate:
    """The local calendar year that is judged at an instant, and how much of it is over.

    days
        Days judged: from 1 January to the day that holds the last instant before ``as_of``, included.
    complete_days
        Those of them that are over; one less than ``days`` where ``as_of`` lies within a day.
    """

    year: int
    days: int
    complete_days: int
    days_in_year: int


def year_to_date(as_of: datetime, zone: ZoneInfo) -> YearToDate:
    """The year judged at ``as_of`` (timezone-aware): that of the last instant before it."""
    year = judged_year(as_of, zone)
    first = date(year, 1, 1)
    last_day = local_date(as_of - INSTANT, zone)
    return YearToDate(
        year=year,
        days=(last_day - first).days + 1,
        complete_days=(local_date(as_of, zone) - first).days,
        days_in_year=(date(year + 1, 1, 1) - first).days,
    )


def zone_of(subject: str, register: Register, default: ZoneInfo) -> ZoneInfo:
    """The zone of the site of a building, or of what stands in it; the default for whatever else.

    ``subject`` is that of results: an asset's code, with what stands beside it after a slash.
    """
    code = subject.partition("/")[0]
    asset = register.assets.get(code)
    building = register.buildings.get(asset.building if isinstance(asset, _INSIDE) else code)
    if building is None or building.site not in register.sites:
        return default
    return ZoneInfo(register.sites[building.site].timezone)


@dataclass(frozen=True, slots=True)
class AccountUse:
    """Use of one subject in the year to date, one entry of each array a measure.

    amounts
        Use so far, in each measure's unit; days not known count nothing.
    projected
        Likely use of the whole year, at least ``amounts``; NaN where it is too early to say.
    coverage
        Mean share of the days judged that rests on measurements, over all measures, 0..1.
    """

    measures: tuple[str, ...]
    amounts: Matrix
    projected: Matrix
    coverage: float


class DailyUse:
    """Use by subject, measure and local day; immutable.

    A day is that of the building's site, and of the default zone for organisations. A day without a
    result, or whose result has no value, is not known (NaN): it is never zero.
    """

    def __init__(
        self, daily: pd.DataFrame | Iterable[DayBlock], register: Register, zone: ZoneInfo
    ) -> None:
        """Take blocks, or daily results: columns subject, measure, start (UTC), value, coverage.

        Of results, other columns are ignored, and of several rows for one subject, measure and day the
        last counts. Of blocks, no series is in two. Raises InputError where a column is missing.
        """
        self._register = register
        self._zone = zone
        if isinstance(daily, pd.DataFrame):
            missing = [c for c in COLUMNS if c not in daily.columns]
            if missing:
                raise InputError(
                    f"daily results must have the columns {COLUMNS}, got none of {missing}"
                )
            daily = [block_of(daily, self.zone_of)]
        self._blocks = tuple(daily)

    def zone_of(self, subject: str) -> ZoneInfo:
        """The time zone whose days the subject's results are of."""
        return zone_of(subject, self._register, self._zone)

    def country_of(self, subject: str) -> str:
        """Whose working days the subject has; see ``Register.country_of_asset``."""
        return self._register.country_of_asset(subject.partition("/")[0])

    def holds(self, pair: Pair) -> bool:
        """Whether there is any result of a subject and measure."""
        return any(pair in block.rows for block in self._blocks)

    def held(self, pairs: Iterable[Pair]) -> set[Pair]:
        """Those of some subjects and measures of which there is any result."""
        asked = set(pairs)
        return asked.intersection(chain.from_iterable(b.rows.keys() & asked for b in self._blocks))

    def days(self, pairs: Sequence[Pair], year: int) -> tuple[Matrix, Matrix]:
        """Use (NaN: not known) and coverage (0..1) of (subject, measure) pairs over a calendar year.

        One row a pair, in their order, and one column a day of that year; pairs without results are not
        known on any day.
        """
        begin = (date(year, 1, 1) - _EPOCH).days
        shape = (len(pairs), (date(year + 1, 1, 1) - date(year, 1, 1)).days)
        values, coverage = np.full(shape, np.nan), np.zeros(shape)
        for block in self._blocks:
            held = np.array([block.rows.get(pair, -1) for pair in pairs], dtype=np.intp)
            block.copy_into(begin, held, values, coverage)
        return values, coverage

    def account(
        self, subject: str, measures: Sequence[str], to_date: YearToDate
    ) -> AccountUse | None:
        """The subject's use of these measures in the year to date.

        Measures without any result in this year to date or in the year before are left out; None where
        nothing is left. Days after the judged one are not looked at.
        """
        found: list[tuple[str, Matrix, Matrix, Matrix]] = []
        for name in measures:
            if not any((subject, name) in block.rows for block in self._blocks):
                continue
            (values,), (coverage,) = self.days([(subject, name)], to_date.year)
            (last_year,), _ = self.days([(subject, name)], to_date.year - 1)
            values[to_date.days :] = np.nan
            if not (np.isnan(values).all() and np.isnan(last_year).all()):
                found.append((name, values, last_year, coverage[: to_date.days]))
        if not found or all(np.isnan(values).all() for _, values, _, _ in found):
            return None
        this_year = np.stack([values for _, values, _, _ in found])
        last = np.stack([last_year for _, _, last_year, _ in found])
        amounts = np.nansum(this_year, axis=1)
        courses = Courses(this_year, last, to_date.year, to_date.complete_days)
        projected = year_ends(courses).median
        return AccountUse(
            measures=tuple(name for name, _, _, _ in found),
            amounts=amounts,
            projected=np.maximum(projected, amounts),
            coverage=float(np.mean([coverage for _, _, _, coverage in found])),
        )
