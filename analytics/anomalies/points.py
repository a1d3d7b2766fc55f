"""Single hours far beyond what the series ever does, and hours in a row beyond what is ordinary."""

from collections.abc import Iterator

import numpy as np

from analytics.anomalies.course import NORMAL_MAD, Course
from analytics.anomalies.event import Likely, Shape
from analytics.anomalies.found import Found
from analytics.grid import Floats

_SPIKE_SCALES = 8.0
_BEYOND_PEAK = 1.3
"""A spike is at least so many times the highest use that is ordinary (its 99.5th percentile)."""

_PEAK_PERCENTILE = 99.5
_LONGEST_SPIKE_H = 2

LENGTHS_H = (3, 4, 6, 8, 12, 18, 24, 36)
_MOST_PERSISTENT = 0.9


def find_spikes(course: Course, residual: Floats) -> Iterator[Found]:
    """One or two hours above everything else that the series does."""
    known = course.use[np.isfinite(residual)]
    if not len(known):
        return
    peak = max(np.percentile(known, _PEAK_PERCENTILE), float(np.nanmax(course.expected)))
    excess = np.nan_to_num(residual / course.scale)
    far = (excess > _SPIKE_SCALES) & (course.use > _BEYOND_PEAK * peak)
    positions = np.flatnonzero(far)
    for hours in np.split(positions, np.flatnonzero(np.diff(positions) > 1) + 1):
        if 0 < len(hours) <= _LONGEST_SPIKE_H:
            evidence = {"times_peak": float(course.use[hours].max() / peak)}
            yield Found(Shape.POINT, Likely.SPIKE, hours, float(excess[hours].max()), evidence)


def strongest_run(course: Course, residual: Floats) -> Found | None:
    """The hours in a row whose mean difference is the most standard errors from nothing."""
    z = residual / course.scale
    known = np.isfinite(z)
    if known.sum() < 2 * max(LENGTHS_H):
        return None
    filled = np.where(known, z, 0.0)
    width = max(1.0, NORMAL_MAD * float(np.median(np.abs(z[known]))))
    lasting = persistence(filled)
    sums, counts = (np.append(0.0, np.cumsum(v)) for v in (filled, known.astype(float)))
    best: tuple[float, int, int] = (0.0, 0, 0)
    for length in LENGTHS_H:
        if length >= len(z):
            break
        enough = counts[length:] - counts[:-length] >= length
        total = np.where(enough, sums[length:] - sums[:-length], 0.0)
        t = np.abs(total) / (length * width * error_of_mean(length, lasting))
        first = int(np.argmax(t))
        best = max(best, (float(t[first]), first, first + length))
    strength, first, last = best
    sign = np.sign(filled[first:last].sum())
    likely = Likely.HIGH_USE if sign > 0 else Likely.LOW_USE
    return Found(Shape.RUN, likely, np.arange(first, last), strength)


def persistence(values: Floats) -> float:
    """Correlation between neighbours, of values without their extremes; 0 to 0.9."""
    limit = 3 * NORMAL_MAD * float(np.median(np.abs(values))) or 1.0
    clipped = np.clip(values, -limit, limit)
    power = float((clipped**2).sum())
    if not power > 0:
        return 0.0
    return float(np.clip((clipped[1:] * clipped[:-1]).sum() / power, 0.0, _MOST_PERSISTENT))


def error_of_mean(length: int, lasting: float) -> float:
    """Standard error of the mean of ``length`` neighbours of unit variance with this persistence (AR 1)."""
    k = np.arange(1, length)
    return float(np.sqrt((1 + 2 * ((1 - k / length) * lasting**k).sum()) / length))
