"""Real buildings and a real car through the rules: between measurements the hours are the counter's own.

Hourly use of years becomes counters with multipliers and registers that go round, read at irregular times,
with weeks in which nothing was heard; then what the rules make of it is held against the source's sums.
"""

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analytics.consumption.audit import audit
from analytics.consumption.cleaning import CleanReadings
from analytics.consumption.hourly import hourly_use
from analytics.consumption.points import Wiring
from analytics.grid import HOUR_US, Floats, Key, Micros, instant_of
from quotawatt.readings import SeriesKey
from quotawatt.register.model import Register, Vehicle
from quotawatt.spans import Span, ceil_hour, floor_hour
from tests.analytics.builders import IMPORT, binding, meter, register
from tests.app.real_data import real_data

pytestmark = pytest.mark.real_data

MULTIPLIER, SIZE = 40.0, 10_000.0
SEED = 20230301
EARLIEST = datetime(2010, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Read:
    """A counter as it was read: ``true`` is what it had counted in all, multiplier and wraps included."""

    name: str
    time_us: Micros
    shown: Floats
    true: Floats


def clean_of(series: SeriesKey, time_us: Micros, value: Floats) -> CleanReadings:
    return CleanReadings((series,), np.array([0, len(value)], dtype=np.intp), time_us, value)


def frame(path: Path, column: str) -> pd.DataFrame:
    with gzip.open(path) as file:
        return pd.read_csv(file, parse_dates=[column], index_col=column)


def counters(table: pd.DataFrame) -> Iterator[Read]:
    """Each column's use by the hour as a counter, some of whose readings never came."""
    rng = np.random.default_rng(SEED)
    starts = pd.DatetimeIndex(table.index).tz_localize(None).to_numpy()
    starts = starts.astype("datetime64[us]").astype(np.int64)
    time_us = np.append(starts, starts[-1] + HOUR_US)
    for name, use in table.items():
        true = np.append(0.0, np.cumsum(np.nan_to_num(use.to_numpy(dtype=float))))
        heard = rng.random(len(true)) > 0.3
        for first in rng.integers(1, len(true) - 400, 12):
            heard[first : first + rng.integers(24, 336)] = False
        heard[[0, -2, -1]] = True
        # The newest fall waits for its confirmation, so the last hour is not let go round.
        shown = ((true + 0.5 * MULTIPLIER * SIZE - true[-1]) / MULTIPLIER) % SIZE
        yield Read(str(name), time_us[heard], shown[heard], true[heard])


def assert_conserved(read: Read) -> None:
    """Over the whole time, and over spans that begin and end on readings."""
    rated = 1.5 * float(np.max(np.diff(read.true) / (np.diff(read.time_us) / HOUR_US)))
    of = register(
        binding(multiplier=MULTIPLIER, register_size=SIZE, valid_from=EARLIEST),
        meters=[meter(rated_power_kw=max(rated, 1.0))],
    )
    held = clean_of(SeriesKey("dev", "", IMPORT), read.time_us, read.shown)
    point, wiring = Key("MTR-1", IMPORT), Wiring(of)
    span = Span(instant_of(read.time_us[0]), instant_of(read.time_us[-1]))
    grid, findings = hourly_use(held, wiring, [point], span)
    assert {f.code for f in findings} <= {"counter_above_rating"}, read.name
    hours = np.append(0.0, np.cumsum(grid.value[0]))
    place = (read.time_us - read.time_us[0]) // HOUR_US
    scale = max(float(read.true[-1]), 1.0)
    # At every single reading what was counted so far is what the counter had counted.
    np.testing.assert_allclose(hours[place], read.true - read.true[0], rtol=0, atol=1e-9 * scale)
    rng = np.random.default_rng(SEED)
    for first, until in np.sort(rng.choice(len(place), (5, 2), replace=False), axis=1):
        part = Span(instant_of(read.time_us[first]), instant_of(read.time_us[until]))
        books = audit(held, wiring, point, part)
        assert books.difference(float(hours[place[until]] - hours[place[first]])) == pytest.approx(
            0, abs=1e-9 * scale
        )
        (section,) = books.sections
        assert section.opening is not None
        assert section.closing is not None
        assert (section.opening.shown, section.closing.shown) == tuple(read.shown[[first, until]])


@pytest.mark.parametrize(
    ("folder", "name", "column", "least"),
    [
        ("building_cambridge", "electricity_kwh_2017_2022.csv.gz", "timestamp_utc", 6),
        ("building_cambridge", "gas_kwh_2017_2022.csv.gz", "timestamp_utc", 3),
        ("building_bdg2_offices", "electricity_2016_2017.csv.gz", "timestamp", 12),
        ("mv_openeemeter", "il-electricity-cdd-hdd-hourly.csv.gz", "start", 1),
    ],
)
def test_hours_are_the_counters_own_at_every_reading(
    folder: str, name: str, column: str, least: int
) -> None:
    table = frame(real_data(folder) / name, column)
    table.index = pd.to_datetime(table.index, utc=True)
    table = table[~table.index.duplicated()].dropna(how="all")
    read = list(counters(table))
    assert len(read) >= least
    for one in read:
        assert_conserved(one)


def test_a_building_with_a_plant_gives_and_takes_what_its_power_says() -> None:
    table = frame(real_data("building_rsf_office_pv") / "rsf_2011_jan_jun.csv.gz", "Date and Time")
    net = table["Building Net (kW)"].dropna()
    net = net[~net.index.duplicated()].sort_index()
    time_us = net.index.to_numpy().astype("datetime64[us]").astype(np.int64)
    power = net.to_numpy(dtype=float)
    of = register(binding(quantity="electricity_power_kw", valid_from=EARLIEST))
    held = clean_of(SeriesKey("dev", "", "electricity_power_kw"), time_us, power)
    points = [Key("MTR-1", IMPORT), Key("MTR-1", "electricity_export_kwh")]
    span = Span(instant_of(time_us[0]), instant_of(time_us[-1]))
    grid, _ = hourly_use(held, Wiring(of), points, span)
    given, taken = np.nansum(grid.value, axis=1)
    assert given > 0
    assert np.nanmin(grid.value) >= 0
    together = np.diff(time_us) == HOUR_US
    between = (power[1:] + power[:-1]) / 2
    assert taken - given == pytest.approx(float(between[together].sum()), rel=1e-9)
    assert grid.estimated[~np.isnan(grid.value)].all()


def test_the_odometer_of_a_car_that_reports_when_it_likes() -> None:
    path = real_data("vehicle_ev_monitor") / "monitor.csv"
    table = pd.read_csv(path, skipinitialspace=True)
    times = pd.to_datetime(table["datetime"], utc=True).dt.tz_localize(None).to_numpy()
    times = times.astype("datetime64[us]")
    rows = sorted(set(zip(times.astype(np.int64).tolist(), table["odometer"], strict=True)))
    kept = {time: km for time, km in rows if km > 0}
    time_us, km = np.array(list(kept)), np.array(list(kept.values()), dtype=float)
    of = _with_car()
    held = clean_of(SeriesKey("car", "", "odometer_km"), time_us, km)
    point = Key("CAR-1", "odometer_km")
    whole = Span(floor_hour(instant_of(time_us[0])), ceil_hour(instant_of(time_us[-1])))
    grid, findings = hourly_use(held, Wiring(of), [point], whole)
    assert findings == []
    assert float(np.nansum(grid.value)) == pytest.approx(km[-1] - km[0], rel=1e-9)


def _with_car() -> Register:
    car = Vehicle("CAR-1", "车", "Car", "ORG-TOP", "Q1", "sedan", "electric")
    return register(binding("car", "CAR-1"), vehicles=[car])
