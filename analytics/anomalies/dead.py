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

_SURE_EXPECTED = 2.0
"""Standard deviations above zero from which on use is expected for sure."""

_LEAST_STUCK_H = 6
_REPEATS_OF_HABIT = 3
"""A run of one value is out of the ordinary from so many times the run that a usual hour lies in."""

_CATCH_UP_HOURS = 2
_CATCH_UP_SHARES = (0.5, 1.7)
"""What comes after an outage is its use if it is within these shares of what was expected meanwhile."""

_CERTAIN = 12.0


def find_outages(course: Course) -> Iterator[Found]:
    """Runs of hours without use where use is sure to be expected, with what is caught up afterwards.

    Missing hours are none of it, unless their use comes in at once afterwards.
    """
    known = np.isfinite(course.use) & np.isfinite(course.expected)
    none = known & (course.use <= _DEAD_SHARE * course.expected)
    if none.sum() > _SELDOM * known.sum():
        none &= course.use < 0  # zeros are this series' habit
    expected = none & (course.expected > _SURE_EXPECTED * course.scale)
    for first, last in runs(none | ~known):
        hours = np.arange(first, last)
        caught = _caught_up(course, hours)
        if expected[first:last].sum() >= _LEAST_DEAD_H or len(caught):
            silent = hours[none[hours]]
            missing = int((~known[hours]).sum())
            evidence = {"zero_h": len(silent), "missing_h": missing, "caught_up_h": len(caught)}
            yield Found(
                Shape.RUN, Likely.OUTAGE, np.append(_trimmed(hours, silent, caught), caught),
                _CERTAIN, evidence,
            )  # fmt: skip


def find_stuck(course: Course) -> Iterator[Found]:
    """Runs of one value, not zero, far longer than this series repeats itself."""
    use = course.use
    same = np.append(False, np.isfinite(use[1:]) & (use[1:] == use[:-1]) & (use[1:] != 0))
    starts = np.flatnonzero(~same)
    lengths = np.diff(np.append(starts, len(use)))
    if not len(lengths):
        return
    usual = np.percentile(np.repeat(lengths, lengths), 75)
    for first, length in zip(starts, lengths, strict=True):
        if length >= max(_LEAST_STUCK_H, _REPEATS_OF_HABIT * usual):
            hours = np.arange(first, first + length)
            evidence = {"value": float(use[first]), "repeats_h": int(length)}
            yield Found(Shape.RUN, Likely.STUCK, hours, _CERTAIN, evidence)


def runs(flags: Bools) -> list[tuple[int, int]]:
    """First position, and the one after the last, of every run of true flags."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], flags, [False])).astype(np.int8)))
    return [(int(a), int(b)) for a, b in edges.reshape(-1, 2)]


def _trimmed(hours: Positions, silent: Positions, caught: Positions) -> Positions:
    """Without missing hours at the edges, which say nothing, unless they were caught up."""
    if len(caught) or not len(silent):
        return hours
    return hours[(hours >= silent[0]) & (hours <= silent[-1])]


def _caught_up(course: Course, hours: Positions) -> Positions:
    """The hours right after an outage in which its use came in; none where it did not."""
    after = np.arange(hours[-1] + 1, min(hours[-1] + 1 + _CATCH_UP_HOURS, len(course.use)))
    lacking = _lacking(course, hours)
    if len(hours) < _LEAST_DEAD_H or not lacking > 0:
        return after[:0]
    excess = course.use[after] - course.expected[after]
    clear = excess > np.maximum(5 * course.scale[after], lacking * _CATCH_UP_SHARES[0])
    surplus = excess[clear].sum()
    return after[clear] if clear.any() and surplus <= lacking * _CATCH_UP_SHARES[1] else after[:0]


def _lacking(course: Course, hours: Positions) -> float:
    """What was expected and did not come."""
    difference: Floats = course.expected[hours] - np.nan_to_num(course.use[hours])
    return float(np.nansum(difference))
