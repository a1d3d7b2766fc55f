"""Hourly and daily means of gauges, written before the readings that they are made of go."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import TypeVar
from zoneinfo import ZoneInfo

from analytics.consumption.downsampling import DOWNSAMPLED, hourly_means
from analytics.grid import Key, empty_grid, hour_starts, instant_of
from analytics.jobs.loading import store
from analytics.totals.rollup import day_edges, hours_of_days, month_edges, to_days, whole_days
from quotawatt.readings import Grain
from quotawatt.register.model import Register
from quotawatt.spans import Span, local_date, local_midnight
from quotawatt.storage.port import SeriesStore

_Item = TypeVar("_Item")

_TOGETHER = 500
"""So many series, or points, at a time: a day of minutes of so many fits into memory."""


def downsample(series: SeriesStore, register: Register, hours: Span, default: ZoneInfo) -> int:
    """Write the means of all bound gauges in ``hours`` (ends on full hours), and of its whole local days.

    default
        Zone of the days of what has none of its own.

    Returns how many results were written. Safe to repeat: the same readings give the same results. Of a
    local day that ends after ``hours`` the mean comes with the next ones.
    """
    gauges = [key for key in series.known_series() if key.quantity in DOWNSAMPLED]
    points: set[Key] = set()
    written = 0
    for day in _parts(hours, day_edges(hours, default).tolist()):
        for some in _groups(gauges):
            means = hourly_means(some, series.read_values(some, day), register, day)
            points.update(means.keys)
            written += store(series, Grain.HOUR, [means.results()])
    by_zone: dict[ZoneInfo, list[Key]] = {}
    for point in sorted(points):
        zone = register.zone_of_asset(point.subject) or default
        by_zone.setdefault(zone, []).append(point)
    for zone, mine in by_zone.items():
        for these in _groups(mine):
            written += _write_days(series, these, hours, zone)
    return written


def _write_days(series: SeriesStore, points: Sequence[Key], hours: Span, zone: ZoneInfo) -> int:
    """Means of the local days that end within ``hours``, from the hourly ones, month by month."""
    end = local_midnight(local_date(hours.end, zone), zone)
    days = Span(min(whole_days(hours, zone).start, end), end)
    subjects = sorted({point.subject for point in points})
    measures = sorted({point.measure for point in points})
    written = 0
    for month in _parts(days, month_edges(days, zone).tolist() if days.hours else ()):
        within = hours_of_days(month)
        held = series.read_results(Grain.HOUR, subjects, measures, within)
        means = to_days(empty_grid(points, hour_starts(within)).place(held), zone)
        written += store(series, Grain.DAY, [means.results()])
    return written


def _parts(span: Span, edges_us: Iterable[int]) -> Iterator[Span]:
    """The span cut at the edges."""
    inner = [e for e in map(instant_of, edges_us) if span.start < e < span.end]
    for start, end in pairwise([span.start, *inner, span.end]):
        if start < end:
            yield Span(start, end)


def _groups(items: Sequence[_Item]) -> Iterator[Sequence[_Item]]:
    for first in range(0, len(items), _TOGETHER):
        yield items[first : first + _TOGETHER]
