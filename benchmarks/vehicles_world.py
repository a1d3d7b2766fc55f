"""A fleet's month of messages, vehicle by vehicle, with the kilometres truly driven."""

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from analytics.fleet.track import Track, microseconds
from quotawatt.register.kinds import Vehicle

Floats = NDArray[np.float64]

START = datetime(2026, 3, 1, tzinfo=UTC)
EVERY_S = 10
REST_EVERY_S = 600

_DAY_S = 86_400
_KM_PER_DEGREE = 111.195
_NOISE_KM = 0.004
_TANK_L, _LITRES_PER_KM = 55.0, 0.08
_BATTERY_KWH, _KWH_PER_KM = 60.0, 0.16


@dataclass(frozen=True, slots=True)
class Month:
    """A vehicle's messages of some days, and what it truly did."""

    vehicle: Vehicle
    track: Track
    km: float
    used: float
    """Litres, or kWh of an electric one."""


def month(number: int, days: int) -> Month:
    """One of the vehicles: petrol, and each fourth electric. The same number gives the same month."""
    rng = np.random.default_rng(number)
    electric = number % 4 == 3
    times, speed = _driving(rng, days)
    km_steps = np.concatenate([[0.0], 0.5 * (speed[1:] + speed[:-1]) * np.diff(times) / 3600.0])
    km = np.cumsum(km_steps)
    latitude, longitude = _places(rng, km_steps)
    columns = {
        "latitude_deg": latitude,
        "longitude_deg": longitude,
        "speed_kmh": np.round(speed, 1),
        "odometer_km": np.floor((20_000.0 + km) * 10.0) / 10.0,
        "ignition": (np.diff(times, append=np.inf) <= EVERY_S).astype(np.float64),
    }
    columns |= _electric(km) if electric else _petrol(rng, km)
    code = f"VEH-{number}"
    track = Track(code, microseconds(START) + np.round(times * 1e6).astype(np.int64), columns)
    per_km = _KWH_PER_KM if electric else _LITRES_PER_KM
    energy = "electric" if electric else "petrol"
    asset = Vehicle(code, code, code, "ORG", "", "sedan", energy, _TANK_L, _BATTERY_KWH)
    return Month(asset, track, float(km[-1]), float(km[-1]) * per_km)


def _driving(rng: np.random.Generator, days: int) -> tuple[Floats, Floats]:
    """Seconds since the start, and speeds: four drives a day of 35 minutes, with lights and traffic."""
    times: list[Floats] = [np.zeros(1)]
    speeds: list[Floats] = [np.zeros(1)]
    for day in range(days):
        for hour in (8.0, 10.5, 13.5, 16.0):
            begins = day * _DAY_S + (hour + rng.uniform(0, 0.5)) * 3600.0
            count = int(rng.uniform(25, 45) * 60 / EVERY_S)
            idle_from = times[-1][-1]
            rests = np.arange(idle_from + REST_EVERY_S, begins - EVERY_S, REST_EVERY_S)
            times.append(rests.astype(np.float64))
            speeds.append(np.zeros(len(times[-1])))
            times.append(np.arange(count, dtype=np.float64) * EVERY_S + begins)
            speeds.append(_speeds(rng, count))
    return np.concatenate(times), np.concatenate(speeds)


def _speeds(rng: np.random.Generator, count: int) -> Floats:
    """Speeds of one drive, km/h: slow changes, and halts of up to a minute; both ends stand."""
    waves = np.cumsum(rng.normal(0, 6, count))
    speed = 45.0 + 25.0 * np.sin(waves / 20.0) + rng.normal(0, 3, count)
    for halt in rng.integers(0, count, count // 25):
        speed[halt : halt + int(rng.integers(1, 7))] = 0.0
    speed[[0, -1]] = 0.0
    return np.clip(speed, 0.0, 110.0)


def _places(rng: np.random.Generator, km_steps: Floats) -> tuple[Floats, Floats]:
    """A winding way, told with noise."""
    heading = np.cumsum(rng.normal(0, 0.15, len(km_steps)))
    north = np.cumsum(km_steps * np.cos(heading)) + rng.normal(0, _NOISE_KM, len(km_steps))
    east = np.cumsum(km_steps * np.sin(heading)) + rng.normal(0, _NOISE_KM, len(km_steps))
    latitude = 36.65 + north / _KM_PER_DEGREE
    return latitude, 117.0 + east / (_KM_PER_DEGREE * np.cos(np.radians(36.65)))


def _petrol(rng: np.random.Generator, km: Floats) -> dict[str, Floats]:
    """Litres consumed, and the level of a tank that is filled up below a quarter."""
    used = km * _LITRES_PER_KM
    left = _TANK_L - used % (_TANK_L * 0.75)
    level = np.round(100.0 * left / _TANK_L + rng.normal(0, 0.8, len(km)), 1)
    return {"fuel_used_l": np.round(500.0 + used, 2), "fuel_level_pct": np.clip(level, 0, 100)}


def _electric(km: Floats) -> dict[str, Floats]:
    """State of charge, charged to the full at the first rest below 40 %."""
    used = km * _KWH_PER_KM
    soc = 100.0 - 100.0 * (used % (_BATTERY_KWH * 0.6)) / _BATTERY_KWH
    return {"battery_soc_pct": np.round(soc, 1)}
