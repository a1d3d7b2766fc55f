"""Kilowatt-hours that trips took out of the battery, net of what was recuperated."""

from collections.abc import Sequence

import numpy as np

from analytics.fleet.charging import Session
from analytics.fleet.energyparameters import EnergyParameters
from analytics.fleet.levels import Step, hidden_in, levelled
from analytics.fleet.told import Ends, Told, at_end, at_start, told, without_spikes
from analytics.fleet.track import Floats, Track
from quotawatt.fleet.trips import Trip
from quotawatt.register.kinds import Vehicle

_SPIKE_PCT = 5.0

# Steps of speed by which the sign of a current is judged, and how many up and down there must be.
_GAIN_KMH = 2.0
_GAINS = 10
_HOUR_US = 3.6e9


def believed_soc(track: Track) -> Told:
    """The state of charge [%] without what no battery shows: 0 (a device that does not know it), above 100,
    and single values far off both neighbours."""
    soc = told(track, "battery_soc_pct")
    return without_spikes(soc.kept((soc.values > 0) & (soc.values <= 100)), _SPIKE_PCT)


def by_soc(
    soc: Told,
    sessions: Sequence[Session],
    trips: Sequence[Trip],
    ends: Ends,
    vehicle: Vehicle,
    parameters: EnergyParameters,
) -> Floats:
    """Of each trip [kWh]: state of charge at its start less that at its end plus what was charged between,
    times the usable battery. NaN: not told, no battery known, or a rise that nothing explains."""
    if vehicle.battery_kwh is None or not len(soc):
        return np.full(len(trips), np.nan)
    steps = [
        Step(*s.rose, s.before, s.after)
        for s in sessions
        if s.rose is not None and s.before is not None and s.after is not None
    ]
    even = levelled(soc, steps)
    first = at_start(even, ends, parameters.anchor_s)
    last = at_end(even, ends, parameters.anchor_s, parameters.settle_s)
    used = first.value - last.value
    possible = used >= -parameters.rise_tolerated_pct
    usual = _usual_pct(trips, vehicle, parameters)
    clear = np.hypot(first.noise, last.noise) <= np.maximum(
        parameters.told_noise_share * usual, parameters.rise_tolerated_pct
    )
    clear &= ~hidden_in(steps, ends) | (usual <= parameters.unseen_pct)
    kwh = np.maximum(used, 0.0) * vehicle.battery_kwh / 100
    return np.where(possible & clear, kwh, np.nan)


def is_reversed(track: Track, parameters: EnergyParameters) -> bool:
    """Whether the traction current is told as negative when discharging: less is drawn while the vehicle
    gains speed than while it loses it, which no drive does."""
    power = track.column("traction_voltage_v") * track.column("traction_current_a")
    speed = track.column("speed_kmh")
    known = np.flatnonzero(np.isfinite(power) & np.isfinite(speed))
    if len(known) < 2:
        return False
    near = np.diff(track.times_us[known]) <= parameters.dense_power_s * 1e6
    gain = np.diff(speed[known])
    drawn = (power[known][1:] + power[known][:-1]) / 2
    faster, slower = near & (gain > _GAIN_KMH), near & (gain < -_GAIN_KMH)
    if min(np.count_nonzero(faster), np.count_nonzero(slower)) < _GAINS:
        return False
    return bool(np.median(drawn[faster]) < np.median(drawn[slower]))


def by_power(track: Track, ends: Ends, parameters: EnergyParameters) -> Floats:
    """Of each trip [kWh] the integral of traction voltage times current; NaN where it is not told densely."""
    power = track.column("traction_voltage_v") * track.column("traction_current_a") / 1000
    known = np.isfinite(power)
    times, power = track.times_us[known], power[known]
    if len(times) < 2:
        return np.full(len(ends.start_us), np.nan)
    apart = np.diff(times)
    dense = apart <= parameters.dense_power_s * 1e6
    energy = np.where(dense, (power[1:] + power[:-1]) / 2 * apart / _HOUR_US, 0.0)
    energy_to = np.concatenate([[0.0], np.cumsum(energy)])
    covered_to = np.concatenate([[0.0], np.cumsum(np.where(dense, apart, 0))])
    first = np.minimum(np.searchsorted(times, ends.start_us, "left"), len(times) - 1)
    last = np.maximum(np.searchsorted(times, ends.end_us, "right") - 1, first)
    covered = covered_to[last] - covered_to[first]
    whole = (ends.end_us - ends.start_us).astype(np.float64)
    enough = (covered > 0) & (covered >= parameters.dense_power_share * whole)
    share = np.divide(whole, covered, out=np.ones_like(whole), where=enough)
    return np.where(enough, (energy_to[last] - energy_to[first]) * share, np.nan)


def _usual_pct(trips: Sequence[Trip], vehicle: Vehicle, parameters: EnergyParameters) -> Floats:
    """What trips of such lengths take [% of the battery]; 0 where the length is not known."""
    per_100_km = vehicle.quota_kwh_per_100km or parameters.usual_kwh_per_100km
    km: Floats = np.nan_to_num(np.array([trip.distance_km for trip in trips]))
    return km * per_100_km / (vehicle.battery_kwh or np.inf)
