"""A baseline in three pictures: its course, its answer to temperature, its days."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analytics.baselines.fitted import FittedBaseline
from analytics.baselines.series import Interval, UseSeries
from analytics.sufficiency.coarser import coarser
from quotawatt.app.plots import (
    BLUE,
    INK,
    ORANGE,
    Words,
    amounts,
    band,
    from_zero,
    save_picture,
    time_axis,
)
from quotawatt.calendars import is_working_day

_LONGEST_BY_DAY = 800
"""Days beyond which the course is drawn by the month."""


def plot_baseline(
    path: Path, series: UseSeries, baseline: FittedBaseline, predicted: pd.DataFrame, language: str
) -> None:
    """Draw a series beside what its baseline expects.

    predicted
        As ``baseline.predict`` gives it for the series.
    """
    draw = partial(_draw, series, baseline, predicted)
    save_picture(path, language, draw, (10.0, 6.4))


def _draw(
    series: UseSeries,
    baseline: FittedBaseline,
    predicted: pd.DataFrame,
    figure: Figure,
    words: Words,
) -> None:
    rows = figure.add_gridspec(2, 2)
    figure.suptitle(f"{series.subject} · {baseline.kind}", x=0.01, ha="left", fontweight="bold")
    days = _by_day(series, predicted)
    _course(figure.add_subplot(rows[0, :]), series, baseline, predicted, words)
    has_profile = series.interval is Interval.HOUR
    where = rows[1, 0] if has_profile else rows[1, :]
    _signature(figure.add_subplot(where), days, series.unit, words)
    if has_profile:
        _profile(figure.add_subplot(rows[1, 1]), series, predicted, words)


def _by_day(series: UseSeries, predicted: pd.DataFrame) -> pd.DataFrame:
    """Use, expected and temperature by day; by the month where the series is monthly."""
    actual = coarser(series, Interval.DAY).frame
    return actual.assign(expected=_summed(series, predicted["expected"], Interval.DAY))


def _summed(
    series: UseSeries, values: "pd.Series[float]", interval: Interval
) -> "pd.Series[float]":
    frame = series.frame.assign(use=values)
    found = coarser(_with(series, frame), interval)
    use: pd.Series[float] = found.frame["use"]
    return use


def _with(series: UseSeries, frame: pd.DataFrame) -> UseSeries:
    return UseSeries(
        series.subject,
        series.measure,
        series.unit,
        series.zone,
        series.country,
        series.interval,
        frame,
    )


def _course(
    axes: Axes,
    series: UseSeries,
    baseline: FittedBaseline,
    predicted: pd.DataFrame,
    words: Words,
) -> None:
    """Use and expected use over time, by the day or, where that is too much, by the month."""
    days = (series.frame.index[-1] - series.frame.index[0]).days
    by_month = series.interval is Interval.MONTH or days > _LONGEST_BY_DAY
    interval = Interval.MONTH if by_month else Interval.DAY
    actual = coarser(series, interval)
    if series.interval is interval:
        expected = predicted
    else:
        edges = list(_edges(actual))
        expected = baseline.sum_interval(predicted, pd.DatetimeIndex(edges))
    level = round(100 * baseline.level)
    band(axes, expected, words("plot_band", level=level))
    amounts(axes, expected["expected"], color=ORANGE, linewidth=1, label=words("plot_expected"))
    use = actual.frame["use"]
    amounts(axes, use, color=BLUE, linewidth=0.9, label=words("plot_actual"))
    axes.set_ylabel(series.unit)
    axes.set_title(words("plot_months" if by_month else "plot_days"), loc="left", fontsize=9)
    from_zero(axes, use.to_numpy(dtype=float), expected["expected"].to_numpy(dtype=float))
    axes.legend(ncols=3, loc="upper right", bbox_to_anchor=(1, 1.16))
    time_axis(axes, series.zone)


def _edges(series: UseSeries) -> Iterator[pd.Timestamp]:
    """Starts of the intervals, and the end of the last."""
    index = pd.DatetimeIndex(series.frame.index)
    yield from index
    local = index[-1].tz_convert(series.zone)
    step = pd.DateOffset(days=1) if series.interval is Interval.DAY else pd.DateOffset(months=1)
    yield (local + step).tz_convert("UTC")


def _signature(axes: Axes, days: pd.DataFrame, unit: str, words: Words) -> None:
    """Use against temperature, a point a day."""
    at = days["temperature_c"].to_numpy(dtype=float)
    use, expected = (days[name].to_numpy(dtype=float) for name in ("use", "expected"))
    how: dict[str, Any] = {"s": 7, "linewidths": 0, "alpha": 0.6}
    axes.scatter(at, use, color=BLUE, label=words("plot_actual"), **how)
    axes.scatter(at, expected, color=ORANGE, label=words("plot_expected"), **how)
    axes.set_xlabel(words("plot_temperature"))
    axes.set_ylabel(unit)
    from_zero(axes, use, expected)


def _profile(axes: Axes, series: UseSeries, predicted: pd.DataFrame, words: Words) -> None:
    """The mean day: working days and others, used and expected."""
    index = pd.DatetimeIndex(series.frame.index).tz_convert(series.zone)
    days, place = np.unique(index.date, return_inverse=True)
    working = np.array([is_working_day(day, series.country) for day in days])[place]
    both = pd.DataFrame({"use": series.frame["use"], "expected": predicted["expected"]}).dropna()
    hour = pd.Series(index.hour, index=series.frame.index)
    kind = pd.Series(working, index=series.frame.index)
    mean = both.groupby([kind.reindex(both.index), hour.reindex(both.index)]).mean()
    for is_working, style in ((True, "-"), (False, ":")):
        if is_working not in mean.index.get_level_values(0):
            continue
        mine = mean.loc[is_working]
        name = words("plot_profile_working" if is_working else "plot_profile_other")
        axes.plot(mine.index, mine["use"], style, color=BLUE)
        axes.plot(mine.index, mine["expected"], style, color=ORANGE)
        axes.plot([], [], style, color=INK, label=name)
    axes.set_xlabel(words("plot_hour"))
    axes.set_xticks(range(0, 25, 4))
    axes.set_ylim(bottom=min(0.0, axes.get_ylim()[0]))
    axes.legend(loc="best")
