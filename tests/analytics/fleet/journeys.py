"""Made journeys with a known truth: legs of driving and standing, told as a vehicle would."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from analytics.fleet.track import Track, microseconds

START = datetime(2026, 3, 2, 0, 0, tzinfo=UTC)
NOW = datetime(2026, 12, 1, tzinfo=UTC)
HOME = (36.65, 117.0)

_KM_PER_DEGREE = 111.195


@dataclass(frozen=True, slots=True)
class Leg:
    """So many seconds at one speed; 0: standing, the engine off unless ``idles``."""

    seconds: float
    kmh: float = 0.0
    idles: bool = False


def drive(minutes: float, kmh: float = 40.0) -> Leg:
    return Leg(minutes * 60.0, kmh)


def rest(minutes: float, *, idles: bool = False) -> Leg:
    return Leg(minutes * 60.0, 0.0, idles)


def journey(
    legs: Sequence[Leg],
    *,
    every_s: float = 10.0,
    rest_every_s: float = 300.0,
    odometer_step_km: float = 0.1,
    start_km: float = 12_345.67,
    vehicle: str = "VEH-1",
) -> Track:
    """A way north and back: messages each ``every_s`` under way and ``rest_every_s`` at rest."""
    ends = np.cumsum([leg.seconds for leg in legs])
    begins = ends - np.array([leg.seconds for leg in legs])
    times = _message_times(legs, begins, ends, every_s, rest_every_s)
    driven = np.cumsum([leg.seconds * leg.kmh / 3600.0 for leg in legs])
    km = np.interp(times, np.concatenate([[0.0], ends]), np.concatenate([[0.0], driven]))
    which = np.minimum(np.searchsorted(ends, times, side="right"), len(legs) - 1)
    speed = np.array([leg.kmh for leg in legs])[which]
    on = np.array([leg.kmh > 0.0 or leg.idles for leg in legs])[which]
    there_and_back = 20.0 - np.abs(km % 40.0 - 20.0)
    shown = np.floor((start_km + km) / odometer_step_km + 1e-9) * odometer_step_km
    return Track(
        vehicle,
        microseconds(START) + np.round(times * 1e6).astype(np.int64),
        {
            "latitude_deg": HOME[0] + there_and_back / _KM_PER_DEGREE,
            "longitude_deg": np.full(len(times), HOME[1]),
            "speed_kmh": speed,
            "odometer_km": np.round(shown, 3),
            "ignition": on.astype(np.float64),
        },
    )


def without(track: Track, *names: str) -> Track:
    """The same messages without some quantities."""
    kept = {name: column for name, column in track.columns.items() if name not in names}
    return Track(track.vehicle, track.times_us, kept)


def rows(track: Track, kept: NDArray[np.bool_] | NDArray[np.int64]) -> Track:
    """Some messages of a track."""
    columns = {name: column[kept] for name, column in track.columns.items()}
    return Track(track.vehicle, track.times_us[kept], columns)


def changed(track: Track, name: str, where: slice | int, value: float) -> Track:
    """The same track with one value put into some messages."""
    column = track.column(name).copy()
    column[where] = value
    return track.replaced({name: column})


def seconds(track: Track) -> NDArray[np.float64]:
    """When each message came, after ``START``."""
    return (track.times_us - microseconds(START)) / 1e6


def _message_times(
    legs: Sequence[Leg],
    begins: NDArray[np.float64],
    ends: NDArray[np.float64],
    every_s: float,
    rest_every_s: float,
) -> NDArray[np.float64]:
    times = [
        np.arange(begin, end, every_s if leg.kmh or leg.idles else rest_every_s)
        for leg, begin, end in zip(legs, begins, ends, strict=True)
    ]
    return np.unique(np.concatenate([*times, ends[-1:]]))
