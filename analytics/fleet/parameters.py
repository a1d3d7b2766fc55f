"""What decides where a trip begins and ends, and what is not believed: every figure with its reason."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FleetParameters:
    """Parameters of trips. ``docs/trips.md`` sets them beside Traccar's, whose defaults are named here.

    minimal_trip_km
        What moved less is no trip but unassigned kilometres. Traccar ``report.trip.minimalTripDistance``,
        500 m; 300 m here, as a vehicle moved across a yard counts and drift never reaches it.
    minimal_trip_s
        Known time under way below which something is no trip, where both ends were seen. Traccar
        ``report.trip.minimalTripDuration``, 300 s; short errands are trips here, the distance decides.
    minimal_stop_s
        A halt shorter than this (lights, a level crossing, a parcel) does not end a trip. Traccar
        ``report.trip.minimalParkingDuration``, 300 s.
    gap_s
        Messages farther apart than this leave a gap: what happened between is known by its ends only.
        Traccar ``report.trip.minimalNoDataDuration``, 3,600 s, ends a trip; here a gap alone ends none.
    gap_kmh
        The slowest mean speed assumed in a gap: where the kilometres of a gap between two messages under
        way, at this speed, leave no time for a stop of ``minimal_stop_s``, the trip goes on through it.
    motion_kmh
        Speed above which a vehicle is under way. Below it receivers at rest tell speeds of their own.
    drift_km
        A position this near to the one before it may be the same: receivers at rest wander.
    window_s
        Half of the time over which a place is compared with itself where no speed is told: one position
        alone proves no motion.
    fix_error_km
        How far a position may be off without being a jump.
    stale_s
        A position repeated to the last digit for longer than this at varying speeds is an old one.
    contradiction_s
        Length of the stretches over which speeds are held against place and odometer.
    idling_minimum_s
        Engine on and standing for at least this long is idling. Traccar has no such event of its own.
    greatest_kmh
        No vehicle goes faster: what implies more is a jump.
    lateness_s
        Messages that come later than this after newer ones are not waited for while streaming; a
        recomputation takes them in.
    clock_ahead_s
        A message dated farther ahead of the present has a wrong clock.
    longest_trip_s
        Longer ones have a finding, and a stream settles what it knows.
    longest_gap_s
        What was driven in a longer gap is no trip but unassigned kilometres: in weeks of silence a vehicle
        makes many trips, or has its dashboard exchanged.
    dense_s
        Speeds told no farther apart than this bear an integral over time.
    disagreement_share
        Path and speed that differ by more than this share are told.
    odometer_steps
        The odometer measures a trip where that is at least this many steps of its resolution long: 2 km in
        steps of 0.1 km, 20 km in steps of 1 km, known to 2 % (root mean square of two roundings).
    longest_idling_s, idling_gap_s
        Standing with the ignition told on for longer than the first, the engine not told to turn, is an
        ignition that is never off, not idling. Messages farther apart than the second leave it open
        whether the engine ran between them.
    """

    minimal_trip_km: float = 0.3
    minimal_trip_s: float = 30.0
    minimal_stop_s: float = 300.0
    gap_s: float = 180.0
    gap_kmh: float = 10.0
    motion_kmh: float = 5.0
    drift_km: float = 0.1
    window_s: float = 60.0
    fix_error_km: float = 0.3
    stale_s: float = 60.0
    contradiction_s: float = 300.0
    idling_minimum_s: float = 180.0
    longest_idling_s: float = 14_400.0
    idling_gap_s: float = 1800.0
    greatest_kmh: float = 220.0
    lateness_s: float = 900.0
    clock_ahead_s: float = 300.0
    longest_trip_s: float = 86_400.0
    longest_gap_s: float = 604_800.0
    dense_s: float = 5.0
    disagreement_share: float = 0.10
    odometer_steps: float = 20.0


DEFAULTS = FleetParameters()
"""What the pages and commands use where nothing is set."""
