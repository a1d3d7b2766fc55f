"""Logs of real vehicles and what they must come to: kilometres and kilowatt-hours.

Where the data are says the variable ``QUOTAWATT_REAL_DATA``; their READMEs name sources and licences.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd

from analytics.fleet.parameters import DEFAULTS
from analytics.fleet.track import Track, track_from_readings
from analytics.fleet.travelling import Travelled, travelled
from quotawatt.register.kinds import Vehicle

NOW = datetime(2026, 1, 1, tzinfo=UTC)

_TWIZY_KWH, _MONITOR_KWH = 6.1, 72.6


@dataclass(frozen=True, slots=True)
class Compared:
    """A figure of a log beside its reference."""

    log: str
    found: float
    reference: float

    @property
    def error_pct(self) -> float:
        """How far apart they are."""
        return 100.0 * abs(self.found / self.reference - 1.0)


def distances(folder: Path) -> Iterator[Compared]:
    """Kilometres. The Twizy's reference is the speed that its receiver told, which nothing else here uses."""
    for name in ("T1", "T2"):
        log = _twizy_log(folder, name)
        reference = _integral_km(log["time"], log["GpsSpeed"])
        yield Compared(f"Twizy {name}", _km(twizy(folder, name)), reference)
    yield Compared("OBD live25", _km(obd(folder, "live25")), 12.9)
    summary = pd.read_csv(folder / "vehicle_ev_monitor/summary.trip.csv", skipinitialspace=True)
    trips = monitored(folder).trips
    for trip, reference in zip(trips, summary["distance"].tolist(), strict=True):
        yield Compared("EV monitor, the worst trip", trip.distance_km, reference)


def energies(folder: Path) -> Iterator[Compared]:
    """Kilowatt-hours. References: the drop of charge between the ends of the log; the tool's own summary."""
    for name in ("T1", "T2"):
        soc = _twizy_log(folder, name)["Soc"]
        reference = (soc.iloc[0] - soc.iloc[-1]) / 100.0 * _TWIZY_KWH
        yield Compared(f"Twizy {name}", _kwh(twizy(folder, name)), reference)
    days = pd.read_csv(folder / "vehicle_ev_monitor/summary.day.csv", skipinitialspace=True)
    yield Compared("EV monitor", _kwh(monitored(folder)), -float(days["-kWh"].sum()))


def _km(found: Travelled) -> float:
    return sum(trip.distance_km for trip in found.trips)


def _kwh(found: Travelled) -> float:
    return sum(trip.electricity_kwh or 0.0 for trip in found.trips)


def _electric(track: Track, kwh: float) -> Travelled:
    vehicle = Vehicle("V", "V", "V", "ORG", "", "sedan", "electric", None, kwh)
    return travelled(track, vehicle, DEFAULTS, NOW)


def _twizy_log(folder: Path, name: str) -> pd.DataFrame:
    """Rows whose date is one: some say the 90th of February."""
    log = pd.read_csv(folder / f"vehicle_twizy_ev/{name}_03_29_2021.csv.gz")
    said = log["Date"] + " " + log["Time"]
    log["time"] = pd.to_datetime(said, format="%m/%d/%Y %H:%M:%S", errors="coerce", utc=True)
    return log[log["time"].notna()]


def twizy(folder: Path, name: str) -> Travelled:
    """One of the drives of the two-seater, ``T1`` or ``T2``."""
    log = _twizy_log(folder, name)
    columns = {
        "battery_soc_pct": "Soc",
        "speed_kmh": "Speed",
        "latitude_deg": "LAT",
        "longitude_deg": "LON",
    }
    return _electric(_track(log, columns), _TWIZY_KWH)


def obd(folder: Path, name: str) -> Travelled:
    """A log of the petrol car; it has no clock but the engine's seconds, several rows to a second."""
    log = pd.read_csv(folder / f"vehicle_carobd/{name}.csv.gz")
    log["time"] = pd.to_datetime(log["ENGINE_RUN_TINE"] + 1.6e9, unit="s", utc=True)
    columns = {"speed_kmh": "VEHICLE_SPEED", "engine_rpm": "ENGINE_RPM"}
    vehicle = Vehicle("V", "V", "V", "ORG", "", "sedan", "petrol", 50.0, None)
    return travelled(_track(log, columns), vehicle, DEFAULTS, NOW)


def monitored(folder: Path) -> Travelled:
    """What a car's cloud told: a few messages a day."""
    log = pd.read_csv(folder / "vehicle_ev_monitor/monitor.csv", skipinitialspace=True)
    log["time"] = pd.to_datetime(log["datetime"], utc=True)
    columns = {
        "battery_soc_pct": "SOC%",
        "odometer_km": "odometer",
        "ignition": "engineOn",
        "charging": "charging",
        "latitude_deg": "latitude",
        "longitude_deg": "longitude",
    }
    return _electric(_track(log, columns), _MONITOR_KWH)


def _track(log: pd.DataFrame, columns: dict[str, str]) -> Track:
    readings = [
        pd.DataFrame({"quantity": name, "time": log["time"], "value": log[told].astype(float)})
        for name, told in columns.items()
    ]
    return track_from_readings("V", pd.concat(readings))


def _integral_km(times: "pd.Series[pd.Timestamp]", speeds: "pd.Series[float]") -> float:
    """Speed over time, by trapezoids, in the order of time."""
    order = np.argsort(times.to_numpy(), kind="stable")
    naive = times.dt.tz_localize(None).to_numpy()[order]
    when = naive.astype("datetime64[us]").astype(np.int64) / 1e6
    near = when < when[len(when) // 2] + 86_400.0  # clocks leap decades ahead
    return float(np.trapezoid(speeds.to_numpy()[order][near], when[near]) / 3600.0)
