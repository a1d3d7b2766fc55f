"""A meter that runs through the last nights of a spring, the building above it, and their baselines."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from sqlalchemy import Engine

from analytics.baselines.fitted import FittedBaseline
from analytics.baselines.fitting import fit_baseline
from analytics.baselines.series import Interval, UseSeries
from analytics.expected.expectations import TEMPERATURE
from analytics.grid import Floats, Grid, Key, empty_grid, hour_starts
from analytics.jobs.loading import store
from analytics.jobs.scoring import Scorer
from analytics.totals.rollup import day_edges
from quotawatt.readings import Grain
from quotawatt.rulebook.loader import load_rulebook
from quotawatt.settings import Settings
from quotawatt.spans import HOUR, Span
from quotawatt.storage.baseline_keeping import keep
from quotawatt.storage.baselines import SCHEDULE, BaselineKey, BaselineVersion
from quotawatt.storage.memory import MemorySeriesStore
from quotawatt.storage.records import open_records
from tests.api.scene import REGISTER

ZONE = ZoneInfo("Asia/Shanghai")
ELECTRICITY = "electricity_import_kwh"
METER, BUILDING = Key("MTR-1-A", ELECTRICITY), Key("BLD-1", ELECTRICITY)

FIRST = datetime(2023, 1, 31, 16, tzinfo=UTC)
"""Local midnight of 1 February."""
NIGHTS_FROM = datetime(2023, 6, 4, 16, tzinfo=UTC)
"""Local midnight of Monday, 5 June: from then on 12 kWh more in each hour of the night."""
LEARNT_UNTIL = datetime(2023, 5, 31, 16, tzinfo=UTC)
DAYS = 150

_rulebook = cache(load_rulebook)


def temperature_c(starts: pd.DatetimeIndex) -> Floats:
    """Mild weather."""
    hours = np.arange(len(starts))
    return np.asarray(15 + 5 * np.sin(2 * np.pi * hours / 24), dtype=float)


def ordinary_use(starts: pd.DatetimeIndex, seed: int) -> Floats:
    """Offices: 20 kWh in a working hour, 5 kWh in any other, with noise."""
    local = starts.tz_convert(ZONE)
    works = (local.day_of_week < 5) & (local.hour >= 8) & (local.hour < 18)
    noise = np.random.default_rng(seed).normal(0, 0.8, len(starts))
    return np.where(works, 20.0, 5.0) + noise


def use_of(key: Key, days: int, nights_until: datetime) -> pd.Series:
    """Use from ``FIRST`` on, with the nights up to an instant."""
    starts = pd.date_range(FIRST, periods=24 * days, freq="h", name="start")
    hour = starts.tz_convert(ZONE).hour
    at_night = ((hour >= 19) | (hour < 7)) & (starts >= NIGHTS_FROM) & (starts < nights_until)
    use = ordinary_use(starts, seed=1) + 12.0 * at_night
    above = ordinary_use(starts, seed=2) if key == BUILDING else 0.0
    return pd.Series(use + above, index=starts)


@cache
def baseline(key: Key) -> FittedBaseline:
    """What is learnt of a series before June."""
    use = use_of(key, DAYS, FIRST)
    frame = pd.DataFrame({"use": use, "temperature_c": temperature_c(use.index)})
    learnt = frame[frame.index < LEARNT_UNTIL]
    series = UseSeries(key.subject, ELECTRICITY, "kWh", ZONE, "CN", Interval.HOUR, learnt)
    fitted = fit_baseline(series, candidates=("towt",))
    assert isinstance(fitted, FittedBaseline)
    return fitted


@dataclass(frozen=True)
class Nights:
    """Stores with the baselines of the meter and its building, and what scores them."""

    series: MemorySeriesStore
    records: Engine
    scorer: Scorer

    def write(
        self, now: datetime, *, nights_until: datetime = FIRST + timedelta(days=DAYS)
    ) -> None:
        """The hours up to an instant."""
        starts = hour_starts(Span(FIRST, now))
        index = pd.DatetimeIndex(starts.view("datetime64[us]"), tz="UTC")
        keys = [METER, BUILDING, Key("SITE-1", TEMPERATURE)]
        grid = empty_grid(keys, starts)
        rows = [use_of(key, DAYS, nights_until)[: len(starts)] for key in keys[:2]]
        value = np.vstack([*rows, temperature_c(index)])
        whole = np.ones_like(value)
        grid = Grid(tuple(keys), starts, value, whole, np.zeros(value.shape, dtype=bool))
        store(self.series, Grain.HOUR, [grid.results()])
        days = day_edges(Span(FIRST, now), ZONE)[:-1]
        mild = np.full((1, len(days)), 15.0)
        known = np.zeros(mild.shape, dtype=bool)
        weather = Grid((keys[2],), days, mild, np.ones_like(mild), known)
        store(self.series, Grain.DAY, [weather.results()])


def nights(home: Path) -> Nights:
    """The stores, with baselines and without hours."""
    series, records = MemorySeriesStore(), open_records("sqlite", home)
    with records.begin() as conn:
        keep(conn, [_version(key) for key in (METER, BUILDING)])
    scorer = Scorer(series, records, lambda: REGISTER, _rulebook(), Settings(home=home))
    return Nights(series, records, scorer)


def _version(key: Key) -> BaselineVersion:
    return BaselineVersion(
        key=BaselineKey(*key),
        as_of=LEARNT_UNTIL,
        fitted_at=LEARNT_UNTIL + HOUR,
        reason=SCHEDULE,
        kind="towt",
        document=baseline(key).to_document(),
    )
