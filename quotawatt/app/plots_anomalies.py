"""Anomalies in pictures: the whole course with its events, and the surest of them by the hour."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import date2num
from matplotlib.figure import Figure

from quotawatt.app.console import local_time
from quotawatt.app.plots import (
    BLUE,
    ORANGE,
    RED,
    Words,
    amounts,
    band,
    from_zero,
    save_picture,
    time_axis,
)

Row = Mapping[str, Any]

_CLOSE = 3
"""How many events are drawn from close by."""

_AROUND = 0.5
"""Of its length, how much is drawn before and after an event, at least a day and at most two weeks."""


def plot_anomalies(
    path: Path, title: str, unit: str, zone: ZoneInfo, course: pd.DataFrame,
    events: Sequence[Row], language: str,
) -> None:  # fmt: skip
    """Draw what was used and expected, with the events.

    course
        Index UTC starts; columns ``actual``, ``expected``, ``low``, ``high``.
    events
        Rows with ``start``, ``end``, ``confidence``, ``sentence``.
    """
    draw = partial(_draw, title, unit, zone, course, events)
    close = min(_CLOSE, len(events))
    save_picture(path, language, draw, (10.0, 3.2 + (2.6 if close else 0.0)))


def _draw(
    title: str,
    unit: str,
    zone: ZoneInfo,
    course: pd.DataFrame,
    events: Sequence[Row],
    figure: Figure,
    words: Words,
) -> None:
    figure.suptitle(title, x=0.01, ha="left", fontweight="bold")
    surest = sorted(events, key=lambda e: -float(e["confidence"]))[:_CLOSE]
    rows = figure.add_gridspec(2 if surest else 1, max(1, len(surest)))
    whole = figure.add_subplot(rows[0, :])
    _lines(whole, _by_day(course, zone), words)
    _shade(whole, events)
    whole.plot([], [], color=RED, alpha=0.3, linewidth=6, label=words("plot_event"))
    whole.set_ylabel(unit)
    whole.set_title(words("plot_hours"), loc="left", fontsize=9)
    whole.legend(ncols=4, loc="upper right", bbox_to_anchor=(1, 1.2))
    time_axis(whole, zone)
    for place, event in enumerate(surest):
        axes = figure.add_subplot(rows[1, place])
        _close(axes, course, event, words)
        since, until = (local_time(event[edge], zone) for edge in ("start", "end"))
        axes.set_title(f"{since} – {until}", loc="left", fontsize=9)
        time_axis(axes, zone)


def _lines(axes: Axes, course: pd.DataFrame, words: Words) -> None:
    band(axes, course, words("plot_band", level=90))
    amounts(axes, course["expected"], color=ORANGE, linewidth=0.9, label=words("plot_expected"))
    amounts(axes, course["actual"], color=BLUE, linewidth=0.9, label=words("plot_actual"))
    from_zero(axes, course["actual"].to_numpy(dtype=float))


def _by_day(course: pd.DataFrame, zone: ZoneInfo) -> pd.DataFrame:
    """Means of local days where there are many hours: the course at a glance."""
    if len(course) <= 24 * 62:
        return course
    days = pd.DatetimeIndex(course.index).tz_convert(zone).normalize()
    return course.groupby(days).mean().tz_convert("UTC")


def _shade(axes: Axes, events: Sequence[Row]) -> None:
    for event in events:
        start, end = (date2num(edge) for edge in _span(event))
        axes.axvspan(start, end, color=RED, alpha=0.18, linewidth=0)


def _close(axes: Axes, course: pd.DataFrame, event: Row, words: Words) -> None:
    start, end = _span(event)
    around = min(max(_AROUND * (end - start), timedelta(days=1)), timedelta(days=14))
    near = course[(course.index >= start - around) & (course.index <= end + around)]
    _lines(axes, near, words)
    _shade(axes, [event])


def _span(event: Row) -> tuple[datetime, datetime]:
    return datetime.fromisoformat(event["start"]), datetime.fromisoformat(event["end"])
