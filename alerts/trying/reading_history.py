"""The inputs that a rule over readings would have had: each reading from its time on."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np

from alerts.engine.reading_samples import READING_STALE_AFTER, Watched, watched_of
from alerts.engine.samples import Sample, instant_of
from alerts.trying.inputs import Inputs, Limit, Past, Samples
from quotawatt.rulebook.alert_rules import Rule
from quotawatt.spans import DAY, INSTANT, Span
from quotawatt.storage.frames import Floats, Ints, floats, integers, micros

_STALE_US = READING_STALE_AFTER // INSTANT


@dataclass
class Thinned:
    """Of one series' readings those that can change anything; grows as time goes on.

    Clear readings say nothing more after the first of them. ``value`` is NaN where a reading has stood for
    too long: no data, until the next.
    """

    limit: Limit
    time_us: list[int] = field(default_factory=list)
    value: list[float] = field(default_factory=list)
    ever_beyond: bool = False
    _last_us: int | None = None
    _beyond: bool = False

    def take(self, time_us: Ints, value: Floats) -> None:
        """Take over later readings, in order of time; values are multiplied already."""
        if not len(time_us):
            return
        before_us = np.append(time_us[0] if self._last_us is None else self._last_us, time_us[:-1])
        gap = time_us - before_us > _STALE_US
        beyond = self.limit.beyond(value)
        kept = beyond | np.append(self._beyond, beyond[:-1]) | gap
        for row in np.flatnonzero(kept).tolist():
            if gap[row]:
                self._note(int(before_us[row]) + _STALE_US, float("nan"))
            self._note(int(time_us[row]), float(value[row]))
        self.ever_beyond |= bool(beyond.any())
        self._last_us, self._beyond = int(time_us[-1]), bool(beyond[-1])

    def end(self, until_us: int) -> None:
        """Note that nothing came until then."""
        if self._last_us is not None and until_us - self._last_us > _STALE_US:
            self._note(self._last_us + _STALE_US, float("nan"))

    def _note(self, time_us: int, value: float) -> None:
        self.time_us.append(time_us)
        self.value.append(value)


def reading_inputs(rule: Rule, limit: Limit, past: Past) -> Inputs:
    """Readings of the channels that are bound at the end of the span, read a day at a time.

    What is held is a day's readings and those beyond the limit. Raises StoreError where the store fails.
    """
    watched = [
        one
        for one in watched_of([rule], past.register, past.span.end)
        if past.looks_at(rule, one.asset)
    ]
    courses = [Thinned(limit) for _ in watched]
    for span in _days(past.span) if watched else ():
        table = past.series.read_values([one.series for one in watched], span)
        series, time_us, value = (
            integers(table["series"]),
            integers(table["time"]),
            floats(table["value"]),
        )
        edges = np.searchsorted(series, np.arange(len(watched) + 1)).tolist()
        for place, (one, course) in enumerate(zip(watched, courses, strict=True)):
            rows = slice(edges[place], edges[place + 1])
            course.take(time_us[rows], value[rows] * one.multiplier)
    found = {}
    for one, course in zip(watched, courses, strict=True):
        course.end(micros(past.span.end))
        if course.ever_beyond:
            found[one.subject] = _samples(one, course)
    return Inputs(len(watched), found)


def _samples(one: Watched, course: Thinned) -> Samples:
    seen: list[tuple[datetime, Sample]] = []
    for time_us, value in zip(course.time_us, course.value, strict=True):
        at = instant_of(time_us)
        shown = None if np.isnan(value) else value
        seen.append((at, Sample(one.subject, one.asset, shown, at)))
    return seen


def _days(span: Span) -> Iterator[Span]:
    start = span.start
    while start < span.end:
        end = min(start + DAY, span.end)
        yield Span(start, end)
        start = end
