"""Days in a row in which some part of the day is out of the ordinary: a level that stepped or crept.

Every stretch of days of about every length is a candidate, in every part of the day; how far its mean lies
from nothing is told in standard errors. Those of stretches of one length are taken from how the series' own
such stretches scatter, so that persistence of days and slow drift are in them.
"""

from dataclasses import dataclass

import numpy as np

from analytics.anomalies.course import Course
from analytics.anomalies.found import Positions
from analytics.anomalies.parts import Part
from analytics.anomalies.points import error_of_mean, persistence, quiet_sd
from analytics.grid import Bools, Floats

_LENGTHS = (
    1,
    2,
    3,
    4,
    5,
    6,
    7,
    8,
    10,
    12,
    14,
    17,
    20,
    24,
    28,
    34,
    40,
    48,
    57,
    68,
    80,
    96,
    115,
    137,
)
_MORE_LENGTHS = (163, 194, 231, 275, 327)

_LEAST_ROWS = {Part.ALL: 1, Part.WORKING: 1, Part.NIGHT: 2, Part.EVENING: 3, Part.OFF: 3}
"""One late evening or one day off that is worked is no anomaly."""

_NARROWEST, _WIDEST = 0.25, 0.7
"""Days' means scatter by at least and at most these shares of an hour's standard deviation."""

_LEAST_KNOWN = 0.75
_STRETCHES = 8
"""How often a length must fit into the series for its stretches to show their scatter."""

_LEAST_RAMP_DAYS = 28
_RAMP_BETTER = 1.15
"""How much more a ramp must explain than a step, to be preferred."""


@dataclass(frozen=True)
class Bar:
    """What makes a stretch stand out.

    strength, short_strength
        A stretch of n days is at least ``strength + short_strength / sqrt(n)`` standard errors from nothing.
    above, below
        Shares of the course's level that its mean difference has at least.
    least_days
        Shorter stretches are not looked at.
    sensitivity
        By what all of these are divided.
    """

    strength: float
    short_strength: float
    above: float
    below: float
    least_days: int = 1
    sensitivity: float = 1.0

    def least(self, length: int) -> float:
        """Standard errors that a stretch of so many days must be from nothing, at a sensitivity of 1."""
        return self.strength + self.short_strength / float(np.sqrt(length))


@dataclass(frozen=True)
class Segment:
    """Days ``[first, last)`` of the course in which a part of the day differs by ``mean`` an hour.

    gain
        What taking it out explains: squared standard deviations, comparable between parts.
    strength
        Standard errors of the mean, in multiples of those that the bar asks for.
    share
        Mean difference over the course's level in these hours.
    """

    part: Part
    first: int
    last: int
    mean: float
    gain: float
    strength: float
    share: float
    ramp: bool


@dataclass(frozen=True)
class _Days:
    """Means of a part of the day, one for each day that has enough of it; sums of all before each."""

    day: Positions
    mean: Floats
    sums: Floats
    level_sums: Floats
    width: float
    lasting: float


_Best = tuple[float, int, int, bool]
"""Gain, first and last row, whether it is a ramp."""


def strongest_segment(
    course: Course, residual: Floats, part: Part, within: Bools, bar: Bar
) -> Segment | None:
    """The days in a row that explain the most in a part of the day, of those beyond the bar."""
    days = _days_of(course, residual, within)
    if days is None or len(days.mean) < _LEAST_ROWS[part]:
        return None
    best: _Best = (0.0, 0, 0, False)
    for length in _LENGTHS:
        if max(bar.least_days, _LEAST_ROWS[part]) <= length <= len(days.mean):
            best = max(best, _best_of(days, length, bar))
    if best[0] <= 0:
        return None
    best = best if best[3] else _sharpened(days, best, _LEAST_ROWS[part])
    return _segment(days, part, best, bar)


