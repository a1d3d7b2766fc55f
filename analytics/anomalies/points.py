"""Single hours far beyond what the series ever does, and hours in a row beyond what is ordinary."""

from collections.abc import Iterator
from functools import lru_cache

import numpy as np

from analytics.anomalies.course import NORMAL_MAD, Course
from analytics.anomalies.dead import runs
from analytics.anomalies.event import Likely, Shape
from analytics.anomalies.found import Found
from analytics.grid import Floats

_SPIKE_SCALES = 8.0
_BEYOND_PEAK = 0.3
"""A spike lies at least this share of the span beyond the highest use that is ordinary."""

_PEAK_PERCENTILE = 99.0
_LONGEST_SPIKE_H = 2

LENGTHS_H = (3, 4, 6, 8, 12, 18, 24, 36)
_MOST_PERSISTENT = 0.9
_NARROWEST = 0.5

_USE_STRENGTH, _GAUGE_STRENGTH = 20.0, 8.0
"""Standard errors of the mean of hours in a row that make an anomaly of use, and of a gauge."""

_QUIET_SHARE = 1 / 3
_QUIET_SDS = 0.4307
"""A third of normal values lie within so many standard deviations: two thirds may be anything."""

_LEAST_OF_SPAN = 0.3
"""Hours in a row differ by at least this share of what the series ordinarily moves in."""


def find_spikes(course: Course, residual: Floats) -> Iterator[Found]:
    """One or two hours above everything else that the series does; of a gauge, below it too."""
    known = course.use[np.isfinite(residual)]
    if not len(known):
        return
    low, high = np.percentile(known, (100 - _PEAK_PERCENTILE, _PEAK_PERCENTILE))
    beyond = _BEYOND_PEAK * course.span
    z = np.nan_to_num(residual / course.scale)
    above = (z > _SPIKE_SCALES) & (course.use > max(high, np.nanmax(course.expected)) + beyond)
    below = (z < -_SPIKE_SCALES) & (course.use < min(low, np.nanmin(course.expected)) - beyond)
    for flags, likely in ((above, Likely.SPIKE), (below & course.gauge, Likely.LOW_USE)):
        for first, last in runs(flags):
            if last - first <= _LONGEST_SPIKE_H:
                hours = np.arange(first, last)
                evidence = {"times_peak": float(course.use[hours].max() / high)} if high > 0 else {}
                strength = float(np.abs(z[hours]).max()) / _SPIKE_SCALES
                yield Found(Shape.POINT, likely, hours, strength, evidence=evidence)


def strongest_run(course: Course, residual: Floats) -> Found | None:
    """The hours in a row whose mean difference is the most standard errors from nothing."""
    z = residual / course.scale
    known = np.isfinite(z)
    if known.sum() < 4 * max(LENGTHS_H):
        return None
    filled = np.where(known, z, 0.0)
    lasting = persistence(filled)
    sums, counts = (np.append(0.0, np.cumsum(v)) for v in (filled, known.astype(float)))
    best: tuple[float, int, int] = (0.0, 0, 0)
    for length in LENGTHS_H:
        full = counts[length:] - counts[:-length] == length
        means = np.where(full, sums[length:] - sums[:-length], 0.0) / length
        least = _NARROWEST * error_of_mean(length, lasting)
        t = np.abs(means) / max(quiet_sd(means[full]), least)
        first = int(np.argmax(t))
        best = max(best, (float(t[first]), first, first + length))
    strength, first, last = best
    raw = (course.use - course.expected)[first:last].mean()
    beside = residual[first:last].mean()
    if min(abs(beside), raw * np.sign(beside)) < _LEAST_OF_SPAN * course.span:
        return None
    sign = np.sign(filled[first:last].sum())
    likely = Likely.HIGH_USE if sign > 0 else Likely.LOW_USE
    hours = np.arange(first, last)
    strength /= _GAUGE_STRENGTH if course.gauge else _USE_STRENGTH
    return Found(Shape.RUN, likely, hours, strength, mean=float(residual[hours].mean()))


def quiet_sd(values: Floats) -> float:
    """Standard deviation of what lies nearest to nothing; 0 where there are no values."""
    if not len(values):
        return 0.0
    place = int(_QUIET_SHARE * len(values))
    return float(np.partition(np.abs(values), place)[place]) / _QUIET_SDS


def persistence(values: Floats) -> float:
    """Correlation between neighbours, of values without their extremes; 0 to 0.9."""
    limit = 3 * NORMAL_MAD * float(np.median(np.abs(values))) or 1.0
    clipped = np.clip(values, -limit, limit)
    power = float((clipped**2).sum())
    if not power > 0:
        return 0.0
    lasting = (clipped[1:] * clipped[:-1]).sum() / power
    return round(float(np.clip(lasting, 0.0, _MOST_PERSISTENT)), 2)


@lru_cache(maxsize=4096)
def error_of_mean(length: int, lasting: float) -> float:
    """Standard error of the mean of ``length`` neighbours of unit variance with this persistence (AR 1)."""
    k = np.arange(1, length)
    return float(np.sqrt((1 + 2 * ((1 - k / length) * lasting**k).sum()) / length))
