"""A counter of litres or kilowatt-hours in a vehicle: what it counted, whatever it was reset to."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.fleet.told import Ends, Told, at_end, at_start
from analytics.fleet.track import Floats, Ints

_SLACK = 1.0  # litres or kWh that a coarse counter may add at once
_HOUR_US = 3.6e9


@dataclass(frozen=True, slots=True)
class Counted:
    """What a counter counted since its first message.

    total
        At each message; a reset does not lower it.
    faults_us
        Messages at which it fell or leapt in a way that leaves open what was used [UTC µs].
    """

    times_us: Ints
    total: Floats
    faults_us: Ints

    def at(self, times_us: Ints) -> Floats:
        """The total at any instants, straight between messages; NaN before the first and after the last."""
        if not len(self.times_us):
            return np.full(len(times_us), np.nan)
        return np.interp(times_us, self.times_us, self.total, left=np.nan, right=np.nan)

    def faulty(self, start_us: Ints, end_us: Ints) -> NDArray[np.bool_]:
        """Whether there is a fault in ``(start, end]``."""
        first = np.searchsorted(self.faults_us, start_us, "right")
        return np.searchsorted(self.faults_us, end_us, "right") > first


def counted(series: Told, most_per_hour: float) -> Counted:
    """Follow a counter.

    A single message below or above both neighbours is passed over. Where it falls for good it was reset, and
    what it shows counts as used since, where that fits ``most_per_hour``; else, and where it leaps farther
    than that, nothing counts and it is a fault.
    """
    series = _steady(series, most_per_hour)
    step = np.diff(series.values)
    most = most_per_hour * np.diff(series.times_us) / _HOUR_US + _SLACK
    step = np.where(step < 0, series.values[1:], step)
    fits = step <= most
    total = np.concatenate([[0.0], np.cumsum(np.where(fits, step, 0.0))])[: len(series)]
    return Counted(series.times_us, total, series.times_us[1:][~fits])


def counted_by_trip(counter: Counted, ends: Ends, window_s: float) -> Floats:
    """What was counted on each trip; NaN where it is not known at both ends or there is a fault between."""
    series = Told(counter.times_us, counter.total)
    first = at_start(series, ends, 0.0)
    last = at_end(series, ends, 0.0, window_s)
    amount = last.value - first.value
    faulty = counter.faulty(ends.start_us, ends.end_us)
    return np.where(faulty, np.nan, np.maximum(amount, 0.0))


def _steady(series: Told, most_per_hour: float) -> Told:
    """Without single messages that dip or leap and return."""
    if len(series) < 3:
        return series
    before, value, after = series.values[:-2], series.values[1:-1], series.values[2:]
    most = most_per_hour * np.diff(series.times_us)[:-1] / _HOUR_US + _SLACK
    dip = (value < before) & (after >= before)
    leap = (value > before + most) & (after >= before) & (after < value)
    keep = np.ones(len(series), dtype=bool)
    keep[1:-1] = ~(dip | leap)
    return series.kept(keep)
