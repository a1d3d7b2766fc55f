"""From when on a difference between books and telemetry is one that somebody should act on.

All of them are our own choice, to be judged by how many of the findings people act on.
"""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of the checks.

    recent, history
        How far back a check looks: for what happens now, and for a device's habits.
    silent_after, vehicle_silent_after
        No device is silent before that; a parked vehicle's terminal sleeps.
    silent_intervals
        So many of its own usual intervals must have passed without a reading.
    silent_at_last
        From then on it is silent whatever its habits were. Shorter than ``history``, so that these are
        still known when it is reached.
    hand_silent_after
        What is read by hand, or billed, comes monthly and late.
    building_meters
        Where so many meters of a building or more are all silent, or all unbound, it is one finding.
    seen_within, seen_messages
        An unknown device counts where it was heard within that time and sent so many messages.
    steady_readings
        So many readings must agree before a value is said to stand still.
    gauge_readings
        The same for gauges.
    month_days, year_days
        Over so many complete days use is looked at: of parents with their children and of empty buildings,
        and of buildings beside their peers.
    negative_days
        A virtual meter that was below zero is told for so many complete days: a week has days of all kinds.
    covered, year_covered
        Share of these days that must be measured.
    children_over, unmetered_over
        Share of the parent's use by which its children may exceed it, and may fall short of it.
    least_gap
        What is no gap at all, in the unit of the measure.
    peers
        So many others at least make a group to compare with.
    empty_kwh_per_m2, empty_kwh, empty_water_m3
        What an empty building may use in ``month_days``; the second where its area is not known.
    """

    recent: timedelta = timedelta(days=3)
    history: timedelta = timedelta(days=32)
    silent_after: timedelta = timedelta(hours=24)
    vehicle_silent_after: timedelta = timedelta(days=7)
    silent_intervals: float = 4.0
    silent_at_last: timedelta = timedelta(days=30)
    hand_silent_after: timedelta = timedelta(days=45)
    building_meters: int = 3
    seen_within: timedelta = timedelta(days=7)
    seen_messages: int = 3
    steady_readings: int = 12
    gauge_readings: int = 48
    month_days: int = 30
    year_days: int = 365
    negative_days: int = 7
    covered: float = 0.95
    year_covered: float = 0.9
    children_over: float = 0.03
    unmetered_over: float = 0.15
    least_gap: float = 1.0
    peers: int = 5
    empty_kwh_per_m2: float = 0.3
    empty_kwh: float = 300.0
    empty_water_m3: float = 5.0
