"""A late reading: how long until every result is right, with little and with much history."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from statistics import median, quantiles

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.consumption_fleet import (
    QUANTITY,
    START,
    STEP,
    Fleet,
    Floats,
    batches,
    device_of,
    make_fleet,
    meter_of,
)
from benchmarks.consumption_rig import system_at
from benchmarks.register_rig import seconds_of
from benchmarks.report import Figure
from quotawatt.app.system import System
from quotawatt.readings import TIME, Grain, Reading
from quotawatt.register.model import Register
from quotawatt.register.repository import save_register
from quotawatt.spans import DAY, HOUR, Span
from quotawatt.storage.intake import store_readings

_MONTH = timedelta(days=31)
_BAR_MS = 100.0
_BAR_RATIO = 1.5
_WARM_UP = 3
_SEED = 2
# The last day is not over yet.
_LEFT = 8 * HOUR


@dataclass(frozen=True, slots=True)
class Late:
    """How much is in the store, and how many readings come late.

    assets
        Meters in the register.
    meters
        Meters with readings.
    """

    assets: int
    meters: int
    days: int
    readings: int


def late_figures(folder: Path, late: Late) -> Iterator[Figure]:
    """With a month of history, and with all days of it: the same month at the end of both."""
    fleet = make_fleet(late.meters, late.days, _SEED)
    register = make_fleet(late.assets, 1, _SEED).register()
    slots = _withhold(fleet, late.readings + _WARM_UP)
    years = f"{late.days / 365:.2g} years"
    spans = {"a month": Span(fleet.span.end - _MONTH, fleet.span.end), years: fleet.span}
    with ExitStack() as stack:
        systems = {}
        for name, span in spans.items():
            systems[name] = system_at(folder / f"late-{span.start.date()}", fleet.span.end - _LEFT)
            stack.callback(systems[name].close)
            _fill(systems[name], register, fleet, span)
        taken = _deliver(systems, fleet, slots)
        for name, system in systems.items():
            found = f"late reading, {name} of history"
            yield Figure(f"{found}: median", median(taken[name]), "ms", at_most=_BAR_MS)
            yield Figure(f"{found}: p95", quantiles(taken[name], n=20)[-1], "ms")
            wrong = _wrong_results(system, fleet)
            yield Figure(f"{found}: hours and days wrong afterwards", wrong, "results", at_most=0)
    ratio = median(taken[years]) / median(taken["a month"])
    yield Figure(f"late reading, {years} / a month", ratio, "×", at_most=_BAR_RATIO)


def _withhold(fleet: Fleet, count: int) -> list[tuple[int, int]]:
    """Take readings of the last 25 days out: meter and column of each. They will come late."""
    chance = Random(_SEED)
    steps = fleet.shown.shape[1]
    first, last = steps - 25 * (DAY // STEP), steps - 2 * (DAY // STEP)
    slots = [
        (chance.randrange(len(fleet.kinds)), chance.randrange(first, last)) for _ in range(count)
    ]
    for slot in slots:
        fleet.sent[slot] = False
    return slots


def _fill(system: System, register: Register, fleet: Fleet, span: Span) -> None:
    """Register, readings of the span up to now, and their results."""
    now = system.clock()
    save_register(system.records, register, "benchmark", START)
    for batch in batches(fleet):
        first, until = pa.scalar(span.start, TIME), pa.scalar(now, TIME)
        inside = (pc.field("time") >= first) & (pc.field("time") < until)
        system.series.write_readings(batch.filter(inside))
    system.analyser.recompute(span, now)
    system.analyser.run(now)


def _deliver(
    systems: Mapping[str, System], fleet: Fleet, slots: Sequence[tuple[int, int]]
) -> dict[str, list[float]]:
    """One reading after the other, to each system in turn; the milliseconds of the turns after them."""
    taken: dict[str, list[float]] = {name: [] for name in systems}
    for slot in slots:
        for name, system in systems.items():
            now, analyser = system.clock(), system.analyser
            store_readings(system.series, system.records, [_reading(fleet, slot, now)])
            taken[name].append(seconds_of(partial(analyser.run, now)) * 1e3)
    return {name: times[_WARM_UP:] for name, times in taken.items()}


def _reading(fleet: Fleet, slot: tuple[int, int], now: datetime) -> Reading:
    meter, step = slot
    time = START + step * STEP + timedelta(microseconds=int(fleet.offset_us[meter]))
    return Reading(device_of(meter), "", QUANTITY, time, float(fleet.shown[slot]), now)


def _wrong_results(system: System, fleet: Fleet) -> int:
    """Hours of the last weeks that are not what passed, and days that are not the sum of their hours."""
    days = Span(fleet.span.end - 28 * DAY, fleet.span.end - 2 * DAY)
    meters = [meter_of(n) for n in range(len(fleet.kinds))]
    hours = _values(system, Grain.HOUR, meters, days)
    daily = _values(system, Grain.DAY, meters, days)
    true = np.array([_true_hours(fleet, n, days) for n in range(len(meters))])
    wrong = ~np.isclose(hours, true, rtol=1e-9, atol=1e-9)
    summed = hours.reshape(len(meters), -1, 24).sum(axis=2)
    return int(wrong.sum() + (~np.isclose(daily, summed, rtol=1e-9)).sum())


def _values(system: System, grain: Grain, meters: list[str], span: Span) -> Floats:
    table = system.series.read_results(grain, meters, [QUANTITY], span)
    return np.asarray(table["value"].to_numpy()).reshape(len(meters), -1)


def _true_hours(fleet: Fleet, meter: int, span: Span) -> Floats:
    """What truly passed in the hours of the span."""
    edges = np.arange((span.start - START) / STEP, (span.end - START) / STEP + 1, HOUR / STEP)
    offset = timedelta(microseconds=int(fleet.offset_us[meter])) / STEP
    at = np.arange(fleet.shown.shape[1]) + offset
    passed: Floats = np.diff(np.interp(edges, at, fleet.shown[meter])) * fleet.multiplier[meter]
    return passed
