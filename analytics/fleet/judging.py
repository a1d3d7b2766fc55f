"""Which ways are trips, and which measure tells how far each was."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.fleet.distance import Distances, Edges
from analytics.fleet.motion import Motion
from analytics.fleet.odometry import Odometry
from analytics.fleet.parameters import FleetParameters
from analytics.fleet.track import Bools, Floats
from quotawatt.fleet.trips import DistanceBy

# Share of a way's time seen, below which places cut too many corners to be preferred to an odometer.
_SEEN_SHARE = 0.8

# Share of a way's time with dense speeds, for their integral to be a measure of all of it.
_DENSE_SHARE = 0.9

# Places that lead less far than this share of the speeds' integral were lost on part of the way.
_LOST_SHARE = 0.7

# An odometer that stands while places lead farther than this was not told anew, or the vehicle was carried.
_FAR_KM = 1.0

_MEASURES = tuple(DistanceBy)


@dataclass(frozen=True, slots=True)
class Judged:
    """Of each way, one row.

    distance_km
        By the measure of ``by`` (numbers of ``DistanceBy`` in its order); NaN: unknown.
    is_trip
        Whether it is one.
    stands, carried, differs
        Odometer at rest on a way that leads far, engine on or not told; the same with the engine off: on a
        tow or ferry, no trip; path and speed apart by more than ``disagreement_share``.
    """

    distance_km: Floats
    by: NDArray[np.intp]
    is_trip: Bools
    stands: Bools
    carried: Bools
    differs: Bools

    def measure(self, way: int) -> DistanceBy:
        """What the distance of a way rests on."""
        return _MEASURES[int(self.by[way])]


def judged(
    motion: Motion,
    edges: Edges,
    measures: Distances,
    counted: Odometry,
    parameters: FleetParameters,
) -> Judged:
    """Choose the measure of each way and whether it is a trip.

    The odometer goes before all others where the way is long against its resolution, little of the way was
    seen, or the path contradicts it; then path and speed, where both are dense; then the path; then speed.
    A path far shorter than the speeds allow was lost on part of the way: then speed alone.
    """
    by_place = measures.extent_km > 0.0
    halts = counted.whole & (counted.km < counted.step_km / 2.0)
    contradicted = halts & by_place & (measures.extent_km > 2.0 * counted.step_km)
    engine_off = ~(edges.greatest(motion.engine) > 0.0) & np.isfinite(edges.greatest(motion.engine))
    far = contradicted & (measures.extent_km >= _FAR_KM)
    carried, stands = far & engine_off, far & ~engine_off
    by_odometer = _by_odometer(measures, counted, parameters) & ~stands & (counted.km > 0.0)
    lost = measures.path_km < _LOST_SHARE * measures.speed_km
    both = by_place & (measures.dense >= _DENSE_SHARE) & np.isfinite(measures.speed_km)
    mean = (measures.path_km + measures.speed_km) / 2.0
    choices = (by_odometer, both & ~lost, by_place & ~lost, np.isfinite(measures.speed_km))
    by = np.select(choices, [0, 2, 1, 3], default=4)
    distance = np.select(
        choices, [counted.km, mean, measures.path_km, measures.speed_km], default=np.nan
    )
    enough = (
        np.where(by_place & ~by_odometer, measures.extent_km, distance)
        >= parameters.minimal_trip_km
    )
    return Judged(
        distance_km=distance,
        by=by,
        is_trip=enough & ~(contradicted & ~stands),
        stands=stands,
        carried=carried,
        differs=both
        & ~by_odometer
        & (np.abs(measures.path_km - measures.speed_km) > parameters.disagreement_share * mean),
    )


def _by_odometer(measures: Distances, counted: Odometry, parameters: FleetParameters) -> Bools:
    """Whether the odometer measures a way best, where it was told."""
    fine = counted.km >= parameters.odometer_steps * counted.step_km
    unseen = (measures.seen < _SEEN_SHARE) | ~(measures.extent_km > 0.0)
    apart = np.abs(measures.path_km - counted.km)
    contradicts = apart > 2.0 * counted.step_km + parameters.disagreement_share * counted.km
    return counted.whole & (fine | unseen | contradicts)
