"""The detectors that ours is compared with, each at the setting that is its best on the very same data."""

from collections.abc import Callable, Sequence
from itertools import product

import numpy as np
import pandas as pd
from sklearn.ensemble import IsolationForest

from analytics.anomalies.course import Course, course_of
from analytics.baselines.series import UseSeries
from analytics.grid import Floats
from benchmarks.anomalies_matching import Event, Score, Truth, score

GAPS_H = (1, 6, 24, 72)
"""Flagged hours that lie at most so far apart are one event."""

LEAST_H = (1, 3, 12)
"""Events of fewer flagged hours are none."""

SHARES = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1)
"""Shares of a series' hours that the forest flags."""

LIMITS = (3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 15.0)
"""Standard deviations from which the rolling score flags."""

WINDOWS_H = (24, 168, 672)
_TREES = 100


class Judged:
    """A series with its truths, and the scores of its hours by each peer and setting."""

    def __init__(self, series: UseSeries, expected: pd.DataFrame, truths: Sequence[Truth]) -> None:
        self.truths = truths
        self._course = course_of(series, expected)
        self._features = features(self._course)

    def forest(self, seed: int) -> Floats:
        """The isolation forest's score, higher where stranger."""
        trees = IsolationForest(n_estimators=_TREES, random_state=seed).fit(self._features)
        scores: Floats = -trees.score_samples(self._features)
        return scores

    def rolling(self, window_h: int) -> Floats:
        """Standard deviations from the mean of the window before, of what differs from expectation."""
        residual = pd.Series(self._course.use - self._course.expected).fillna(0.0)
        before = residual.shift(1).rolling(window_h, min_periods=window_h // 4)
        z = (residual - before.mean()) / before.std().replace(0.0, np.nan)
        scores: Floats = np.abs(np.nan_to_num(z.to_numpy(float)))
        return scores

    def events(self, flagged: Floats, gap_h: int, least_h: int) -> list[Event]:
        """Flagged hours as events."""
        hours = np.flatnonzero(flagged)
        groups = np.split(hours, np.flatnonzero(np.diff(hours) > gap_h) + 1)
        course = self._course
        return [
            (pd.Timestamp(course.start_of(int(g[0]))), pd.Timestamp(course.end_of(int(g[-1]))))
            for g in groups
            if len(g) >= least_h
        ]


def features(course: Course) -> Floats:
    """What ours looks at, hour by hour: differences in standard deviations, now, over a day and a week."""
    z = pd.Series(np.nan_to_num((course.use - course.expected) / course.scale))
    night = pd.Series(np.where((course.hour >= 22) | (course.hour < 6), z, 0.0))
    unchanged = pd.Series(course.use).diff().eq(0).rolling(6, min_periods=1).sum()
    columns = (
        z,
        z.rolling(24, min_periods=1, center=True).mean(),
        z.rolling(168, min_periods=1, center=True).mean(),
        night.rolling(168, min_periods=1, center=True).mean(),
        unchanged,
        np.nan_to_num(course.use),
        np.nan_to_num(course.expected),
        course.hour,
        course.off,
    )
    return np.column_stack([np.asarray(c, dtype=float) for c in columns])


def best_forest(judged: Sequence[Judged], seed: int) -> Score:
    """The forest at the share, the gap and the least length that are its best."""
    scores = [one.forest(seed) for one in judged]

    def flags(values: Floats, share: float) -> Floats:
        return np.asarray(values > np.quantile(values, 1 - share))

    return _best(judged, [(scores, s) for s in SHARES], flags)


def best_rolling(judged: Sequence[Judged]) -> Score:
    """The rolling score at the window, the limit, the gap and the least length that are its best."""

    def flags(values: Floats, limit: float) -> Floats:
        return np.asarray(values > limit)

    by_window = [[one.rolling(window) for one in judged] for window in WINDOWS_H]
    return _best(judged, list(product(by_window, LIMITS)), flags)


def _best(
    judged: Sequence[Judged],
    settings: Sequence[tuple[Sequence[Floats], float]],
    flags: Callable[[Floats, float], Floats],
) -> Score:
    best = Score(0, 0, 1)
    for (scores, setting), gap_h, least_h in product(settings, GAPS_H, LEAST_H):
        total = Score(0, 0, 0)
        for one, values in zip(judged, scores, strict=True):
            events = one.events(flags(values, setting), gap_h, least_h)
            total = total.plus(score(one.truths, events))
        best = max(best, total, key=lambda s: s.f1)
    return best
