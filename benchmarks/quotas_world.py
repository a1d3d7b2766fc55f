"""Ten thousand quota subjects with hourly results of this year and daily ones of the last, from a seed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa

from analytics.grid import HOUR_US, Floats, Micros, micros_of
from quotawatt.readings import TIME, Grain, Quality
from quotawatt.register.model import Building, Headcount, Organisation, Register, Site
from quotawatt.spans import DAY, Span, local_midnight
from quotawatt.storage.frames import CODED_RESULTS
from quotawatt.storage.port import SeriesStore

ZONE = ZoneInfo("Asia/Shanghai")
YEAR = 2026
MEASURE = "electricity_import_kwh"

_FIRST = date(2015, 1, 1)
_AREA_M2 = 5_000.0
_SEED = 6


@dataclass(frozen=True, slots=True)
class World:
    """So many organisations, each with a building, and days of this year that are over."""

    organisations: int
    days: int

    @property
    def subjects(self) -> list[str]:
        """Organisations, then buildings."""
        return [f"{kind}-{n}" for kind in ("O", "B") for n in range(self.organisations)]

    def register(self) -> Register:
        """Authorities of Shandong's counties, with area and staff."""
        codes = range(self.organisations)
        return Register(
            organisations=[
                Organisation(f"O-{n}", f"{n} 局", f"Bureau {n}", "party_government", "county")
                for n in codes
            ],
            headcounts=[Headcount(f"O-{n}", "in_post", 40.0 + n % 50, _FIRST) for n in codes],
            sites=[Site("S-1", "大院", "Court", str(ZONE), "shandong", "B")],
            buildings=[
                Building(f"B-{n}", f"{n} 楼", f"House {n}", "S-1", f"O-{n}", _AREA_M2 + n % 977)
                for n in codes
            ],
        )

    def write_last_year(self, store: SeriesStore) -> None:
        """Days of the year before, a month at a time."""
        for days in _months(date(YEAR - 1, 1, 1), date(YEAR, 1, 1)):
            starts = np.array([micros_of(local_midnight(day, ZONE)) for day in days])
            use = np.hstack([self.hours(day).sum(axis=1, keepdims=True) for day in days])
            store.write_results(Grain.DAY, self._results(starts, use))

    def write_hours(self, store: SeriesStore, first: int, until: int) -> None:
        """Hours of the days of this year from ``first`` (0: 1 January) to before ``until``."""
        for n in range(first, until):
            day = date(YEAR, 1, 1) + n * DAY
            start = micros_of(local_midnight(day, ZONE))
            starts = start + HOUR_US * np.arange(24, dtype=np.int64)
            store.write_results(Grain.HOUR, self._results(starts, self.hours(day)))

    def hours(self, day: date) -> Floats:
        """Use of each subject in each hour of a day in kWh: season, weekends and chance."""
        chance = np.random.default_rng([_SEED, day.toordinal()])
        size = np.random.default_rng(_SEED).lognormal(3.5, 0.3, (2 * self.organisations, 1))
        season = 1 + 0.3 * np.cos(2 * np.pi * day.timetuple().tm_yday / 365.25)
        week = 1.0 if day.weekday() < 5 else 0.4
        found: Floats = size * season * week * chance.lognormal(0, 0.2, (len(size), 24))
        return found

    def _results(self, starts: Micros, use: Floats) -> pa.Table:
        count, columns = use.shape
        names = pa.array(self.subjects)
        rows = np.repeat(np.arange(count, dtype=np.int32), columns)
        nothing = np.zeros(len(rows), dtype=np.int32)
        return pa.Table.from_arrays(
            [
                pa.DictionaryArray.from_arrays(rows, names),
                pa.DictionaryArray.from_arrays(nothing, pa.array([MEASURE])),
                pa.array(np.tile(starts, count)).cast(TIME),
                pa.array(use.ravel()),
                pa.DictionaryArray.from_arrays(nothing, pa.array([Quality.MEASURED.value])),
                pa.array(np.ones(len(rows))),
                pa.array(nothing),
                pa.array(np.zeros(len(rows), dtype=bool)),
            ],
            schema=CODED_RESULTS,
        )


def _months(first: date, until: date) -> Iterator[list[date]]:
    """The days of ``[first, until)``, by months."""
    days = [first + timedelta(days=n) for n in range((until - first).days)]
    for month in range(1, 13):
        yield [day for day in days if day.month == month]


def span_of(days: int) -> Span:
    """The first so many days of the year."""
    first = date(YEAR, 1, 1)
    return Span(local_midnight(first, ZONE), local_midnight(first + days * DAY, ZONE))
