"""What trips used: litres or kilowatt-hours by the best that was told, and the events that come with it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from analytics.fleet.battery import believed_soc, by_power, by_soc, is_reversed
from analytics.fleet.cardfuel import by_cards
from analytics.fleet.charged import events_of
from analytics.fleet.charging import sessions_of
from analytics.fleet.doubts import findings_by_day
from analytics.fleet.energyparameters import EnergyParameters
from analytics.fleet.fuel import fuel_of
from analytics.fleet.idlefuel import idling_by_trip, with_litres
from analytics.fleet.told import Told, ends_of
from analytics.fleet.track import Floats, Ints, Track
from quotawatt.findings import Finding
from quotawatt.fleet.cards import FuelCard
from quotawatt.fleet.trips import EnergyBy, Trip, VehicleEvent
from quotawatt.register.kinds import Vehicle

_OPPOSED_KWH = 0.5  # a battery that gave this cannot have taken in more than it gave
_LEVELS = ("fuel_level_l", "fuel_level_pct")


@dataclass(frozen=True, slots=True)
class Used:
    """Trips with what they used; events in order of time, idling with its litres."""

    trips: tuple[Trip, ...]
    events: tuple[VehicleEvent, ...]
    findings: tuple[Finding, ...]


def with_energy(
    track: Track,
    vehicle: Vehicle,
    trips: Sequence[Trip],
    idlings: Sequence[VehicleEvent],
    motion_kmh: float,
    parameters: EnergyParameters,
    cards: Sequence[FuelCard] = (),
) -> Used:
    """Give trips of one vehicle, in order of time, what they used.

    Fuel by the counter of consumed litres, else by the level, else by cards. Electricity by traction voltage
    and current, else by the state of charge. ``vehicle.energy`` says which of the two it is.

    Parameters
    ----------
    track
        Cleaned.
    motion_kmh
        Speed up to which it stands.
    """
    if vehicle.energy == "electric":
        return _electric(track, vehicle, trips, idlings, parameters)
    own = [card for card in cards if card.vehicle == vehicle.code]
    return _fuelled(track, vehicle, trips, idlings, motion_kmh, parameters, own)


def _fuelled(
    track: Track,
    vehicle: Vehicle,
    trips: Sequence[Trip],
    idlings: Sequence[VehicleEvent],
    motion_kmh: float,
    parameters: EnergyParameters,
    cards: Sequence[FuelCard],
) -> Used:
    fuel = fuel_of(track, vehicle, trips, parameters)
    carded, findings = by_cards(trips, cards, parameters)
    litres, by = _first(
        (fuel.by_counter, EnergyBy.USED), (fuel.by_level, EnergyBy.LEVEL), (carded, EnergyBy.CARD)
    )
    idle = idling_by_trip(track, fuel.counter, trips, motion_kmh, parameters)
    told = tuple(
        replace(
            trip,
            fuel_l=_figure(used),
            fuel_by=kind,
            idling_fuel_l=_figure(min(used, burnt) if used >= 0 else burnt),
        )
        for trip, used, kind, burnt in zip(trips, litres.tolist(), by, idle.tolist(), strict=True)
    )
    events = (*with_litres(idlings, fuel.counter, parameters), *fuel.events)
    if fuel.tank_unknown:
        findings = (*findings, Finding("vehicle_tank_unknown", vehicle.code))
    faults = _rows(track, fuel.counter.faults_us)
    doubts = (
        *findings_by_day("track_fuel_counter", track, faults, quantity="fuel_used_l"),
        *_left_out(track, fuel.level, *_LEVELS),
    )
    return Used(told, _ordered(events), (*findings, *doubts))


def _electric(
    track: Track,
    vehicle: Vehicle,
    trips: Sequence[Trip],
    idlings: Sequence[VehicleEvent],
    parameters: EnergyParameters,
) -> Used:
    ends = ends_of(trips)
    soc = believed_soc(track)
    sessions = sessions_of(track, soc, ends, parameters)
    charges = events_of(sessions, track, vehicle)
    by_level = by_soc(soc, sessions, trips, ends, vehicle, parameters)
    backwards = is_reversed(track, parameters)
    powers = by_power(track, ends, parameters) * (-1.0 if backwards else 1.0)
    opposed = (powers < 0) & (by_level > _OPPOSED_KWH)
    kwh, by = _first((np.where(opposed, np.nan, powers), EnergyBy.POWER), (by_level, EnergyBy.SOC))
    told = tuple(
        replace(trip, electricity_kwh=_figure(used), electricity_by=kind)
        for trip, used, kind in zip(trips, kwh.tolist(), by, strict=True)
    )
    unknown = vehicle.battery_kwh is None and len(soc) > 0
    findings = (Finding("vehicle_battery_unknown", vehicle.code),) if unknown else ()
    doubts = [*_left_out(track, soc, "battery_soc_pct")]
    if backwards:
        doubts.append(Finding("vehicle_current_reversed", vehicle.code))
    if opposed.any():
        doubts.append(Finding("vehicle_current_sign", vehicle.code, {"trips": int(opposed.sum())}))
    return Used(told, _ordered((*idlings, *charges)), (*findings, *doubts))


def _left_out(track: Track, kept: Told, *names: str) -> tuple[Finding, ...]:
    """The messages whose level is not believed, one finding a day; of ``names`` the first that is told."""
    name = next((n for n in names if np.isfinite(track.column(n)).any()), "")
    dropped = np.isfinite(track.column(name))
    if np.count_nonzero(dropped) == len(kept):
        return ()
    dropped[_rows(track, kept.times_us)] = False
    return tuple(findings_by_day("track_level", track, dropped, quantity=name))


def _rows(track: Track, times_us: Ints) -> Ints:
    rows: Ints = np.searchsorted(track.times_us, times_us).astype(np.int64)
    return rows


def _first(*ways: tuple[Floats, EnergyBy]) -> tuple[Floats, list[EnergyBy]]:
    """Of each trip the first way that is known, and which it is."""
    found = np.full(len(ways[0][0]), np.nan)
    by = [EnergyBy.NONE] * len(found)
    for values, kind in ways:
        for row in np.flatnonzero(np.isnan(found) & np.isfinite(values)):
            by[row] = kind
        found = np.where(np.isnan(found), values, found)
    return found, by


def _figure(value: float) -> float | None:
    """Rounded as far as anything tells it; None for NaN."""
    return None if np.isnan(value) else round(value, 3)


def _ordered(events: Sequence[VehicleEvent]) -> tuple[VehicleEvent, ...]:
    return tuple(sorted(events, key=lambda e: (e.start, e.kind)))
