"""Days in a row in which some part of the day is out of the ordinary: a level that stepped or crept.

Every stretch of days of about every length is a candidate, in every part of the day; how far its mean lies
from nothing is told in standard errors. Those of stretches of one length are taken from how the series' own
such stretches scatter, so that persistence of days and slow drift are in them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from analytics.anomalies.partdays import Days, PartDays, days_of
from analytics.anomalies.parts import Part
from analytics.anomalies.points import error_of_mean, quiet_sd
from analytics.grid import Floats

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

_LEAST_ROWS = {Part.ALL: 1, Part.WORKING: 1, Part.NIGHT: 2, Part.EVENING: 3, Part.OFF: 3}
"""One late evening or one day off that is worked is no anomaly."""

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


Table = NDArray[np.float64]
Counts = NDArray[np.int64]

_Best = tuple[float, int, int, bool]
"""Gain, first and last row, whether it is a ramp."""


def strongest_segment(held: PartDays, residual: Floats, part: Part, bar: Bar) -> Segment | None:
    """The days in a row that explain the most in a part of the day, of those beyond the bar."""
    if len(held.day) < _LEAST_ROWS[part]:
        return None
    days = days_of(held, residual)
    shortest = max(bar.least_days, _LEAST_ROWS[part])
    best = _best_of(days, [n for n in _LENGTHS if shortest <= n <= len(days.mean)], bar)
    if best[0] <= 0:
        return None
    best = best if best[3] else _sharpened(days, best, _LEAST_ROWS[part])
    return _segment(days, part, best, bar)


def _error(days: Days, length: int, means: Floats) -> float:
    """Standard error of the mean of so many days: as persistence has it, and as such stretches show."""
    least = days.width * error_of_mean(length, days.lasting)
    if len(days.mean) < _STRETCHES * length:
        return least
    return max(least, quiet_sd(means))


def _best_of(days: Days, lengths: Sequence[int], bar: Bar) -> _Best:
    """The stretch of any of these lengths that explains the most, as a step or a ramp."""
    size, long = len(days.mean), np.array(lengths, dtype=np.int64)[:, None]
    first = np.arange(size)
    last = np.minimum(first + long, size)
    means = (days.sums[last] - days.sums[first]) / long
    level = (days.level_sums[last] - days.level_sums[first]) / long
    least = [
        _error(days, n, row[: size - n + 1]) * bar.least(n) / bar.sensitivity
        for n, row in zip(lengths, means, strict=True)
    ]
    far = (np.abs(means) >= np.reshape(least, (-1, 1))) & (first + long <= size)
    large = (means * bar.sensitivity >= bar.above * level) | (
        means * bar.sensitivity <= -bar.below * level
    )
    gain = np.where(far & large, means**2 * long, 0.0) / days.width**2
    best: _Best = max([(0.0, 0, 0, False), *_highest(gain, lengths, ramp=False)])
    slow = [k for k, n in enumerate(lengths) if n >= _LEAST_RAMP_DAYS]
    if not slow:
        return best
    steep = np.where((far & large & (means > 0))[slow], _ramp_gain(days, long[slow]), 0.0)
    return max(best, *_highest(steep / _RAMP_BETTER, [lengths[k] for k in slow], ramp=True))


def _highest(gain: Table, lengths: Sequence[int], ramp: bool) -> list[_Best]:
    """The highest gain of each length, a row of ``gain`` each."""
    first = gain.argmax(axis=1).tolist() if len(gain) else []
    return [(float(row[f]), f, f + n, ramp) for row, f, n in zip(gain, first, lengths, strict=True)]


def _ramp_gain(days: Days, long: Counts) -> Table:
    """What use that grows from nothing in a straight line explains, at every place; from running sums."""
    size = len(days.mean)
    moments = np.append(0.0, np.cumsum(days.mean * (np.arange(size) + 0.5)))
    first = np.arange(size)
    last = np.minimum(first + long, size)
    total = days.sums[last] - days.sums[first]
    weighted = (moments[last] - moments[first] - first * total) / long
    weights = [_weight_of_ramp(n) * days.width**2 for n in long[:, 0].tolist()]
    gain: Table = np.where(weighted > 0, weighted**2, 0.0) / np.reshape(weights, (-1, 1))
    return gain


@lru_cache(maxsize=256)
def _weight_of_ramp(length: int) -> float:
    """Sum of the squares of what a straight line from 0 to 1 is in so many days."""
    return float((((np.arange(length) + 0.5) / length) ** 2).sum())


def _sharpened(days: Days, best: _Best, least: int) -> _Best:
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


def _segment(days: Days, part: Part, best: _Best, bar: Bar) -> Segment:
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
