"""Kilowatt-hours of charging sessions into the battery, and the sessions as events."""

from collections.abc import Sequence

import numpy as np

from analytics.fleet.charging import Session
from analytics.fleet.counting import Counted, counted
from analytics.fleet.places import odometer_at, place_at
from analytics.fleet.told import Told, told
from analytics.fleet.track import Track, instant
from quotawatt.fleet.trips import EventKind, VehicleEvent
from quotawatt.register.kinds import Vehicle

_HOUR_US = 3.6e9
_MOST_KW = 500.0  # no charger of a vehicle gives more
_DENSE_US = 900_000_000  # powers farther apart bear no integral
_COVERED = 0.9


def events_of(
    sessions: Sequence[Session], track: Track, vehicle: Vehicle
) -> tuple[VehicleEvent, ...]:
    """The sessions as events, their energy by the counter, else by powers, else by the state of charge.

    What brought nothing, by all that was told of it, is none.
    """
    counter = counted(told(track, "charge_energy_kwh"), _MOST_KW)
    power = told(track, "charge_power_kw")
    found = []
    for session in sessions:
        kwh, by = _energy(session, counter, power, vehicle.battery_kwh)
        if kwh is None or kwh > 0:
            found.append(_event(session, kwh, by, track, vehicle.code))
    return tuple(found)


def _energy(
    session: Session, counter: Counted, power: Told, battery_kwh: float | None
) -> tuple[float | None, str]:
    """Energy [kWh] and what it rests on; None and no word: not known."""
    by_counter = _counted(session, counter)
    if by_counter is not None and by_counter > 0:
        return by_counter, "counter"
    by_power = _integrated(session, power)
    if by_power is not None and by_power > 0:
        return by_power, "power"
    if session.before is None or session.after is None:
        return None, ""
    points = max(session.after - session.before, 0.0)
    if battery_kwh is None:
        return (None if points > 0 else 0.0), ""
    return points * battery_kwh / 100, "soc"


def _counted(session: Session, counter: Counted) -> float | None:
    """What the counter grew by from the last message before to the first one after; None: not known."""
    first = int(np.searchsorted(counter.times_us, session.start_us, "right")) - 1
    last = int(np.searchsorted(counter.times_us, session.end_us, "left"))
    if not len(counter.times_us) or first < 0:
        return None
    last = min(last, len(counter.times_us) - 1)
    span = np.array([counter.times_us[first]]), np.array([counter.times_us[last]])
    if last <= first or counter.faulty(*span)[0]:
        return None
    return float(counter.total[last] - counter.total[first])


def _integrated(session: Session, power: Told) -> float | None:
    """The integral of the powers told; None where they leave too much of the session open."""
    first, last = np.searchsorted(power.times_us, [session.start_us, session.end_us + 1])
    times, values = power.times_us[first:last], np.maximum(power.values[first:last], 0.0)
    apart = np.diff(times)
    dense = apart <= _DENSE_US
    covered = float(apart[dense].sum())
    if covered <= 0 or covered < _COVERED * (session.end_us - session.start_us):
        return None
    mean = (values[1:] + values[:-1]) / 2
    return float((mean * apart)[dense].sum()) / _HOUR_US


def _event(
    session: Session, kwh: float | None, by: str, track: Track, vehicle: str
) -> VehicleEvent:
    return VehicleEvent(
        vehicle=vehicle,
        kind=EventKind.CHARGING,
        start=instant(session.start_us),
        end=instant(session.end_us),
        amount=None if kwh is None else round(kwh, 3),
        before=session.before,
        after=session.after,
        place=place_at(track, session.start_us, session.end_us),
        odometer_km=odometer_at(track, session.end_us),
        detail={"energy_by": by, "seen_by": session.by} if by else {"seen_by": session.by},
    )
