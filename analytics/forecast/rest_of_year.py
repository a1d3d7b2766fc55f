"""What a baseline expects of the rest of a year, by the weather of past years: hours, days or months.

Each past year's weather, laid on the days to come, gives one course of the rest; their mean is what is
expected, their spread is what the weather adds to the baseline's own uncertainty. With monthly data the
baseline is one of degree days, and the courses are of months.
"""

from dataclasses import dataclass
from datetime import date
from statistics import NormalDist

import numpy as np
import pandas as pd

from analytics.baselines.calendar_features import calendar_of
from analytics.baselines.fitted import FittedBaseline
from analytics.baselines.series import Interval
from analytics.forecast.courses import LEAST_SHARE, instants, past_courses
from analytics.grid import micros_of
from analytics.totals.rollup import month_edges
from quotawatt.errors import InputError
from quotawatt.findings import Finding
from quotawatt.spans import Span, local_midnight

_LONGEST_DAYS = 366


@dataclass(frozen=True)
class RestOfYear:
    """Expected use of the local days ``[first, until)``, in the baseline's unit.

    weather_years
        Whose weather stood in.
    answered_pct
        Share of the intervals that the baseline answered; others hold the mean of those like them.
    months
        Index: where local months begin (UTC), the first one at ``first``. Columns ``expected``, ``low``,
        ``high``.
    total, low, high
        Of all of it.
    """

    first: date
    until: date
    level: float
    weather_years: tuple[int, ...]
    answered_pct: float
    months: pd.DataFrame
    total: float
    low: float
    high: float


def rest_of_year(
    baseline: FittedBaseline, weather: pd.DataFrame, first: date, until: date
) -> RestOfYear | Finding:
    """What is to be expected of the local days ``[first, until)``.

    weather
        Index: UTC starts of the baseline's intervals, column ``temperature_c`` in °C, as it was before
        ``first``; a baseline without weather looks at none.

    Answers the finding ``rest_of_year_unknown`` where no past year has the temperatures of nine tenths of
    the days, or the baseline an answer. Raises InputError for no days or more than a year, and where a
    baseline of months shall begin within one.
    """
    if not 0 < (until - first).days <= _LONGEST_DAYS:
        raise InputError(f"the rest of a year must be 1 to 366 days, got {first} to {until}")
    if baseline.interval is Interval.MONTH and (first.day, until.day) != (1, 1):
        raise InputError(f"months to come must be whole ones, got {first} to {until}")
    span = Span(*(local_midnight(day, baseline.zone) for day in (first, until)))
    courses = past_courses(baseline, weather, span)
    answered = min((c["expected"].notna().mean() for c in courses.values()), default=0.0)
    if answered < LEAST_SHARE:
        return Finding(
            "rest_of_year_unknown",
            baseline.subject,
            {
                "first": first.isoformat(),
                "weather_years": len(courses),
                "answered_pct": round(100 * float(answered), 1),
            },
        )
    filled = [_filled(course, baseline) for course in courses.values()]
    start, end = micros_of(span.start), micros_of(span.end)
    inner = month_edges(span, baseline.zone)
    inner = inner[(inner > start) & (inner < end)]
    ends = instants(np.array([start, *inner, end], dtype=np.int64))
    whole = _together(baseline, filled, ends[[0, -1]]).iloc[0]
    return RestOfYear(
        first=first,
        until=until,
        level=baseline.level,
        weather_years=tuple(sorted(courses)),
        answered_pct=100 * float(answered),
        months=_together(baseline, filled, ends),
        total=float(whole["expected"]),
        low=float(whole["low"]),
        high=float(whole["high"]),
    )


def _together(
    baseline: FittedBaseline, courses: list[pd.DataFrame], edges: pd.DatetimeIndex
) -> pd.DataFrame:
    """Sums between the edges over all courses: their mean, its band widened by the courses' spread."""
    sums = [baseline.sum_interval(course, edges) for course in courses]
    columns = ("expected", "low", "high")
    expected, low, high = (np.mean([s[name] for s in sums], axis=0) for name in columns)
    spread = np.zeros(len(expected))
    if len(sums) > 1:
        spread = np.std([s["expected"] for s in sums], axis=0, ddof=1)
    reach = NormalDist().inv_cdf((1 + baseline.level) / 2) * spread
    never_below = 0.0 if bool((np.asarray([s["low"] for s in sums]) >= 0).all()) else -np.inf
    return pd.DataFrame(
        {
            "expected": expected,
            "low": np.maximum(expected - np.hypot(expected - low, reach), never_below),
            "high": expected + np.hypot(high - expected, reach),
        },
        index=edges[:-1].rename("start"),
    )


def _filled(course: pd.DataFrame, baseline: FittedBaseline) -> pd.DataFrame:
    """A course whose gaps hold the mean of intervals at their hour and on their kind of day."""
    index = pd.DatetimeIndex(course.index)
    calendar = calendar_of(index, baseline.zone, baseline.country)
    alike = [calendar.hour, calendar.off]
    means = course.groupby(alike).transform("mean").fillna(course.mean())
    return course.fillna(means)
