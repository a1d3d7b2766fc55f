"""This year's level against last year's, week by week: where it will go, and how surely.

The logarithm of a week's use over the profile's is a Gaussian process: what sets the whole year apart
(people, area, equipment), what comes and goes over months (weather, occupancy, faults), and what is one
week's own. Its shape is the same for every account; its size is learned from the account's own weeks,
beginning with what is usual, as though four weeks of that had been seen.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analytics.yearly.projection.courses import Matrix

WEEK = 7

USUAL_WEEKS = 4
"""Weeks that the usual size counts for."""

UNSEEN_SD = 0.3
"""Of the use of days whose season nobody has seen."""

BREAK_RATIO = 1.5
"""A recent level further from last year's is a break: what is beyond is taken as it is, not drawn back."""

BREAK_SD_SHARE = 0.1
"""So much of what is beyond (as a logarithm) is doubtful."""

BREAK_WEEKS = 6
"""Weeks of mean use that the recent level is the median of."""

LARGEST_RATIO = 3.0
"""What a single week can tell at most, above the break or below."""

PSEUDO_SHARE = 0.1
"""Of a mean week, added to both sides of a ratio: weeks of little use say little."""

_ON_SHARE = (
    0.01  # of the profile: below that it was off, which does not tell how much it is when on
)
_SEASON_SHARE = (
    0.05  # of a mean week: what is out of season tells nothing about the level in season
)
_MOST = 0.5  # of a week's days, for it to tell anything
_TINY = 1e-300
_NEVER = 1e8  # variance of a week that is not known


class Shape(NamedTuple):
    """The process' parameters, the same for every account.

    year_sd, wander_sd, week_sd
        Of the whole year, of what comes and goes, and of one week; relative to each other.
    wander_days
        After so many days what comes and goes has gone down to 37 %.
    usual_sd
        What 1 of these stands for until an account has shown its own.
    widening
        Intervals are wider by this than the process' own: its shape is itself an estimate.
    """

    year_sd: float = 1.0
    wander_sd: float = 2.0
    week_sd: float = 1.0
    wander_days: float = 60.0
    usual_sd: float = 0.06
    widening: float = 1.15


SHAPE = Shape()


class Weeks(NamedTuple):
    """Weeks that are over, the latest first, over known days; one row a series.

    use, expected
        Use and the profile's use.
    known
        Share of the week's days that is known, 0..1.
    unseen
        Share of them whose season nobody has seen.
    """

    use: Matrix
    expected: Matrix
    known: Matrix
    unseen: Matrix


class Outlook(NamedTuple):
    """Ratio to the profile in each coming week, and the standard deviation of the rest's logarithm."""

    ratio: Matrix
    log_sd: Matrix


def outlook(past: Weeks, coming: Matrix, coming_unseen: Matrix, shape: Shape = SHAPE) -> Outlook:
    """Where the level goes.

    coming
        The profile's use in each coming week, the last one perhaps shorter.
    coming_unseen
        Of it, that of days whose season nobody has seen.
    """
    told, shift = _told(past, coming)
    learned = _learn(told, past.known > _MOST, past.unseen, shape)
    ahead = _middles(coming.shape[1])
    ratio = np.exp(learned.weights @ _together(learned.days, ahead, shape) + shift[:, None])
    total = np.maximum((coming * ratio).sum(axis=1), _TINY)
    variance = _variance(learned, ahead, coming * ratio / total[:, None], shape)
    variance += (UNSEEN_SD * (coming_unseen * ratio).sum(axis=1) / total) ** 2
    variance += (BREAK_SD_SHARE * shift) ** 2
    return Outlook(ratio, shape.widening * np.sqrt(variance))


