"""Whether the temperature beside a series bears a model, and whether a model is asked beyond it."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from analytics.baselines.series import Interval, UseSeries
from analytics.grid import Floats
from analytics.sufficiency.known import column, known_days, runs
from analytics.sufficiency.purposes import Limits
from quotawatt.findings import Evidence, Finding
from quotawatt.quantities import QUANTITIES

LONGEST_FILLED_GAP_H = 6
"""Hours without temperature in a row that may be interpolated (CalTRACK 2.0, 2.2.4.1)."""

LEAST_OF_MONTH = 0.9
"""Share of a month that its mean temperature must cover (CalTRACK 2.0, 2.2.3.2)."""

REACH = 0.1
"""By how much of the range that a model has seen it may be asked beyond it: after ASHRAE 14-2014, 4.3.2.1,
which allows 110 % of the largest and 90 % of the smallest value; of degrees Celsius no share can be taken."""

_OUTDOOR = QUANTITIES["outdoor_temperature_c"]


def fill_short_gaps(hourly_c: Floats) -> Floats:
    """Hourly temperature with gaps of up to six hours interpolated; longer ones stay NaN."""
    known = np.isfinite(hourly_c)
    if not known.any():
        return np.full(len(hourly_c), np.nan)
    hour = np.arange(len(hourly_c))
    filled = np.interp(hour, hour[known], hourly_c[known], left=np.nan, right=np.nan)
    return np.where(known | (runs(~known) <= LONGEST_FILLED_GAP_H), filled, np.nan)


def temperature_missing(series: UseSeries, limits: Limits) -> Iterator[Finding]:
    """``series_temperature_missing``: none, or of too few days (of too few months).

    A series that is a temperature itself needs none beside it.
    """
    if series.measure.endswith("temperature_c"):
        return
    known = np.isfinite(_temperature(series))
    if series.interval is not Interval.MONTH and len(known):
        known = known_days(series, known).to_numpy(dtype=bool)
    share = 100 * float((~known).mean()) if len(known) else 100.0
    if share > min(limits.most_missing_pct, 10.0):
        detail: Evidence = {
            "missing_pct": round(share, 1),
            "limit_pct": min(limits.most_missing_pct, 10.0),
        }
        yield Finding("series_temperature_missing", series.subject, detail)


def temperature_gaps(series: UseSeries, _limits: Limits) -> Iterator[Finding]:
    """``series_temperature_gaps``: gaps between hourly temperatures that are too long to be interpolated."""
    known = np.isfinite(_temperature(series))
    if series.interval is not Interval.HOUR or not known.any():
        return
    inside = np.flatnonzero(known)
    lengths = runs(~known[inside[0] : inside[-1] + 1])
    long = lengths[lengths > LONGEST_FILLED_GAP_H]
    if len(long):
        detail: Evidence = {
            "hours": len(long),
            "longest_h": int(long.max()),
            "limit_h": LONGEST_FILLED_GAP_H,
        }
        yield Finding("series_temperature_gaps", series.subject, detail)


def implausible_temperature(series: UseSeries, _limits: Limits) -> Iterator[Finding]:
    """``series_temperature_implausible``: no weather of this earth, as where °F are taken for °C."""
    temperature = _temperature(series)
    outside = (temperature < _OUTDOOR.low) | (temperature > _OUTDOOR.high)
    if outside.any():
        detail: Evidence = {
            "count": int(outside.sum()),
            "lowest_c": round(float(np.nanmin(temperature)), 1),
            "highest_c": round(float(np.nanmax(temperature)), 1),
        }
        yield Finding("series_temperature_implausible", series.subject, detail)


def temperature_reach(baseline: UseSeries, reporting: UseSeries) -> Iterator[Finding]:
    """``series_temperature_reach``: the reporting period is colder or warmer than the baseline has seen.

    Held against each other are daily means (monthly ones of months), over days on which use is known.
    """
    seen, asked = _means(baseline), _means(reporting)
    if not len(seen) or not len(asked):
        return
    low, high = float(seen.min()), float(seen.max())
    margin = REACH * (high - low)
    beyond = (asked < low - margin) | (asked > high + margin)
    if beyond.any():
        detail: Evidence = {
            "share_pct": round(100 * float(beyond.mean()), 1),
            "seen_low_c": round(low, 1),
            "seen_high_c": round(high, 1),
            "asked_low_c": round(float(asked.min()), 1),
            "asked_high_c": round(float(asked.max()), 1),
        }
        yield Finding("series_temperature_reach", reporting.subject, detail)


def _temperature(series: UseSeries) -> Floats:
    return column(series, "temperature_c")


def _means(series: UseSeries) -> Floats:
    """Mean temperature of the days (months of a monthly series) on which both are known."""
    both = np.isfinite(column(series, "use")) & np.isfinite(_temperature(series))
    temperature = series.frame["temperature_c"][both]
    if series.interval is Interval.HOUR:
        days = pd.DatetimeIndex(temperature.index).tz_convert(series.zone).normalize()
        temperature = temperature.groupby(days).mean()
    return np.asarray(temperature, dtype=float)
