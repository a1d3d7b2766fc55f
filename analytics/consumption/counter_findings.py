"""What counters say that cannot be right, as findings about their points."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

import numpy as np

from analytics.consumption.increments import Faults
from analytics.consumption.passing import Passed, Segments
from analytics.consumption.points import Stretch
from analytics.consumption.policy import ABOVE_REGISTER, LONGEST_MEASURED_GAP_US
from analytics.grid import Key, instant_of
from quotawatt.findings import Finding
from quotawatt.spans import DAY, Span

_SOON = timedelta(microseconds=LONGEST_MEASURED_GAP_US)


def counter_findings(passed: Passed, hours: Span) -> list[Finding]:
    """What the rules found at readings within ``hours``, and swaps without their readings.

    ``counter_glitch``, ``counter_reset``, ``counter_above_rating``, ``rollover_size_differs``: one for each
    reading. ``counter_above_register``: one for each device. ``swap_without_reading``: one for each
    replacement over which what passed is not known.
    """
    found: list[Finding] = []
    for fault in passed.faults:
        of_one = _above_register if fault.code == ABOVE_REGISTER else _at_readings
        found += of_one(fault, passed.segments, hours)
    return [*found, *_swaps(passed.segments, hours)]


def _at_readings(faults: Faults, segments: Segments, hours: Span) -> Iterator[Finding]:
    """One finding a faulty reading; values are after the multiplier."""
    for row, before in zip(faults.rows.tolist(), faults.before.tolist(), strict=True):
        at = instant_of(segments.time_us[row])
        if not hours.contains(at):
            continue
        stretch = segments.stretch_of(row)
        name = stretch.point.measure
        yield Finding(
            faults.code,
            stretch.point.subject,
            {
                **_source(stretch),
                "at": at.isoformat(),
                "before_at": instant_of(segments.time_us[before]).isoformat(),
                name: float(segments.value[row]),
                f"{name}_before": float(segments.value[before]),
            },
        )


def _above_register(faults: Faults, segments: Segments, hours: Span) -> Iterator[Finding]:
    """One finding a device: from when until when it showed what its register cannot show."""
    within = [r for r in faults.rows.tolist() if hours.contains(instant_of(segments.time_us[r]))]
    of_stretch = np.searchsorted(segments.offsets, within, side="right") - 1
    for number in np.unique(of_stretch).tolist():
        rows = np.array(within)[of_stretch == number]
        stretch = segments.stretches[number]
        yield Finding(
            faults.code,
            stretch.point.subject,
            {
                **_source(stretch),
                "since": instant_of(segments.time_us[rows[0]]).isoformat(),
                "until": instant_of(segments.time_us[rows[-1]]).isoformat(),
                "shown": float(segments.shown[rows].max()),
                "register_size": stretch.binding.register_size,
            },
        )


def _source(stretch: Stretch) -> dict[str, str | float | int | None]:
    series = stretch.series
    return {
        "device": series.device,
        "channel": series.channel,
        "quantity": stretch.point.measure,
    }


def _swaps(segments: Segments, hours: Span) -> Iterator[Finding]:
    """Replacements within ``hours`` that are not read at both sides."""
    of_point: dict[Key, list[int]] = {}
    for number, stretch in enumerate(segments.stretches):
        if not stretch.implied and segments.offsets[number] < segments.offsets[number + 1]:
            of_point.setdefault(stretch.point, []).append(number)
    for numbers in of_point.values():
        numbers.sort(key=lambda n: segments.stretches[n].start)
        for old, new in pairwise(numbers):
            if hours.contains(segments.stretches[old].end):
                yield from _swap(segments, old, new)


def _swap(segments: Segments, old: int, new: int) -> Iterator[Finding]:
    ended, begun = segments.stretches[old], segments.stretches[new]
    # Phases hold at once, and what was unbound for days is no replacement.
    if not timedelta() <= begun.start - ended.end <= DAY:
        return
    last = instant_of(segments.time_us[segments.offsets[old + 1] - 1])
    first = instant_of(segments.time_us[segments.offsets[new]])
    if ended.end - last <= _SOON and first - begun.start <= _SOON:
        return
    yield Finding(
        "swap_without_reading",
        ended.point.subject,
        {
            **_source(ended),
            "other": begun.series.device,
            "at": ended.end.isoformat(),
            "last_at": last.isoformat(),
            "first_at": first.isoformat(),
            "hours": round((first - last) / timedelta(hours=1), 1),
        },
    )
