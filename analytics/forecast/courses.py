"""The weather of past years, laid on intervals to come."""

import numpy as np
import pandas as pd

from analytics.baselines.fitted import FittedBaseline
from analytics.baselines.series import Interval
from analytics.grid import Micros, hour_starts, micros_of
from analytics.totals.rollup import day_edges, hours_of_days, month_edges
from quotawatt.spans import DAY, Span

LEAST_SHARE = 0.9
"""Share of the intervals to come for which a past year must have temperatures."""

MOST_YEARS = 10
"""Past years whose weather is laid on the days to come; older ones belong to another climate."""

_LONGEST_GAP = 6
"""Intervals in a row that are interpolated."""

_LEAD = DAY
"""Weather before the first hour or day that a baseline asks for."""


def starts_within(baseline: FittedBaseline, span: Span) -> pd.DatetimeIndex:
    """Starts (UTC) of the baseline's intervals that begin within the span."""
    if baseline.interval is Interval.HOUR:
        return instants(hour_starts(hours_of_days(span)))
    edges = day_edges if baseline.interval is Interval.DAY else month_edges
    starts = edges(span, baseline.zone)
    return instants(starts[(starts >= micros_of(span.start)) & (starts < micros_of(span.end))])


def instants(edges: Micros) -> pd.DatetimeIndex:
    """Microseconds since 1970 as instants, UTC."""
    return pd.DatetimeIndex(edges.view("datetime64[us]"), tz="UTC", name="start")


def past_courses(
    baseline: FittedBaseline, weather: pd.DataFrame, span: Span
) -> dict[int, pd.DataFrame]:
    """By past year what the baseline expects of the span's intervals under that year's weather.

    weather
        Index: UTC starts of the baseline's intervals, column ``temperature_c``; only what lies before the
        span is looked at. Each interval has the temperature of its clock time in that year.

    Frames as ``FittedBaseline.predict`` gives them. A baseline without weather has one, of the span's
    own first year; years of which less than ``LEAST_SHARE`` is known have none.
    """
    starts = starts_within(baseline, span)
    by_month = baseline.interval is Interval.MONTH
    led = starts if by_month else starts_within(baseline, Span(span.start - _LEAD, span.end))
    if not baseline.needs_weather:
        nothing = pd.DataFrame({"temperature_c": np.nan}, index=led)
        return {starts[0].tz_convert(baseline.zone).year: baseline.predict(nothing).loc[starts]}
    known = weather["temperature_c"][weather.index < span.start].dropna()
    local = known.set_axis(
        pd.DatetimeIndex(known.index).tz_convert(baseline.zone).tz_localize(None)
    )
    local = local[~local.index.duplicated()]
    clock = led.tz_convert(baseline.zone).tz_localize(None)
    courses = {}
    for back in range(1, MOST_YEARS + 1):
        laid = local.reindex(clock - pd.DateOffset(years=back)).set_axis(led)
        laid = laid.interpolate(limit=_LONGEST_GAP, limit_area="inside")
        if laid.notna().mean() >= LEAST_SHARE:
            predicted = baseline.predict(laid.to_frame("temperature_c"))
            courses[clock[-1].year - back] = predicted.loc[starts]
    return courses
