"""Meters of offices with a year of hours and the weather, from a seed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from analytics.expected.expectations import ELECTRICITY, TEMPERATURE
from analytics.grid import Floats, Grid, Key, hour_starts
from analytics.jobs.loading import store
from analytics.totals.rollup import to_days
from quotawatt.readings import Grain
from quotawatt.register.model import Building, Meter, Organisation, Register, Site
from quotawatt.spans import Span, local_midnight
from quotawatt.storage.port import SeriesStore

ZONE = ZoneInfo("Asia/Shanghai")
UNTIL = local_midnight(date(2024, 1, 1), ZONE)
"""The year that is learnt from is over."""

_TOGETHER = 500
_SEED = 8


@dataclass(frozen=True, slots=True)
class Meters:
    """So many meters of electricity, ten a building; they repeat after ``patterns``, chance apart."""

    count: int
    patterns: int

    @property
    def keys(self) -> list[Key]:
        """Their series."""
        return [Key(f"M-{n}", ELECTRICITY) for n in range(self.count)]

    def register(self) -> Register:
        """One authority with one site."""
        houses = range((self.count + 9) // 10)
        return Register(
            organisations=[Organisation("O-1", "机关", "Authority", "party_government", "county")],
            sites=[Site("S-1", "大院", "Court", str(ZONE), "shandong", "B")],
            buildings=[
                Building(f"B-{n}", f"{n} 楼", f"House {n}", "S-1", "O-1", 5000.0) for n in houses
            ],
            meters=[
                Meter(f"M-{n}", f"{n} 表", f"Meter {n}", f"B-{n // 10}", "electricity")
                for n in range(self.count)
            ],
        )

    def write(self, series: SeriesStore, span: Span) -> None:
        """Hours and days of a span, and the weather."""
        starts = hour_starts(span)
        index = pd.DatetimeIndex(starts.view("datetime64[us]"), tz="UTC")
        weather = _weather_c(index)
        sky = Grid(
            (Key("S-1", TEMPERATURE),), starts, weather[np.newaxis], *_measured(1, len(starts))
        )
        _write(series, sky)
        for first in range(0, self.count, _TOGETHER):
            keys = tuple(self.keys[first : first + _TOGETHER])
            use = np.vstack(list(self._use(index, weather, len(keys), first)))
            _write(series, Grid(keys, starts, use, *_measured(len(keys), len(starts))))

    def _use(
        self, index: pd.DatetimeIndex, weather: Floats, count: int, first: int
    ) -> Iterator[Floats]:
        """Use of each meter: base load, working hours, cooling and heating, chance."""
        local = index.tz_convert(ZONE)
        works = np.asarray(
            (local.day_of_week < 5) & (local.hour >= 8) & (local.hour < 18), dtype=float
        )
        felt = 0.05 * np.maximum(weather - 22, 0) + 0.03 * np.maximum(8 - weather, 0)
        for n in range(first, first + count):
            rng = np.random.default_rng([_SEED, n % self.patterns])
            size, base = rng.lognormal(2.0, 0.6), rng.uniform(0.1, 0.5)
            shape = base + (1 - base) * works + felt * (0.3 + 0.7 * works) * rng.uniform(0, 2)
            chance = np.random.default_rng([_SEED, n, len(index)])
            yield size * shape * chance.lognormal(0, 0.1, len(index))


def span_before(end: datetime, days: int) -> Span:
    """So many days before an instant."""
    return Span(end - timedelta(days=days), end)


def _write(series: SeriesStore, hours: Grid) -> None:
    store(series, Grain.HOUR, [hours.results()])
    store(series, Grain.DAY, [to_days(hours, ZONE).results()])


def _measured(
    rows: int, columns: int
) -> tuple[Floats, np.ndarray[tuple[int, int], np.dtype[np.bool_]]]:
    return np.ones((rows, columns)), np.zeros((rows, columns), dtype=bool)


def _weather_c(index: pd.DatetimeIndex) -> Floats:
    """North China: -1 °C in January, 27 °C in July, 8 °C between night and afternoon, fronts of days."""
    local = index.tz_convert(ZONE)
    day = np.asarray(local.day_of_year, dtype=float)
    hour = np.asarray(local.hour, dtype=float)
    fronts = 3 * np.sin(day * 0.9) + 2 * np.sin(day * 0.37)
    found: Floats = 13 - 14 * np.cos(2 * np.pi * (day - 15) / 365) + fronts
    found -= 4 * np.cos(2 * np.pi * (hour - 3) / 24)
    return found
