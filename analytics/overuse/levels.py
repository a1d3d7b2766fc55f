"""Levels of a value by day: rises above habit, a step, a trend. Robust, and with how sure each is.

Nothing here knows what the values are; NaN are days of which nothing is known.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from math import erf, sqrt

import numpy as np

from analytics.grid import Bools, Floats

_SPREAD_OF_MAD = 1.4826
_HABIT_DAYS = 40
_LEAST_HABIT_DAYS = 10


@dataclass(frozen=True, slots=True)
class Rise:
    """Days in a row above habit.

    first, last
        Positions of the first and the last of them.
    days
        Positions of those that are above; single ordinary or unknown days may lie between.
    habit
        The value that was usual before.
    strength
        The median rise, in spreads of the habit.
    """

    first: int
    last: int
    days: tuple[int, ...]
    habit: float
    strength: float


def rises(
    values: Floats, least_rise: float, *, spreads: float = 4.0, least_days: int = 3, gap: int = 2
) -> Iterator[Rise]:
    """Stretches of days above the habit of the days before, which learns from ordinary days alone.

    least_rise, spreads
        A day is above where it passes the habit's median by both; the spread is the scaled median absolute
        deviation.
    least_days
        So many days above make a stretch.
    gap
        So many known days at most may lie between that are not above.
    """
    habit: deque[float] = deque(maxlen=_HABIT_DAYS)
    above: list[int] = []
    level, spread, ordinary = np.nan, 0.0, 0
    for day in np.flatnonzero(np.isfinite(values)).tolist():
        if not above:
            level, spread = _middle(habit)
        limit = max(least_rise, spreads * spread)
        if len(habit) >= _LEAST_HABIT_DAYS and values[day] > level + limit:
            above.append(day)
            ordinary = 0
            continue
        habit.append(float(values[day]))
        ordinary += 1
        if ordinary > gap:
            if len(above) >= least_days:
                yield _rise(values, above, level, max(spread, least_rise / spreads))
            above = []
    if len(above) >= least_days:
        yield _rise(values, above, level, max(spread, least_rise / spreads))


def _rise(values: Floats, above: list[int], habit: float, spread: float) -> Rise:
    height = float(np.median(values[above])) - habit
    return Rise(above[0], above[-1], tuple(above), habit, height / spread)


def _middle(habit: deque[float]) -> tuple[float, float]:
    """The median and the scaled median absolute deviation."""
    if not habit:
        return np.nan, 0.0
    values = np.array(habit)
    middle = float(np.median(values))
    return middle, _SPREAD_OF_MAD * float(np.median(np.abs(values - middle)))


@dataclass(frozen=True, slots=True)
class Step:
    """The best split of values in two levels.

    at
        Position of the first value of the later level.
    size
        Later level less earlier level.
    z
        The size in standard errors, with as many independent values as their day-to-day likeness leaves.
    left
        Sum of squares that two levels leave, as a share of what one level leaves.
    """

    at: int
    size: float
    z: float
    left: float


def best_step(values: Floats, least: int) -> Step | None:
    """The split with at least ``least`` known values on both sides; None where there are too few."""
    known = np.flatnonzero(np.isfinite(values))
    x = values[known]
    n = len(x)
    if n < 2 * least:
        return None
    sums = np.cumsum(x)
    cut = np.arange(least, n - least + 1)
    before, after = sums[cut - 1] / cut, (sums[-1] - sums[cut - 1]) / (n - cut)
    gain = cut * (n - cut) / n * (after - before) ** 2
    best = int(np.argmax(gain))
    whole = float(np.sum((x - x.mean()) ** 2))
    if whole <= 0:
        return None
    position, size = int(cut[best]), float(after[best] - before[best])
    rest = x - np.where(np.arange(n) < position, before[best], after[best])
    error = _error(rest, position, n)
    z = abs(size) / error if error > 0 else np.inf
    return Step(int(known[position]), size, float(z), float(np.sum(rest**2)) / whole)


def _error(rest: Floats, position: int, n: int) -> float:
    """Standard error of the difference of two means; neighbouring days are alike, so they count for less."""
    variance = float(np.sum(rest**2)) / max(1, n - 2)
    likeness = float(np.sum(rest[1:] * rest[:-1]) / np.sum(rest**2)) if variance > 0 else 0.0
    share = (1 - min(max(likeness, 0.0), 0.95)) / (1 + min(max(likeness, 0.0), 0.95))
    return sqrt(variance / (position * share) + variance / ((n - position) * share))


@dataclass(frozen=True, slots=True)
class Trend:
    """A straight line through values (Theil-Sen), and whether it is one (Mann-Kendall).

    slope
        By position.
    start
        The line at position 0.
    p
        How likely chance alone gives such an order of values, two-sided, normal approximation.
    left
        Sum of squares that the line leaves, as a share of what one level leaves.
    """

    slope: float
    start: float
    p: float
    left: float


def trend(values: Floats) -> Trend | None:
    """The trend of known values; None of fewer than eight (too few for the normal approximation)."""
    at = np.flatnonzero(np.isfinite(values))
    x = values[at]
    n = len(x)
    if n < 8:
        return None
    i, j = np.triu_indices(n, 1)
    slope = float(np.median((x[j] - x[i]) / (at[j] - at[i])))
    start = float(np.median(x - slope * at))
    score = float(np.sign(x[j] - x[i]).sum())
    ties = np.unique(x, return_counts=True)[1]
    variance = (n * (n - 1) * (2 * n + 5) - float(np.sum(ties * (ties - 1) * (2 * ties + 5)))) / 18
    z = (abs(score) - 1) / sqrt(variance) if variance > 0 and score else 0.0
    whole = float(np.sum((x - x.mean()) ** 2))
    left = float(np.sum((x - start - slope * at) ** 2)) / whole if whole > 0 else 1.0
    return Trend(slope, start, 1 - erf(z / sqrt(2)), left)


def best_bend(values: Floats, least: int) -> int:
    """Position at which a level and then a straight line fit best, at least ``least`` before the end."""
    return min(range(max(1, len(values) - least + 1)), key=lambda at: bend_left(values, at))


def bend_left(values: Floats, at: int) -> float:
    """Sum of squares that a level up to ``at`` and a line from there leave, as a share of one level's."""
    known = np.isfinite(values)
    x = values[known]
    slope = np.maximum(np.arange(len(values)) - at, 0)[known]
    rows = np.column_stack([np.ones(len(x)), slope])
    rest = x - rows @ np.linalg.lstsq(rows, x, rcond=None)[0]
    whole = float(np.sum((x - x.mean()) ** 2))
    return float(np.sum(rest**2)) / whole if whole > 0 else 1.0


