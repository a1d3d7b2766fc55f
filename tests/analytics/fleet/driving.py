"""A vehicle's tank and battery as they truly were, and what its devices would have told of them."""

from datetime import UTC, datetime, timedelta

import numpy as np

from analytics.fleet.track import Track, microseconds
from quotawatt.fleet.trips import DistanceBy, Trip
from quotawatt.register.kinds import Vehicle

START = datetime(2024, 3, 4, tzinfo=UTC)
MINUTE_US = 60_000_000


def at(minutes: float) -> datetime:
    """So many minutes after the start."""
    return START + timedelta(minutes=minutes)


def trip(start_min: float, end_min: float, km: float) -> Trip:
    """A trip whose both ends were seen."""
    return Trip("V", at(start_min), at(end_min), km, DistanceBy.ODOMETER)


def track(minutes: np.ndarray, **columns: np.ndarray) -> Track:
    """Messages at minutes after the start."""
    times = microseconds(START) + np.round(np.asarray(minutes) * MINUTE_US).astype(np.int64)
    return Track("V", times, {name: np.asarray(v, dtype=float) for name, v in columns.items()})


def vehicle(energy: str, tank_l: float | None = None, battery_kwh: float | None = None) -> Vehicle:
    return Vehicle("V", "车", "Car", "ORG", "", "sedan", energy, tank_l, battery_kwh)


class Tank:
    """Litres over time, minute by minute, out of trips, fillings and drops."""

    def __init__(self, minutes: int, litres: float) -> None:
        self.minutes = np.arange(minutes * 6) / 6  # a message each 10 s
        self.litres = np.full(len(self.minutes), litres)
        self.moving = np.zeros(len(self.minutes), dtype=bool)

    def drive(self, start: float, end: float, litres: float) -> None:
        share = np.clip((self.minutes - start) / (end - start), 0, 1)
        self.litres -= share * litres
        self.moving |= (self.minutes > start) & (self.minutes < end)

    def fill(self, start: float, litres: float, minutes: float = 2.0) -> None:
        """Negative: what goes out."""
        self.litres += np.clip((self.minutes - start) / minutes, 0, 1) * litres

    def told(
        self, rng: np.random.Generator, tank_l: float, slosh_l: float, step_pct: float = 0.3922
    ) -> np.ndarray:
        """The level [%] of a sensor that counts in steps, with slosh while moving."""
        wave = rng.normal(0, slosh_l, len(self.litres)) * self.moving
        share = 100 * np.clip(self.litres + wave, 0, tank_l) / tank_l
        return np.round(share / step_pct) * step_pct
