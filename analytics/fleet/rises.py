"""Rises of the state of charge that only charging explains: at rest, or while nothing was told."""

from dataclasses import dataclass

import numpy as np

from analytics.fleet.energyparameters import EnergyParameters
from analytics.fleet.told import Ends, Told
from analytics.fleet.track import Bools

_JITTER_PCT = 0.5


@dataclass(frozen=True, slots=True)
class Rise:
    """A rise of the state of charge between two messages [UTC µs].

    told_us
        The last message before it rose.
    start_us
        The same, or the end of the last trip, where that came after it.
    before, after
        In %.
    """

    told_us: int
    start_us: int
    end_us: int
    before: float
    after: float

    @property
    def points(self) -> float:
        """What it rose by [%]."""
        return self.after - self.before


def rises_of(soc: Told, ends: Ends, parameters: EnergyParameters) -> list[Rise]:
    """All rises, however small, in order of time; those with short breaks between are one.

    On the way a rise is recuperation or noise, unless messages were missing long enough to charge.
    """
    if len(soc) < 2:
        return []
    step = np.diff(soc.values)
    apart_s = np.diff(soc.times_us) / 1e6
    resting = (apart_s > parameters.rest_step_s) | ~_on_the_way(soc, ends)
    rows = np.flatnonzero(resting & (step > 0))
    if not len(rows):
        return []
    driven = np.concatenate([[0], np.cumsum(~resting)])
    late = soc.times_us[rows[1:]] - soc.times_us[rows[:-1] + 1] > parameters.charge_joined_s * 1e6
    apart = late | (driven[rows[1:]] > driven[rows[:-1]])
    first = np.concatenate([rows[:1], rows[1:][apart]])
    last = np.concatenate([rows[:-1][apart], rows[-1:]]) + 1
    found = [_rise(soc, ends, int(a), int(b)) for a, b in zip(first, last, strict=True)]
    return [rise for rise in found if rise.points > 0]


def _on_the_way(soc: Told, ends: Ends) -> Bools:
    """Whether a message and the next one are of the same trip."""
    first = np.searchsorted(soc.times_us, ends.start_us, "left")
    last = np.searchsorted(soc.times_us, ends.end_us, "right") - 1
    several = last > first
    turns = np.zeros(len(soc), dtype=np.int64)
    np.add.at(turns, first[several], 1)
    np.add.at(turns, last[several], -1)
    return np.cumsum(turns)[:-1] > 0


def _rise(soc: Told, ends: Ends, first: int, last: int) -> Rise:
    """From the last of the lowest to the first of the highest values of rows ``first`` to ``last``."""
    part = soc.values[first : last + 1]
    high = int(np.argmax(part >= part.max() - _JITTER_PCT))
    low = int(np.flatnonzero(part[: high + 1] <= part[: high + 1].min() + _JITTER_PCT)[-1])
    told, end = int(soc.times_us[first + low]), int(soc.times_us[first + high])
    start = told
    trip = int(np.searchsorted(ends.end_us, end, "right")) - 1
    if trip >= 0:
        start = max(told, min(int(ends.end_us[trip]), end))
    return Rise(told, start, end, float(part[low]), float(part[high:].max()))
