"""Litres and kilowatt-hours per 100 km of many trips, by vehicle, driver pool or kind; and what they cost."""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from quotawatt.fleet.trips import Trip

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Rate:
    """Use per distance over trips: a ratio of sums, so that a long trip counts for more than a short one.

    km
        Of all trips whose distance is known.
    known_km
        Of those whose use is known as well.
    amount
        What these used [L or kWh].
    """

    km: float = 0.0
    known_km: float = 0.0
    amount: float = 0.0

    @property
    def per_100km(self) -> float | None:
        """None: no trip told both."""
        return 100 * self.amount / self.known_km if self.known_km > 0 else None

    @property
    def share(self) -> float | None:
        """Share of the kilometres that the rate rests on, 0..1; None: no kilometres."""
        return self.known_km / self.km if self.km > 0 else None

    def __add__(self, other: "Rate") -> "Rate":
        return Rate(self.km + other.km, self.known_km + other.known_km, self.amount + other.amount)


@dataclass(frozen=True, slots=True)
class Rates:
    """Of the same trips by fuel [L] and by electricity [kWh], and litres burnt idling on them."""

    fuel: Rate = Rate()
    electricity: Rate = Rate()
    idling_l: float = 0.0

    def __add__(self, other: "Rates") -> "Rates":
        return Rates(
            self.fuel + other.fuel,
            self.electricity + other.electricity,
            self.idling_l + other.idling_l,
        )


def rates_of(trip: Trip) -> Rates:
    """Of one trip."""
    return Rates(
        _rate(trip.distance_km, trip.fuel_l),
        _rate(trip.distance_km, trip.electricity_kwh),
        trip.idling_fuel_l or 0.0,
    )


def rates_by(trips: Iterable[Trip], key: Callable[[Trip], Key]) -> dict[Key, Rates]:
    """Of all trips with the same key: their vehicle, its driver pool, its kind, the month."""
    found: dict[Key, Rates] = {}
    for trip in trips:
        of = key(trip)
        found[of] = found.get(of, Rates()) + rates_of(trip)
    return found


def cost_cny(
    trip: Trip, cny_per_l: float | None = None, cny_per_kwh: float | None = None
) -> float | None:
    """What the energy of a trip cost; None: the use or the price of what it used is not known.

    Fuel that was burnt and electricity that went out of the battery, each at the price given.
    """
    parts = [
        (trip.fuel_l, cny_per_l),
        (trip.electricity_kwh, cny_per_kwh),
    ]
    used = [(amount, price) for amount, price in parts if amount is not None]
    if not used or any(price is None for _, price in used):
        return None
    return round(sum(amount * price for amount, price in used if price is not None), 2)


def _rate(km: float, amount: float | None) -> Rate:
    """Of one trip; nothing where its kilometres are not known."""
    if np.isnan(km):
        return Rate()
    return Rate(km) if amount is None else Rate(km, km, amount)
