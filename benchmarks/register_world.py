"""A large register with its telemetry, faults included, for the benchmarks of the register."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pyarrow as pa
from sqlalchemy import Engine

from quotawatt.readings import READINGS, TIME
from quotawatt.register.model import (
    Binding,
    Building,
    Headcount,
    Meter,
    Organisation,
    Register,
    Site,
)
from quotawatt.register.repository import save_register
from quotawatt.storage.port import SeriesStore

NOW = datetime(2024, 6, 3, 2, tzinfo=UTC)
"""The instant at which the world is looked at."""

_QUANTITY = "electricity_import_kwh"
_METERS_A_BUILDING = 10
_BUILDINGS_AN_ORGANISATION = 5
_HOUR = timedelta(hours=1)
# Of so many meters each one has one of the faults.
_EVERY = 50
_FAULTS = ("silent", "steady", "disposed", "unbound", "none")


@dataclass(frozen=True, slots=True)
class Filled:
    """What was written: how many assets, bindings and readings, and how many meters have which fault."""

    assets: int
    bindings: int
    readings: int
    faults: dict[str, int]


def fill(records: Engine, series: SeriesStore, meters: int, days: int) -> Filled:
    """Save a register of so many meters, each with a device, and their hourly readings up to ``NOW``.

    Every 50th meter has a fault, one kind after the other: its device fell silent five days ago, or stands
    still, or the meter was disposed of, or nothing is bound to it, or there is none after all.
    """
    register = make_register(meters)
    save_register(records, register, actor="benchmark", at=NOW)
    written = 0
    for day in range(days):
        batch = _day(meters, NOW - timedelta(days=days - day))
        written += series.write_readings(batch).written
    faults = dict.fromkeys(_FAULTS, 0)
    for number in range(meters):
        faults[fault_of(number)] += 1
    return Filled(len(register.assets), len(register.bindings), written, faults)


def fault_of(number: int) -> str:
    """What is wrong with the meter of this number; ``none``: nothing."""
    if number % _EVERY:
        return "none"
    return _FAULTS[number // _EVERY % len(_FAULTS)]


def make_register(meters: int) -> Register:
    """Organisations, buildings of ten meters (one main, the others behind it), and a binding a meter."""
    buildings = -(-meters // _METERS_A_BUILDING)
    organisations = -(-buildings // _BUILDINGS_AN_ORGANISATION)
    return Register(
        organisations=[_organisation(n) for n in range(organisations)],
        headcounts=[
            Headcount(f"ORG-{n}", "in_post", 40.0, date(2020, 1, 1)) for n in range(organisations)
        ],
        sites=[Site("SITE-1", "新区", "New District", "Asia/Shanghai", "shandong", "B")],
        buildings=[_building(n) for n in range(buildings)],
        meters=[_meter(n) for n in range(meters)],
        bindings=list(_bindings(meters)),
    )


def _organisation(number: int) -> Organisation:
    parent = f"ORG-{(number - 1) // 10}" if number else None
    name = f"第 {number} 局", f"Office {number}"
    return Organisation(f"ORG-{number}", *name, "party_government", "city", parent)


def _building(number: int) -> Building:
    name = f"{number} 号楼", f"Building {number}"
    owner = f"ORG-{number // _BUILDINGS_AN_ORGANISATION}"
    return Building(f"BLD-{number}", *name, "SITE-1", owner, 3000.0)


def _meter(number: int) -> Meter:
    building, place = divmod(number, _METERS_A_BUILDING)
    main = f"MTR-{building * _METERS_A_BUILDING}"
    name = f"{building} 号楼 {place} 号表", f"Meter {place} of building {building}"
    meter = Meter(f"MTR-{number}", *name, f"BLD-{building}", "electricity")
    if place:
        meter = replace(meter, item="A", parent=main)
    return replace(meter, status="disposed") if fault_of(number) == "disposed" else meter


def _bindings(meters: int) -> Iterator[Binding]:
    for number in range(meters):
        if fault_of(number) != "unbound":
            yield Binding(f"dev-{number}", f"MTR-{number}", datetime(2022, 1, 1, tzinfo=UTC))


def _day(meters: int, start: datetime) -> pa.Table:
    """The hourly readings of all devices over one day."""
    silent_from = NOW - timedelta(days=5)
    sends = [fault_of(n) != "silent" or start < silent_from for n in range(meters)]
    device = [number for number in range(meters) if sends[number]]
    rising = np.array([fault_of(n) != "steady" for n in device])
    hours = np.arange(24)
    began = (start - datetime(2024, 1, 1, tzinfo=UTC)) / _HOUR
    value = np.add.outer(np.array(device) * 10.0, (began + hours) * 1.5)
    value = np.where(rising[:, None], value, value[:, :1] * 0 + 777.0).ravel()
    instants = np.array(
        [start.replace(tzinfo=None) + int(n) * _HOUR for n in hours], "datetime64[us]"
    )
    size = len(value)
    time = pa.array(np.tile(instants, len(device))).cast(TIME)
    names = np.repeat(np.array([f"dev-{n}" for n in device]), len(hours))
    columns = {
        "device": pa.array(names, pa.string()),
        "channel": pa.array([""] * size),
        "quantity": pa.array([_QUANTITY] * size),
        "time": time,
        "value": pa.array(value),
        "arrived": time,
        "revision": pa.array(np.zeros(size, dtype=np.int32)),
        "quality": pa.array(["measured"] * size),
        "reason": pa.array([""] * size),
        "timed_by_server": pa.array(np.zeros(size, dtype=bool)),
    }
    return pa.Table.from_arrays([columns[f.name] for f in READINGS], schema=READINGS)
