"""Days in a row in which some part of the day is out of the ordinary: a level that stepped or crept.

Every stretch of days of about every length is a candidate, in every part of the day; how far its mean lies
from nothing is told in standard errors that grow with the persistence of days and with the systematic error of
the expectation, which does not shrink with length.
"""

from dataclasses import dataclass

import numpy as np

from analytics.anomalies.course import NORMAL_MAD, Course
from analytics.anomalies.parts import Part
from analytics.anomalies.points import error_of_mean, persistence
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

_SYSTEMATIC = 0.3
"""The part of an hour's standard deviation that all hours of a long time can have in common."""

_NARROWEST, _WIDEST = 0.25, 0.7
"""Days' means scatter by at least and at most these shares of an hour's standard deviation."""

_LEAST_KNOWN = 0.75
_LEAST_RAMP_DAYS = 28
_RAMP_BETTER = 1.15
"""How much more a ramp must explain than a step, to be preferred."""


@dataclass(frozen=True)
class Segment:
    """Days ``[first, last)`` of the course in which a part of the day differs by ``mean`` an hour.

    gain
        What taking it out explains: squared standard deviations, comparable between parts.
    strength
        Standard errors of the mean.
    share
        Mean difference over what was expected in these hours.
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
    """Means of a part of the day, one for each day that has enough of it."""

    day: Floats
    mean: Floats
    expected: Floats
    width: float
    systematic: float
    lasting: float


def strongest_segment(
    course: Course, residual: Floats, part: Part, within: Bools
) -> Segment | None:
    """The days in a row that explain the most in a part of the day; None where too little is known."""
    days = _days_of(course, residual, within)
    if days is None:
        return None
    best = max((_best_step(days), _best_ramp(days)), key=lambda found: found[0])
    gain, first, last, ramp = best
    if gain <= 0:
        return None
    return _segment(days, part, first, last, ramp, gain)


def _days_of(course: Course, residual: Floats, within: Bools) -> _Days | None:
    use = within & np.isfinite(residual)
    day = course.day[use]
    size = course.days
    count = np.bincount(day, minlength=size)
    full = np.bincount(course.day[within], minlength=size)
    kept = np.flatnonzero((count > 0) & (count >= _LEAST_KNOWN * full))
    if not len(kept):
        return None
    mean, expected = (
        np.bincount(day, weights=v[use], minlength=size)[kept] / count[kept]
        for v in (residual, course.expected)
    )
    hourly = float(np.median(course.scale[use]))
    shown = NORMAL_MAD * float(np.median(np.abs(mean - np.median(mean))))
    width = float(np.clip(shown, _NARROWEST * hourly, _WIDEST * hourly))
    lasting = persistence((mean - np.median(mean)) / width)
    return _Days(kept, mean, expected, width, _SYSTEMATIC * hourly, lasting)


def _best_step(days: _Days) -> tuple[float, int, int, bool]:
    sums = np.append(0.0, np.cumsum(days.mean / days.width))
    best = (0.0, 0, 0, False)
    for length in _lengths(len(days.mean)):
        gain = (sums[length:] - sums[:-length]) ** 2 / length
        first = int(np.argmax(gain))
        best = max(best, (float(gain[first]), first, first + length, False))
    return _sharpened(sums, best)


def _sharpened(sums: Floats, best: tuple[float, int, int, bool]) -> tuple[float, int, int, bool]:
    """The same with its ends moved by up to an eighth of its length, to where it explains the most."""
    _, first, last, _ = best
    move = max((last - first) // 8, 1)
    firsts = np.arange(max(first - move, 0), min(first + move, last - 1) + 1)
    lasts = np.arange(max(last - move, first + 1), min(last + move, len(sums) - 1) + 1)
    length = lasts[None, :] - firsts[:, None]
    gain = np.where(
        length > 0, (sums[lasts][None, :] - sums[firsts][:, None]) ** 2 / np.maximum(length, 1), 0
    )
    i, j = np.unravel_index(int(np.argmax(gain)), gain.shape)
    return float(gain[i, j]), int(firsts[i]), int(lasts[j]), False


def _best_ramp(days: _Days) -> tuple[float, int, int, bool]:
    """Use that grows from nothing in a straight line; ``sum(w x)`` for all places from two running sums."""
    x = days.mean / days.width
    sums = np.append(0.0, np.cumsum(x))
    moments = np.append(0.0, np.cumsum(x * (np.arange(len(x)) + 0.5)))
    best = (0.0, 0, 0, True)
    for length in _lengths(len(x)):
        if length < _LEAST_RAMP_DAYS:
            continue
        first = np.arange(len(x) - length + 1)
        weighted = (
            moments[length:] - moments[:-length] - first * (sums[length:] - sums[:-length])
        ) / length
        weights = ((np.arange(length) + 0.5) / length) ** 2
        gain = np.where(weighted > 0, weighted**2 / weights.sum(), 0.0) / _RAMP_BETTER
        place = int(np.argmax(gain))
        best = max(best, (float(gain[place]), place, place + length, True))
    return best


def _segment(days: _Days, part: Part, first: int, last: int, ramp: bool, gain: float) -> Segment:
    length = last - first
    mean = float(days.mean[first:last].mean())
    error = np.hypot(days.width * error_of_mean(length, days.lasting), days.systematic)
    expected = float(np.abs(days.expected[first:last]).mean())
    return Segment(
        part=part,
        first=int(days.day[first]),
        last=int(days.day[last - 1]) + 1,
        mean=mean,
        gain=gain,
        strength=abs(mean) / float(error),
        share=mean / expected if expected > 0 else np.inf,
        ramp=ramp,
    )


def _lengths(days: int) -> list[int]:
    return [n for n in (*_LENGTHS, *_MORE_LENGTHS) if n <= days]
