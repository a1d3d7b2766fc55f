"""What a vehicle does, before any message of it: its ways, what it uses on them, where it fills its tank."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from simulators.outings import DENSE_EVERY_S, Deed, Legs, legs_of
from simulators.roads import STATION_KM
from simulators.streams import Floats
from simulators.timeline import Flags, Ints, Timeline

FILLING_S = 240
"""How long a vehicle stands at the filling station, with the engine off."""

_RIPPLE = 0.35  # of the speed on closely told ways: town traffic


@dataclass(frozen=True)
class VehicleModel:
    """How a vehicle is used. ``store`` is the tank in L or the battery in kWh.

    use_per_100_km
        Litres, or kWh for an electric vehicle.
    outings
        Probability of each of the two outings on a working day.
    start_odometer_km, start_used
        What odometer and fuel or charge counter show at the start of 2022.
    """

    electric: bool
    store: float
    use_per_100_km: float
    outings: float
    typical_km: float
    base_latitude_deg: float
    base_longitude_deg: float
    start_odometer_km: float
    start_used: float
    charge_power_kw: float = 7.0


@dataclass(frozen=True)
class Journeys:
    """A vehicle's legs over a timeline and what it fills in.

    levels, filled
        Tank or battery at each day's first leg, and what is filled in on that day (L or kWh).
    day_km
        What it drives on each day.
    fills
        Whether the tank is filled on each leg, at the station ``STATION_KM`` before its end. Other
        fillings and all charging happen at the car park after the day's last leg.
    """

    legs: Legs
    day_km: Floats
    levels: Floats
    filled: Floats
    fills: Flags

    def pace(self, leg: Ints, share: Floats) -> tuple[Floats, Floats]:
        """Part of the way and speed over the leg's mean speed, after a share of the time of driving.

        It starts and ends at rest; where messages are close together, the speed goes up and down between.
        """
        ripple = np.where(self.legs.every_s[leg] == DENSE_EVERY_S, _RIPPLE, 0.0)
        turn = 2 * np.pi * np.maximum(2, np.round(self.legs.km[leg] / 2))
        sin, cos = np.sin(turn * share), np.cos(turn * share)
        # The integral of the speed 6 s (1 - s) (1 + ripple sin(turn s)).
        waves = (1 - 2 * share) * sin / turn**2 - share * (1 - share) * cos / turn
        waves += 2 * (1 - cos) / turn**3
        way = share * share * (3 - 2 * share) + 6 * ripple * waves
        return way, 6 * share * (1 - share) * (1 + ripple * sin)

    def filling_after_s(self, leg: int) -> int:
        """Seconds from the start of a leg to where it stops at the station, a whole message's time."""
        every = int(self.legs.every_s[leg])
        steps = np.arange(0, int(self.legs.drive_s[leg]) + every, every)
        way, _ = self.pace(
            np.full(len(steps), leg), np.minimum(steps / self.legs.drive_s[leg], 1.0)
        )
        nearest = np.abs(self.legs.km[leg] * (1 - way) - STATION_KM).argmin()
        return int(steps[nearest])


def journeys_of(
    model: VehicleModel, timeline: Timeline, seed: int, code: str, deeds: Sequence[Deed] = ()
) -> Journeys:
    """The legs of a vehicle over the timeline, with the deeds of its own among ``deeds``."""
    own = [deed for deed in deeds if deed.vehicle == code]
    legs = legs_of(timeline, seed, code, model.outings, model.typical_km, own)
    day_km = np.zeros(len(timeline.days))
    np.add.at(day_km, legs.day, legs.km)
    levels, filled = _levels(model, day_km)
    last_of_day = np.append(np.diff(legs.day) > 0, True)
    dense = legs.every_s == DENSE_EVERY_S
    fills = last_of_day & dense & ~legs.outward & (filled[legs.day] > 0)
    return Journeys(legs, day_km, levels, filled, fills & (not model.electric))


def _levels(model: VehicleModel, day_km: Floats) -> tuple[Floats, Floats]:
    """Tank or battery at each day's first leg, and what was filled in after its last one."""
    levels, filled = np.empty_like(day_km), np.zeros_like(day_km)
    refill_below = 0.55 if model.electric else 0.25
    level = 0.8 * model.store
    for day, km in enumerate(day_km):
        levels[day] = level
        level -= float(km) * model.use_per_100_km / 100
        if level < refill_below * model.store:
            filled[day] = 0.95 * model.store - level
            level += float(filled[day])
    return levels, filled