def _told(past: Weeks, coming: Matrix) -> tuple[Matrix, Matrix]:
    """What each week that is over tells (a logarithm, 0 where it is not known), beyond the break; that."""
    mean = past.expected.sum(axis=1) + coming.sum(axis=1)
    mean = np.maximum(mean / np.maximum(past.known.sum(axis=1) + coming.shape[1], 1), _TINY)
    use, expected = past.use / mean[:, None], past.expected / mean[:, None]
    seen = past.known > _MOST
    shift = _break(use, expected, seen)
    level = np.exp(shift)[:, None]
    pseudo = PSEUDO_SHARE * past.known
    with np.errstate(divide="ignore", invalid="ignore"):
        told = np.log((use + pseudo * level) / ((expected + pseudo) * level))
    bound = np.log(LARGEST_RATIO)
    return np.where(seen, np.clip(np.nan_to_num(told), -bound, bound), 0.0), shift


class _Learned(NamedTuple):
    """What the weeks that are over say.

    days
        Their middles, counted from today: below 0.
    inverse
        Of their covariance, by series.
    weights
        The inverse times what they told.
    size
        Variance that 1 stands for, by series.
    """

    days: Matrix
    inverse: Matrix
    weights: Matrix
    size: Matrix


def _learn(told: Matrix, seen: NDArray[np.bool_], unseen: Matrix, shape: Shape) -> _Learned:
    days = -_middles(told.shape[1])
    noise = np.where(seen, shape.week_sd**2 + (unseen * UNSEEN_SD / shape.usual_sd) ** 2, _NEVER)
    # Most series know the same weeks: each set of them is inverted once.
    patterns, mine = np.unique(noise, axis=0, return_inverse=True)
    covariance = _together(days, days, shape) + np.eye(len(days)) * patterns[:, :, None]
    inverse: Matrix = np.linalg.inv(covariance)[mine]
    weights: Matrix = np.einsum("nij,nj->ni", inverse, told)
    shown = USUAL_WEEKS * shape.usual_sd**2 + (told * weights).sum(axis=1)
    return _Learned(days, inverse, weights, shown / (USUAL_WEEKS + seen.sum(axis=1)))


def _variance(learned: _Learned, ahead: Matrix, share: Matrix, shape: Shape) -> Matrix:
    """Of the rest's logarithm, where ``share`` of it falls on each coming week."""
    variance = ((share @ _together(ahead, ahead, shape)) * share).sum(axis=1)
    variance += shape.week_sd**2 * (share**2).sum(axis=1)
    reach = share @ _together(ahead, learned.days, shape)
    variance -= np.einsum("ni,nij,nj->n", reach, learned.inverse, reach, optimize=True)
    whole: Matrix = np.maximum(variance, 0.0) * learned.size
    return whole


def _middles(weeks: int) -> Matrix:
    """Days from today to the middle of each of so many weeks."""
    middles: Matrix = np.arange(WEEK / 2, WEEK * weeks, WEEK, dtype=np.float64)
    return middles


def _together(days: Matrix, others: Matrix, shape: Shape) -> Matrix:
    """Covariance of the level on these days and on those."""
    apart = np.abs(days[:, None] - others[None, :])
    together: Matrix = shape.year_sd**2 + shape.wander_sd**2 * np.exp(-apart / shape.wander_days)
    return together


def _break(use: Matrix, expected: Matrix, seen: NDArray[np.bool_]) -> Matrix:
    """How far the recent level (a logarithm) is beyond what a year and the next one differ by.

    It is the median over the latest weeks in use, weighted by the profile, that make up six mean weeks.
    """
    if not use.shape[1]:
        return np.zeros(len(use))
    on = seen & (use > _ON_SHARE * expected) & (expected > _SEASON_SHARE)
    weight = np.where(on, expected, 0.0)
    weight = np.where(np.cumsum(weight, axis=1) - weight < BREAK_WEEKS, weight, 0.0)
    ratio = np.log(np.divide(use, expected, out=np.ones_like(use), where=on))
    order = np.argsort(ratio, axis=1)
    reached = np.cumsum(np.take_along_axis(weight, order, axis=1), axis=1)
    middle = (reached >= reached[:, -1:] / 2).argmax(axis=1)
    at = np.take_along_axis(order, middle[:, None], axis=1)
    recent = np.where(reached[:, -1] > 0, np.take_along_axis(ratio, at, axis=1)[:, 0], 0.0)
    beyond: Matrix = np.sign(recent) * np.maximum(np.abs(recent) - np.log(BREAK_RATIO), 0.0)
    return beyond
