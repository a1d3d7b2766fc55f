"""Logs of vehicles as tracks: CSV as trackers, OBD readers, vehicle clouds and data sets write it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from pathlib import Path

import numpy as np
import pandas as pd

from analytics.fleet.track import Track, joined, track_from_readings
from quotawatt.app.energy_columns import Table
from quotawatt.app.fleet_cells import Floats, Ints, litres_by_rate, numbers_of
from quotawatt.app.fleet_columns import (
    QUANTITY,
    ROLES,
    VALUE,
    VEHICLE,
    Meaning,
    is_long,
    meanings_of,
)
from quotawatt.app.fleet_elapsed import LogTimes
from quotawatt.app.fleet_epoch import NO_TIME
from quotawatt.app.fleet_scales import factor_of, placed, unsaid_units
from quotawatt.app.fleet_table import read_log_table
from quotawatt.app.fleet_times import Clockwork, read_log_times
from quotawatt.app.fleet_units import FUEL_RATE, TRACTION_POWER
from quotawatt.errors import InputError
from quotawatt.findings import Finding
from quotawatt.geography.datum import all_gcj02_to_wgs84
from quotawatt.quantities import QUANTITIES

Frame = pd.DataFrame
_NOMINAL_V = 400.0
_MOVING = ("speed_kmh", "odometer_km", "latitude_deg")


@dataclass(frozen=True, kw_only=True)
class LogLayout:
    """How to read logs.

    clock
        How their times are written.
    columns
        By heading what somebody says of it; see ``meanings_of``.
    vehicle
        Whose they all are; empty: as a column says, else one vehicle a file.
    gcj02
        Whether positions are GCJ-02, as maps of China have them.
    """

    clock: Clockwork
    columns: Mapping[str, str] = field(default_factory=dict)
    vehicle: str = ""
    gcj02: bool = False


@dataclass(frozen=True)
class Log:
    """What logs hold.

    tracks
        One a vehicle, sorted by its name.
    used, ignored
        Of the files: what each heading was taken for, and the headings that were not used.
    offset
        Where every time carries the same offset from UTC, that; else None.
    """

    tracks: tuple[Track, ...]
    used: Mapping[str, str]
    ignored: tuple[str, ...]
    offset: tzinfo | None
    findings: tuple[Finding, ...]


def read_logs(paths: Sequence[Path], layout: LogLayout) -> Log:
    """The tracks of all vehicles in the files. A vehicle in several files has one track.

    Raises InputError with file:line, rule and value for what cannot be read at all; what can be left out
    becomes a finding.
    """
    logs = [_read_log(path, layout) for path in paths]
    by_vehicle: dict[str, list[Track]] = {}
    for log in logs:
        for track in log.tracks:
            by_vehicle.setdefault(track.vehicle, []).append(track)
    used = {heading: what for log in logs for heading, what in log.used.items()}
    ignored = dict.fromkeys(h for log in logs for h in log.ignored if h not in used)
    offsets = {log.offset for log in logs}
    return Log(
        tracks=tuple(joined(by_vehicle[vehicle]) for vehicle in sorted(by_vehicle)),
        used=used,
        ignored=tuple(ignored),
        offset=offsets.pop() if len(offsets) == 1 else None,
        findings=tuple(finding for log in logs for finding in log.findings),
    )


def _read_log(path: Path, layout: LogLayout) -> Log:
    table = read_log_table(path)
    if not len(table.cells):
        raise InputError(f"a log must have rows, got {path} without any")
    if is_long(table.headings):
        return _read_long(table, layout)
    meanings = meanings_of(table.headings, layout.columns)
    told = {what: m for what, m in meanings.items() if what not in ROLES}
    if not any(what in told for what in _MOVING):
        rule = f"{path}: a log must tell a speed, an odometer or positions (say which by --column)"
        raise InputError(f"{rule}, got {', '.join(table.headings)}")
    times = read_log_times(table, meanings, layout.clock)
    vehicles = _vehicles(table, meanings, layout)
    columns: dict[str, Floats] = {}
    findings = list(times.findings)
    for what, meaning in told.items():
        columns[what], found = numbers_of(table, meaning)
        findings += found
    frame, exchanged = placed(pd.DataFrame(columns))
    findings += [_unit_taken(table, meanings[what], unit) for what, unit in exchanged.items()]
    if layout.gcj02 and {"latitude_deg", "longitude_deg"} <= set(columns):
        latitudes, longitudes = all_gcj02_to_wgs84(
            frame["latitude_deg"].to_numpy(), frame["longitude_deg"].to_numpy()
        )
        frame["latitude_deg"], frame["longitude_deg"] = latitudes, longitudes
    used = {m.heading: what for what, m in meanings.items()}
    ignored = tuple(h for h in table.headings if h not in used)
    unsaid = [what for what, meaning in told.items() if not meaning.factor]
    tracks, taken = _tracks(frame, times, vehicles, unsaid)
    findings += [_unit_taken(table, meanings[what], unit) for what, unit in taken.items()]
    return Log(tracks, used, ignored, times.offset, tuple(findings))


def _unit_taken(table: Table, meaning: Meaning, unit: str) -> Finding:
    return Finding("log_unit_taken", table.path.name, {"column": meaning.heading, "unit": unit})


def _tracks(
    frame: Frame, times: LogTimes, vehicles: "pd.Series[str]", unsaid: Sequence[str]
) -> tuple[tuple[Track, ...], dict[str, str]]:
    """A track a vehicle, and the units that columns were found to be in."""
    read = times.times_us != NO_TIME
    found = []
    taken: dict[str, str] = {}
    for vehicle in sorted(vehicles[read].unique()):
        rows = np.flatnonzero(read & (vehicles == vehicle).to_numpy(dtype=bool))
        order = rows[np.argsort(times.times_us[rows], kind="stable")]
        own = frame.iloc[order].reset_index(drop=True)
        when = times.times_us[order]
        for what, unit in unsaid_units(when, own, unsaid).items():
            own[what] *= factor_of(what, unit)
            taken[what] = unit
        if TRACTION_POWER in own:
            own = _as_current(own)
        if FUEL_RATE in own:
            litres = litres_by_rate(when, own.pop(FUEL_RATE).to_numpy(dtype=np.float64))
            if "fuel_used_l" not in own:
                own["fuel_used_l"] = litres
        found.append(_laid(str(vehicle), own, when))
    return tuple(found), taken


def _as_current(own: Frame) -> Frame:
    """A power as a current at a nominal voltage, where no current is told and a battery is: their product
    alone counts. A power beside no battery is that of an engine."""
    power = own[TRACTION_POWER]
    own = own.drop(columns=TRACTION_POWER)
    if "traction_current_a" in own or "battery_soc_pct" not in own:
        return own
    current = power * 1000 / _NOMINAL_V
    return own.assign(traction_voltage_v=_NOMINAL_V, traction_current_a=current)


def _laid(vehicle: str, frame: Frame, when: Ints) -> Track:
    """Columns side by side as readings, several of an instant made one."""
    stamps = pd.Series(when.astype("datetime64[us]"))
    parts = [
        pd.DataFrame({"quantity": name, "time": stamps, "value": frame[name]}) for name in frame
    ]
    return track_from_readings(vehicle, pd.concat(parts, ignore_index=True))


def _vehicles(table: Table, meanings: Mapping[str, Meaning], layout: LogLayout) -> "pd.Series[str]":
    if not layout.vehicle and VEHICLE in meanings:
        return table.cells[meanings[VEHICLE].heading].str.strip()
    name = layout.vehicle or table.path.name.split(".")[0]
    return pd.Series([name] * len(table.cells))


def _read_long(table: Table, layout: LogLayout) -> Log:
    """A log with a row a reading: time, quantity, value, and whose."""
    headings = {heading.strip().lower(): heading for heading in table.headings}
    meanings = meanings_of(table.headings, layout.columns)
    times = read_log_times(table, meanings, layout.clock)
    names = table.cells[headings[QUANTITY]].str.strip()
    unknown = ~names.isin(QUANTITIES)
    if unknown.any():
        row = int(np.argmax(unknown.to_numpy()))
        rule = f"{table.at(row)}: a quantity must be one of docs/nomenclature.md"
        raise InputError(f"{rule}, got {names.iloc[row]!r}")
    values, findings = numbers_of(table, Meaning(headings[VALUE], VALUE, 1.0))
    vehicles = _vehicles(table, meanings, layout)
    read = times.times_us != NO_TIME
    frame = pd.DataFrame(
        {
            "quantity": names[read],
            "time": times.times_us[read].astype("datetime64[us]"),
            "value": values[read],
        }
    )
    tracks = tuple(
        track_from_readings(str(vehicle), frame[(vehicles[read] == vehicle).to_numpy(dtype=bool)])
        for vehicle in sorted(vehicles[read].unique())
    )
    used = {m.heading: what for what, m in meanings.items() if what in ROLES}
    used |= {headings[QUANTITY]: QUANTITY, headings[VALUE]: VALUE}
    ignored = tuple(h for h in table.headings if h not in used)
    return Log(tracks, used, ignored, times.offset, (*times.findings, *findings))


def start_of(text: str | None, zone: tzinfo) -> datetime | None:
    """When a log of seconds began, as ``--start`` has it; without an offset by the zone's clock."""
    if text is None:
        return None
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise InputError(f"--start must be an instant in ISO 8601, got {text!r}") from None
    return instant if instant.tzinfo else instant.replace(tzinfo=zone)
