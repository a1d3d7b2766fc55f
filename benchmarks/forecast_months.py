"""Months of gas by degree days: two years learned from, the next one told, given its weather."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from analytics.baselines.fitted import FittedBaseline
from analytics.baselines.fitting import fit_baseline
from analytics.baselines.series import Interval, UseSeries
from analytics.grid import Floats
from benchmarks.baselines_data import cambridge_cases

LEARNT_MONTHS, TOLD_MONTHS = 24, 12
_WHOLE_MONTH = 0.98


@dataclass(frozen=True)
class ToldYear:
    """A meter's twelve months and what was said of them; ``peer`` is the mean of the two years before."""

    building: str
    year: int
    use: Floats
    expected: Floats
    low: Floats
    high: Floats
    peer: Floats


def told_years(folder: Path) -> Iterator[ToldYear]:
    """Cambridge's gas meters in each year that two years of months precede."""
    for case in cambridge_cases(folder, (2018,)):
        if case.group == "Cambridge gas":
            months = _months(case.series)
            for year in range(2020, 2023):
                told = _told(months, case.building.split()[0], year)
                if told is not None:
                    yield told


def _months(series: UseSeries) -> UseSeries:
    """Months all of whose days are known; others are NaN."""
    local = series.frame.tz_convert(series.zone).groupby(pd.Grouper(freq="MS"))
    known = local["use"].count() / local["use"].size()
    frame = pd.DataFrame(
        {
            "use": (local["use"].mean() * local["use"].size()).where(known >= _WHOLE_MONTH),
            "temperature_c": local["temperature_c"].mean(),
        }
    )
    return replace(series, interval=Interval.MONTH, frame=frame.tz_convert("UTC"))


def _told(months: UseSeries, building: str, year: int) -> ToldYear | None:
    starts = pd.DatetimeIndex(months.frame.index).tz_convert(months.zone)
    place = int(np.searchsorted(starts.year, year))
    if place < LEARNT_MONTHS or len(starts) < place + TOLD_MONTHS:
        return None
    before = months.frame.iloc[place - LEARNT_MONTHS : place]
    fitted = fit_baseline(replace(months, frame=before))
    if not isinstance(fitted, FittedBaseline):
        return None
    year_frame = months.frame.iloc[place : place + TOLD_MONTHS]
    found = fitted.predict(year_frame)
    two_years = before["use"].to_numpy(float).reshape(2, TOLD_MONTHS)
    return ToldYear(
        building=building,
        year=year,
        use=year_frame["use"].to_numpy(float),
        expected=found["expected"].to_numpy(float),
        low=found["low"].to_numpy(float),
        high=found["high"].to_numpy(float),
        peer=two_years.mean(axis=0),
    )