def weekly(values: Floats) -> Floats:
    """Medians of days seven by seven; NaN where fewer than four are known. A last part of a week is left."""
    weeks = values[: len(values) // 7 * 7].reshape(-1, 7)
    enough = np.isfinite(weeks).sum(axis=1) >= 4
    found = np.full(len(weeks), np.nan)
    if enough.any():
        found[enough] = np.nanmedian(weeks[enough], axis=1)
    return found


def confidence_of(strength: float) -> float:
    """How sure a rise or step is, 0.5 to 0.97: 0.6 at 4 spreads, 0.8 at 8, towards certainty beyond."""
    return round(float(np.clip(1 - 1.6 / max(strength, 1e-9), 0.5, 0.97)), 2)


def known_runs(flags: Bools, known: Bools, least_days: int, gap: int) -> Iterator[tuple[int, int]]:
    """First and last position of stretches with at least ``least_days`` flags.

    At most ``gap`` known positions without a flag may lie between two flags; unknown ones do not count.
    """
    stretch: list[int] = []
    without = 0
    for at in np.flatnonzero(known | flags).tolist():
        if flags[at]:
            stretch.append(at)
            without = 0
            continue
        without += 1
        if without > gap:
            if len(stretch) >= least_days:
                yield stretch[0], stretch[-1]
            stretch = []
    if len(stretch) >= least_days:
        yield stretch[0], stretch[-1]
