"""Litres burnt while the engine ran and the vehicle stood."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import numpy as np

from analytics.fleet.counting import Counted
from analytics.fleet.energyparameters import EnergyParameters
from analytics.fleet.told import Rows
from analytics.fleet.track import Bools, Floats, Track, microseconds
from quotawatt.fleet.trips import Trip, VehicleEvent

_HOUR_S = 3600.0


def idling_by_trip(
    track: Track,
    counter: Counted,
    trips: Sequence[Trip],
    motion_kmh: float,
    parameters: EnergyParameters,
) -> Floats:
    """Litres that each trip burnt standing: by the counter where it tells, else by time and a usual rate."""
    idle_s = np.array([trip.idling_s for trip in trips])
    usual = idle_s / _HOUR_S * parameters.idle_l_per_h
    if not len(counter.times_us) or not trips:
        return usual
    total = counter.at(track.times_us)
    burnt = np.where(_standing(track, motion_kmh)[:-1], np.diff(total), 0.0)
    unknown = np.concatenate([[0], np.cumsum(np.isnan(burnt))])
    so_far = np.concatenate([[0.0], np.cumsum(np.nan_to_num(burnt))])
    first = _rows(track, [trip.start for trip in trips])
    last = _rows(track, [trip.end for trip in trips])
    known = unknown[last] == unknown[first]
    return np.where(known, np.where(idle_s > 0, so_far[last] - so_far[first], 0.0), usual)


def with_litres(
    idlings: Sequence[VehicleEvent], counter: Counted, parameters: EnergyParameters
) -> tuple[VehicleEvent, ...]:
    """Idling with its litres, and in ``litres_by`` whether they were counted or follow from a usual rate."""
    starts = np.array([microseconds(event.start) for event in idlings], dtype=np.int64)
    ends = np.array([microseconds(event.end) for event in idlings], dtype=np.int64)
    counted = counter.at(ends) - counter.at(starts)
    return tuple(
        _with(event, litres, parameters) for event, litres in zip(idlings, counted, strict=True)
    )


def _with(event: VehicleEvent, litres: float, parameters: EnergyParameters) -> VehicleEvent:
    by = "usual_rate" if np.isnan(litres) else "counter"
    if by == "usual_rate":
        hours = (event.end - event.start).total_seconds() / _HOUR_S
        litres = hours * parameters.idle_l_per_h
    return replace(event, amount=round(float(litres), 3), detail={**event.detail, "litres_by": by})


def _standing(track: Track, motion_kmh: float) -> Bools:
    """Messages that say: the engine is on and the vehicle does not move."""
    engine = (track.column("ignition") > 0) | (track.column("engine_rpm") > 0)
    return engine & (track.column("speed_kmh") <= motion_kmh)


def _rows(track: Track, instants: Sequence[datetime]) -> Rows:
    micros = np.array([microseconds(when) for when in instants], dtype=np.int64)
    return np.minimum(np.searchsorted(track.times_us, micros), len(track) - 1)
