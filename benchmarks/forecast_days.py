"""Day-ahead forecasts of real buildings, month by month as the system makes them, beside their peers."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from analytics.baselines.fitted import FittedBaseline
from analytics.baselines.fitting import fit_baseline
from analytics.baselines.series import UseSeries
from analytics.forecast.day_ahead import RECENT_DAYS
from analytics.forecast.days import HOURS, day_table
from analytics.forecast.replay import replay
from analytics.forecast.weather import persisted
from analytics.grid import Bools, Floats
from benchmarks.baselines_data import cambridge_cases, office_cases

LEVEL = 0.9
LEARNT_DAYS = 366

_PARTS = {"Fox": "US-AZ", "Panther": "US-FL", "Robin": "GB-ENG"}


@dataclass(frozen=True)
class Ahead:
    """Forecasts of one way for the days of a month; one row a day, one column an hour."""

    expected: Floats
    low: Floats
    high: Floats
    total: Floats
    total_low: Floats
    total_high: Floats


@dataclass(frozen=True)
class Judged:
    """A building's month: use, and what each way said the day before.

    ways
        ``weather`` (given as it was), ``persistence`` (not given), ``two_days`` (weather given, use known
        until two days before), ``habit`` (no baseline).
    """

    group: str
    building: str
    use: Floats
    ways: dict[str, Ahead]
    baseline: Floats
    last_week: Floats
    time_of_week: Floats

    @property
    def common(self) -> Bools:
        """The hours that everybody answers."""
        answers = (self.use, self.baseline, self.last_week, self.time_of_week)
        ours = [way.high for way in self.ways.values()]
        return np.asarray(np.isfinite([*answers, *ours]).all(axis=0))


def judged_months(folder: Path, quick: bool) -> Iterator[Judged]:
    """Offices in the second half of 2017, Cambridge's electricity and gas in 2019.

    quick
        Every second building, two months of each.
    """
    series = [("offices", s, range(7, 13), 2017) for s in _offices(folder)]
    series += [(group, s, range(1, 13), 2019) for group, s in _cambridge(folder)]
    for group, one, months, year in series[:: 2 if quick else 1]:
        for month in list(months)[1 :: len(months) // 2 if quick else 1]:
            found = _month(group, one, pd.Timestamp(year, month, 1, tz=one.zone))
            if found is not None:
                yield found


def _offices(folder: Path) -> list[UseSeries]:
    cases = {case.building: case.series for case in office_cases(folder)}
    return [replace(s, country=_PARTS[name.split("_")[0]]) for name, s in cases.items()]


def _cambridge(folder: Path) -> list[tuple[str, UseSeries]]:
    cases = cambridge_cases(folder, (2018,))
    return [(case.group, replace(case.series, country="GB-ENG")) for case in cases]


def _month(group: str, series: UseSeries, start: pd.Timestamp) -> Judged | None:
    """Fitted to what came before the month; None where that was too little."""
    end = start + pd.DateOffset(months=1)
    frame = series.frame
    seen = frame[(frame.index >= start - pd.Timedelta(days=LEARNT_DAYS)) & (frame.index < start)]
    fitted = fit_baseline(replace(series, frame=seen))
    if not isinstance(fitted, FittedBaseline):
        return None
    first = start - pd.Timedelta(days=RECENT_DAYS)
    around = replace(series, frame=frame[(frame.index >= first) & (frame.index < end)])
    expected = fitted.predict(around)["expected"]
    nothing = expected * 0.0
    blind = fitted.predict(
        around.frame.assign(temperature_c=persisted(around.frame["temperature_c"], 1))
    )
    days = (end - start).days
    ways = {
        "weather": _ahead(around, expected, expected, 1, days),
        "persistence": _ahead(around, expected, blind["expected"], 1, days),
        "two_days": _ahead(around, expected, expected, 2, days),
        "habit": _ahead(around, nothing.fillna(0.0), nothing.fillna(0.0), 1, days),
    }
    table = day_table(around, expected, expected)
    use = table.use
    weeks = np.stack([_days_ago(use, 7 * n) for n in (1, 2, 3, 4)])
    known = np.isfinite(weeks)
    mean = np.divide(
        np.where(known, weeks, 0.0).sum(axis=0),
        known.sum(axis=0),
        out=np.full(use.shape, np.nan),
        where=known.any(axis=0),
    )
    return Judged(
        group=group,
        building=series.subject,
        use=use[-days:],
        ways=ways,
        baseline=table.expected[-days:],
        last_week=weeks[0][-days:],
        time_of_week=mean[-days:],
    )


def _ahead(
    series: UseSeries, expected: pd.Series, foreseen: pd.Series, lead_days: int, days: int
) -> Ahead:
    table = day_table(series, expected, foreseen)
    found = replay(table, lead_days, LEVEL, len(table.use) - days)
    total = found.expected.sum(axis=1)
    hourly = (found.expected, found.low, found.high)
    daily = (total, total + found.total_below, total + found.total_above)
    return Ahead(*(values[-days:] for values in (*hourly, *daily)))


def _days_ago(use: Floats, days: int) -> Floats:
    ago = np.full(use.shape, np.nan)
    ago[days:] = use[:-days]
    assert use.shape[1] == HOURS
    return ago
