"""A meter's year minute by minute: from readings to hours, days and months, in memory and through DuckDB."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from statistics import median
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa

from analytics.consumption.cleaning import CleanReadings
from analytics.consumption.hourly import hourly_use
from analytics.consumption.points import Wiring
from analytics.grid import Grid, Key
from analytics.totals.rollup import to_days, to_months
from benchmarks.consumption_fleet import (
    QUANTITY,
    START,
    ZONE,
    Fleet,
    Floats,
    Ints,
    device_of,
    make_fleet,
    meter_of,
    readings_of,
)
from benchmarks.consumption_rig import run_child, system_at
from benchmarks.register_rig import seconds_of
from benchmarks.report import Figure
from quotawatt.readings import SeriesKey
from quotawatt.register.repository import save_register
from quotawatt.spans import Span
from quotawatt.storage.values import VALUES

PEER_S = 48.8
"""What MyEMS takes for the same: its unmodified normalisation, a database that answers at once, two cores,
Python 3.11; of 525,600 readings, measured 2026."""

_MINUTE_US = 60_000_000
_RUNS = 7
_BAR = 300.0


def minute_figures(folder: Path, days: int) -> Iterator[Figure]:
    """The rival's time over ours; of a full year only, since its time grows with the square of the year."""
    readings = days * 24 * 60
    fleet, time_us, value = _one_meter(days)
    taken = median(seconds_of(lambda: _computed(fleet, time_us, value, days)) for _ in range(_RUNS))
    name = f"{readings:,} readings, one a minute"
    if days == 365:
        yield Figure(f"{name}: MyEMS / ours (aim: 1,000)", PEER_S / taken, "×", at_least=_BAR)
    yield Figure(f"{name}: ours, in memory", taken * 1e3, "ms")
    whole_s = _through_duckdb(folder / "minutes", fleet, time_us, value, days)
    yield Figure(f"{name}: ours, from DuckDB into DuckDB", whole_s, "s")


def _one_meter(days: int) -> tuple[Fleet, Ints, Floats]:
    """A meter of the fleet, its register, and a reading each minute."""
    fleet = make_fleet(1, days, seed=1)
    minutes = np.arange(days * 24 * 60)
    start_us = int(START.timestamp()) * 1_000_000
    quarters = np.arange(fleet.shown.shape[1]) * 15
    value = np.round(np.interp(minutes, quarters, fleet.shown[0]), 2)
    return fleet, start_us + minutes * _MINUTE_US, value


def _computed(fleet: Fleet, time_us: Ints, value: Floats, days: int) -> Grid:
    """The pure functions, as the analyser calls them."""
    series = (SeriesKey(device_of(0), "", QUANTITY),)
    number = pa.array(np.zeros(len(value), dtype=np.int32))
    table = pa.Table.from_arrays(
        [number, pa.array(time_us).cast(VALUES.field("time").type), pa.array(value)], schema=VALUES
    )
    readings = CleanReadings.of_values(series, table)
    span = Span(START, START + timedelta(days=days))
    wiring = Wiring(fleet.register())
    hours, _ = hourly_use(readings, wiring, [Key(meter_of(0), QUANTITY)], span)
    zone = ZoneInfo(ZONE)
    return to_months(to_days(hours, zone), zone)


def _through_duckdb(home: Path, fleet: Fleet, time_us: Ints, value: Floats, days: int) -> float:
    """Recomputing it in a process of its own, as the fleet's year is; accounts apart."""
    span = Span(START, START + timedelta(days=days))
    system = system_at(home, span.end)
    try:
        save_register(system.records, fleet.register(), "benchmark", START)
        device = pa.repeat(pa.scalar(device_of(0)), len(value))
        system.series.write_readings(readings_of(device, time_us, value))
    finally:
        system.close()
    ends = span.start.isoformat(), span.end.isoformat()
    took = run_child("benchmarks.consumption_recompute", home, *ends)
    return float(took["seconds"] - took["accounts_s"])
