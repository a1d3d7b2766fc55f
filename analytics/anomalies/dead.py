"""Meters that say nothing: zeros where there is always use, one value again and again."""

from collections.abc import Iterator

import numpy as np

from analytics.anomalies.course import Course
from analytics.anomalies.event import Likely, Shape
from analytics.anomalies.found import Found, Positions
from analytics.grid import Bools, Floats

_DEAD_SHARE = 0.02
"""Use below this share of what is expected is none."""

_LEAST_DEAD_H = 2
_SELDOM = 0.2
"""A series that is without use for more of its hours than this has zeros as its habit."""

_HABIT_RUNS = 8
"""So many runs without use are a habit."""

_SURE_EXPECTED = 2.0
"""Standard deviations above zero from which on use is expected for sure."""

_LEAST_STUCK_H = 6
_ABOUT = 1.5
_IMPROBABLE = 1e-5
_REPEATS_OF_HABIT = 3
"""A run of one value, or of none, is out of the ordinary from so many times its usual length."""

_CATCH_UP_HOURS = 2
_CATCH_UP_SHARES = (0.5, 1.7)
"""What comes after an outage is its use if it is within these shares of what was expected meanwhile."""

_STANDS_STILL_H = 72
"""What sends zeros for longer, and never catches up, is supplied and stands still: a cut is mended sooner."""

_CERTAIN = 4.0


def find_outages(course: Course) -> Iterator[Found]:
    """Runs of hours without use where use is sure to be expected, with what is caught up afterwards.

    Missing hours are none of it, unless their use comes in at once afterwards. Zeros alone, for longer than
    three days, are a register that stands still.
    """
    known = np.isfinite(course.use) & np.isfinite(course.expected)
    none = known & (course.use <= _DEAD_SHARE * course.expected)
    if none.sum() > _SELDOM * known.sum() and len(runs(none)) >= _HABIT_RUNS:
        none[:] = False
    expected = none & (course.expected > _SURE_EXPECTED * course.scale)
    least = max(_LEAST_DEAD_H, _REPEATS_OF_HABIT * _usual_zeros(none))
    for first, last in runs(none | ~known):
        hours = np.arange(first, last)
        caught = _caught_up(course, hours)
        if expected[first:last].sum() >= least or len(caught):
            silent = hours[none[hours]]
            missing = int((~known[hours]).sum())
            evidence = {"zero_h": len(silent), "missing_h": missing, "caught_up_h": len(caught)}
            trimmed = _trimmed(hours, silent, caught)
            likely = Likely.STUCK if _stands_still(course, trimmed) else Likely.OUTAGE
            dead = np.append(trimmed, caught)
            yield Found(Shape.RUN, likely, dead, _CERTAIN, evidence=evidence)


def _stands_still(course: Course, hours: Positions) -> bool:
    return len(hours) > _STANDS_STILL_H and bool((course.use[hours] == 0).all())


def _usual_zeros(none: Bools) -> float:
    """How many hours without use in a row are this series' habit; 0 where it has none."""
    lengths = np.array([last - first for first, last in runs(none)])
    return float(np.median(lengths)) if len(lengths) >= _HABIT_RUNS else 0.0


def find_stuck(course: Course) -> Iterator[Found]:
    """Runs of one value, not zero, longer than chance repeats a value of that size in this series."""
    use = course.use
    same = np.append(False, np.isfinite(use[1:]) & (use[1:] == use[:-1]) & (use[1:] != 0))
    starts = np.flatnonzero(~same)
    lengths = np.diff(np.append(starts, len(use)))
    for first, length in zip(starts.tolist(), lengths.tolist(), strict=True):
        if length >= _LEAST_STUCK_H and length > _by_chance(use, same, first, length):
            hours = np.arange(first, first + length)
            evidence = {"value": float(use[first]), "repeats_h": int(length)}
            yield Found(Shape.RUN, Likely.STUCK, hours, _CERTAIN, evidence=evidence)


def _by_chance(use: Floats, same: Bools, first: int, length: int) -> float:
    """The longest run that is not improbable, as often as values of this size are repeated elsewhere."""
    near = (use >= use[first] / _ABOUT) & (use <= use[first] * _ABOUT)
    near[first : first + length] = False
    repeated = (same[near].sum() + 1) / (near.sum() + 2)
    return 1 + float(np.log(_IMPROBABLE) / np.log(repeated))


def runs(flags: Bools) -> list[tuple[int, int]]:
    """First position, and the one after the last, of every run of true flags."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], flags, [False])).astype(np.int8)))
    return [(int(a), int(b)) for a, b in edges.reshape(-1, 2)]


def _trimmed(hours: Positions, silent: Positions, caught: Positions) -> Positions:
    """Without missing hours at the edges, which say nothing, unless they were caught up."""
    if len(caught) or not len(silent):
        return hours
    trimmed: Positions = hours[(hours >= silent[0]) & (hours <= silent[-1])]
    return trimmed


def _caught_up(course: Course, hours: Positions) -> Positions:
    """The hours right after an outage in which its use came in; none where it did not."""
    after = np.arange(hours[-1] + 1, min(hours[-1] + 1 + _CATCH_UP_HOURS, len(course.use)))
    lacking = _lacking(course, hours)
    if len(hours) < _LEAST_DEAD_H or not lacking > 0:
        return after[:0]
    excess = course.use[after] - course.expected[after]
    clear = excess > np.maximum(5 * course.scale[after], lacking * _CATCH_UP_SHARES[0])
    if not clear.any() or excess[clear].sum() > lacking * _CATCH_UP_SHARES[1]:
        return after[:0]
    caught: Positions = after[clear]
    return caught


def _lacking(course: Course, hours: Positions) -> float:
    """What was expected and did not come."""
    difference: Floats = course.expected[hours] - np.nan_to_num(course.use[hours])
    return float(np.nansum(difference))