def _days_of(course: Course, residual: Floats, within: Bools) -> _Days | None:
    use = within & np.isfinite(residual)
    day = course.day[use]
    size = course.days
    count = np.bincount(day, minlength=size)
    full = np.bincount(course.day[within], minlength=size)
    kept = np.flatnonzero((count > 0) & (count >= _LEAST_KNOWN * full))
    if not len(kept):
        return None
    mean, level = (
        np.bincount(day, weights=v[use], minlength=size)[kept] / count[kept]
        for v in (residual, course.level)
    )
    hourly = float(np.median(course.scale[use]))
    width = float(np.clip(quiet_sd(mean), _NARROWEST * hourly, _WIDEST * hourly))
    sums, level_sums = (np.append(0.0, np.cumsum(v)) for v in (mean, level))
    return _Days(kept, mean, sums, level_sums, width, persistence(mean / width))


def _error(days: _Days, length: int, means: Floats) -> float:
    """Standard error of the mean of so many days: as persistence has it, and as such stretches show."""
    least = days.width * error_of_mean(length, days.lasting)
    if len(days.mean) < _STRETCHES * length:
        return least
    return max(least, quiet_sd(means))


def _best_of(days: _Days, length: int, bar: Bar) -> _Best:
    """The stretch of one length that explains the most, as a step or a ramp."""
    means = (days.sums[length:] - days.sums[:-length]) / length
    level = (days.level_sums[length:] - days.level_sums[:-length]) / length
    error = _error(days, length, means)
    far = np.abs(means) >= error * bar.least(length) / bar.sensitivity
    large = (means * bar.sensitivity >= bar.above * level) | (
        means * bar.sensitivity <= -bar.below * level
    )
    gain = np.where(far & large, means**2 * length, 0.0) / days.width**2
    first = int(np.argmax(gain))
    step = (float(gain[first]), first, first + length, False)
    if length < _LEAST_RAMP_DAYS:
        return step
    ramps = np.where(far & large & (means > 0), _ramp_gain(days, length), 0.0) / _RAMP_BETTER
    first = int(np.argmax(ramps))
    return max(step, (float(ramps[first]), first, first + length, True))


def _ramp_gain(days: _Days, length: int) -> Floats:
    """What use that grows from nothing in a straight line explains, at every place; from running sums."""
    moments = np.append(0.0, np.cumsum(days.mean * (np.arange(len(days.mean)) + 0.5)))
    first = np.arange(len(days.mean) - length + 1)
    total = days.sums[length:] - days.sums[:-length]
    weighted = (moments[length:] - moments[:-length] - first * total) / length
    weights = ((np.arange(length) + 0.5) / length) ** 2
    gain: Floats = np.where(weighted > 0, weighted**2, 0.0) / (weights.sum() * days.width**2)
    return gain


def _sharpened(days: _Days, best: _Best, least: int) -> _Best:
    """The same with its ends moved by up to half of its length, to where it explains the most."""
    _, first, last, _ = best
    move = (last - first) // 2 + 1
    firsts = np.arange(max(first - move, 0), min(first + move, last - 1) + 1)
    lasts = np.arange(max(last - move, first + 1), min(last + move, len(days.mean)) + 1)
    length = lasts[None, :] - firsts[:, None]
    total = days.sums[lasts][None, :] - days.sums[firsts][:, None]
    gain = np.where(length >= least, total**2 / np.maximum(length, 1), 0.0)
    i, j = np.unravel_index(int(np.argmax(gain)), gain.shape)
    return float(gain[i, j]) / days.width**2, int(firsts[i]), int(lasts[j]), False


def _segment(days: _Days, part: Part, best: _Best, bar: Bar) -> Segment:
    gain, first, last, ramp = best
    length = last - first
    mean = float(days.mean[first:last].mean())
    means = (days.sums[length:] - days.sums[:-length]) / length
    level = float(days.level_sums[last] - days.level_sums[first]) / length
    return Segment(
        part=part,
        first=int(days.day[first]),
        last=int(days.day[last - 1]) + 1,
        mean=mean,
        gain=gain,
        strength=abs(mean) / _error(days, length, means) / bar.least(length),
        share=mean / level if level > 0 else np.inf,
        ramp=ramp,
    )
