"""A thousand meters for a year, every quarter of an hour, with the faults that meters have: seeded.

Everything is drawn for all meters at once. What each meter truly used, and what is lost for good by a reset,
is known, so that results can be held against it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from quotawatt.readings import READINGS, TIME
from quotawatt.register.model import Binding, Building, Meter, Organisation, Register, Site
from quotawatt.spans import Span
from quotawatt.storage.port import SeriesStore

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

QUANTITY = "electricity_import_kwh"
ZONE = "Asia/Shanghai"
START = datetime(2022, 12, 31, 16, tzinfo=UTC)
"""Midnight of 1 January 2023 at the site."""

SOUND, GAPS, GLITCHES, ROLLOVER, RESET, ALL = (
    "sound",
    "gaps",
    "glitches",
    "rollover",
    "reset",
    "all",
)
# Of every fifty meters so many; the first ones of a building are the sound ones.
_KINDS = (SOUND,) * 30 + (GAPS,) * 10 + (GLITCHES,) * 4 + (ROLLOVER,) * 3 + (RESET,) * 2 + (ALL,)
_MULTIPLIERS = (1.0, 10.0, 40.0, 80.0)
_METERS_A_BUILDING = 50
MOST_PER_HOUR = 10.0
"""What can pass through any of the meters in an hour, before the multiplier."""
_MEAN_PER_HOUR = 2.5
_LARGE_REGISTER, _SMALL_REGISTER = 1_000_000.0, 10_000.0
STEP = timedelta(minutes=15)
_STEPS_A_DAY = 96
_STEP_US = 900_000_000
_APART = 12
"""Steps at least between two faults, so that each is one by itself."""


@dataclass(frozen=True)
class Fleet:
    """Meters and their readings: rows are meters, columns the quarters of an hour.

    offset_us
        By how much a meter's clock is past the quarter; 0 for most.
    shown
        What the register shows, before the multiplier.
    sent
        Which readings arrived.
    total
        What by the rules of consumption counts between the first and the last reading, after the
        multiplier; NaN where faults on top of each other leave no plain answer.
    """

    kinds: tuple[str, ...]
    multiplier: Floats
    register_size: Floats
    offset_us: Ints
    shown: Floats
    sent: Bools
    total: Floats

    @property
    def days(self) -> int:
        """Whole days of readings."""
        return len(self.shown[0]) // _STEPS_A_DAY

    @property
    def span(self) -> Span:
        """From the first reading until after the last one."""
        return Span(START, START + timedelta(days=self.days))

    @property
    def readings(self) -> int:
        """How many arrived."""
        return int(np.count_nonzero(self.sent))

    def register(self) -> Register:
        """An organisation with buildings of fifty meters: one main meter, the others behind it."""
        meters = [_meter(n) for n in range(len(self.kinds))]
        # dict: in the order of the meters, each once.
        buildings = dict.fromkeys(meter.building for meter in meters)
        return Register(
            organisations=[Organisation("ORG-1", "某局", "Office", "party_government", "city")],
            sites=[Site("SITE-1", "新区", "New District", ZONE, "shandong", "B")],
            buildings=[
                Building(code, "楼", "Building", "SITE-1", "ORG-1", 3000.0) for code in buildings
            ],
            meters=meters,
            bindings=[
                Binding(
                    device_of(n),
                    meter.code,
                    START - timedelta(days=1),
                    multiplier=float(self.multiplier[n]),
                    register_size=float(self.register_size[n]),
                )
                for n, meter in enumerate(meters)
            ],
        )


def device_of(number: int) -> str:
    """The device that feeds a meter."""
    return f"dev-{number:05d}"


def meter_of(number: int) -> str:
    """The meter of that number."""
    return f"MTR-{number:05d}"


def make_fleet(meters: int, days: int, seed: int) -> Fleet:
    """The same fleet for the same seed."""
    rng = np.random.default_rng(seed)
    kinds = tuple(_KINDS[n % len(_KINDS)] for n in range(meters))
    small = np.isin(kinds, [ROLLOVER, ALL])
    size = np.where(small, _SMALL_REGISTER, _LARGE_REGISTER)
    multiplier = np.array([_MULTIPLIERS[n % len(_MULTIPLIERS)] for n in range(meters)])
    shown = _counted(rng, meters, days) + np.floor(rng.uniform(0.1, 0.7, meters) * size)[:, None]
    sent = np.ones(shown.shape, dtype=bool)
    lost = np.zeros(meters)
    for number, kind in enumerate(kinds):
        if kind in (GAPS, ALL):
            _lose(rng, sent[number])
        if kind in (RESET, ALL):
            lost[number] = _reset(rng, shown[number])
    first, last = _ends(shown, sent)
    total = np.where(np.array(kinds) == ALL, np.nan, last - first + lost) * multiplier
    shown %= size[:, None]
    for number, kind in enumerate(kinds):
        if kind in (GLITCHES, ALL):
            _disturb(rng, shown[number])
    # A third of the gateways send at a second of their own.
    offset_s = np.where(np.arange(meters) % 3 == 2, rng.integers(1, 899, meters), 0)
    return Fleet(kinds, multiplier, size, offset_s * 1_000_000, shown, sent, total)


def fill(series: SeriesStore, fleet: Fleet) -> None:
    """Write all readings as they would have come, a day of all meters at a time."""
    for batch in batches(fleet):
        series.write_readings(batch)


def batches(fleet: Fleet) -> Iterator[pa.Table]:
    """The readings day by day, each in the order of time."""
    names = pa.array([device_of(n) for n in range(len(fleet.kinds))])
    start_us = int(START.timestamp()) * 1_000_000
    for day in range(fleet.days):
        steps = slice(day * _STEPS_A_DAY, (day + 1) * _STEPS_A_DAY)
        step, meter = np.nonzero(fleet.sent[:, steps].T)
        step += steps.start
        time_us = start_us + step * _STEP_US + fleet.offset_us[meter]
        yield readings_of(
            names.take(pa.array(meter, pa.int64())), time_us, fleet.shown[meter, step]
        )


def readings_of(device: "pa.Array[pa.StringScalar]", time_us: Ints, value: Floats) -> pa.Table:
    """Live readings of ``QUANTITY`` as a table of schema READINGS."""
    size = len(time_us)
    columns = {
        "device": device,
        "channel": pa.repeat(pa.scalar(""), size),
        "quantity": pa.repeat(pa.scalar(QUANTITY), size),
        "time": pa.array(time_us).cast(TIME),
        "value": pa.array(value),
        "arrived": pa.array(time_us + 5_000_000).cast(TIME),
        "revision": pa.repeat(pa.scalar(0, pa.int32()), size),
        "quality": pa.repeat(pa.scalar("measured"), size),
        "reason": pa.repeat(pa.scalar(""), size),
        "timed_by_server": pa.repeat(pa.scalar(False), size),
    }
    return pa.Table.from_arrays([columns[f.name] for f in READINGS], schema=READINGS)


def _meter(number: int) -> Meter:
    building, place = divmod(number, _METERS_A_BUILDING)
    rated_kw = MOST_PER_HOUR * _MULTIPLIERS[number % len(_MULTIPLIERS)]
    return Meter(
        meter_of(number),
        "电表",
        "Meter",
        f"BLD-{building:03d}",
        "electricity",
        item="A" if place else "",
        parent=meter_of(building * _METERS_A_BUILDING) if place else None,
        rated_power_kw=rated_kw,
    )


def _counted(rng: np.random.Generator, meters: int, days: int) -> Floats:
    """What was used since the start, in hundredths: by day and night, by weekday, and by chance."""
    step = np.arange(days * _STEPS_A_DAY)
    hour = step % _STEPS_A_DAY / 4
    office = np.where((hour >= 8) & (hour < 18), 1.6, 0.6)
    weekend = np.where(step // _STEPS_A_DAY % 7 == 6, 0.7, 1.0)
    used = rng.uniform(0.5, 1.5, (meters, len(step)))
    used *= _MEAN_PER_HOUR / 4 * office * weekend
    np.cumsum(used, axis=1, out=used)
    counted: Floats = np.round(used, 2, out=used)
    return counted


def _lose(rng: np.random.Generator, sent: Bools) -> None:
    """One reading in two hundred, and three outages of two hours to three days."""
    sent[1:-1] &= rng.random(len(sent) - 2) >= 0.005
    for begin in rng.integers(_APART, len(sent) - _APART, 3):
        sent[begin : min(begin + rng.integers(8, 288), len(sent) - _APART)] = False


def _reset(rng: np.random.Generator, shown: Floats) -> float:
    """The counter begins at zero again, twice; what it showed before each, less where it began again."""
    regained = 0.0
    places = (len(shown) * np.array([0.3, 0.8]) + rng.integers(0, len(shown) // 10, 2)).astype(int)
    for place in places:
        # From one reading to the next, half of what passed came before the reset, and is lost.
        before, after = shown[place - 1], shown[place]
        begin = np.round((before + after) / 2, 2)
        shown[place:] = np.round(shown[place:] - begin, 2)
        regained += before
    return float(regained)


def _ends(shown: Floats, sent: Bools) -> tuple[Floats, Floats]:
    """The first and the last value of each meter that arrived."""
    row = np.arange(len(shown))
    first, back = sent.argmax(axis=1), sent[:, ::-1].argmax(axis=1)
    return shown[row, first], shown[row, shown.shape[1] - 1 - back]


def _disturb(rng: np.random.Generator, shown: Floats) -> None:
    """Single readings that are nothing, or much too high: about one in three thousand, well apart."""
    count = max(len(shown) // 3000, 2)
    places = np.linspace(_APART, len(shown) - _APART, 2 * count).astype(int)
    places += rng.integers(0, _APART // 2, len(places))
    shown[places[::2]] = 0.0
    shown[places[1::2]] += 5000.0
