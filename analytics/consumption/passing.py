"""What passed at points: readings cut where their bindings begin and end, and the rules applied to them."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from analytics.consumption.amounts import Amount
from analytics.consumption.cleaning import GAUGES, CleanReadings
from analytics.consumption.increments import RULES, Counters, Faults, Increments, Rows, joined
from analytics.consumption.points import Stretch, Wiring
from analytics.consumption.policy import increments
from analytics.consumption.power import passed_by_power
from analytics.consumption.precedence import counted_once
from analytics.grid import Floats, Key, Micros, micros_of
from quotawatt.flows import POWERS

_POWER = RULES.index("power")


@dataclass(frozen=True)
class Segments:
    """Readings by stretch: those of ``stretches[i]`` are rows ``offsets[i]`` to ``offsets[i + 1]``.

    ``shown`` is what the device gave, ``value`` with the binding's multiplier applied.
    """

    stretches: tuple[Stretch, ...]
    offsets: Rows
    time_us: Micros
    shown: Floats
    value: Floats

    @classmethod
    def of(
        cls, readings: CleanReadings, parts: Iterable[tuple[Stretch, int]], closing: bool
    ) -> "Segments":
        """Cut series at the edges of their bindings. ``closing``: a reading at the end belongs too."""
        held: list[Stretch] = []
        pieces: list[slice] = []
        for stretch, index in parts:
            low, high = readings.offsets[index : index + 2]
            end_us = micros_of(stretch.end) + closing
            edges = np.searchsorted(readings.time_us[low:high], [micros_of(stretch.start), end_us])
            held.append(stretch)
            pieces.append(slice(int(low + edges[0]), int(low + max(edges))))
        lengths = [piece.stop - piece.start for piece in pieces]
        time_us = np.concatenate([readings.time_us[:0], *(readings.time_us[p] for p in pieces)])
        shown = np.concatenate([readings.value[:0], *(readings.value[p] for p in pieces)])
        multiplier = np.array([s.binding.multiplier for s in held], dtype=float)
        value = shown if (multiplier == 1).all() else shown * np.repeat(multiplier, lengths)
        offsets = np.append(0, np.cumsum(lengths, dtype=np.intp))
        return cls(tuple(held), offsets, time_us, shown, value)

    def stretch_of(self, row: int) -> Stretch:
        """The stretch that a row lies in."""
        return self.stretches[int(np.searchsorted(self.offsets, row, side="right")) - 1]


@dataclass(frozen=True)
class Passed:
    """What passed at points.

    increments
        Their segments are the stretches of ``segments`` and, numbered after these, the amounts; their rows
        are those of ``segments``.
    points
        The point of each segment.
    faults
        What the rules found, with rows of ``segments``.
    """

    segments: Segments
    increments: Increments
    points: tuple[Key, ...]
    faults: list[Faults]


def passed_at(
    readings: CleanReadings,
    wiring: Wiring,
    points: Collection[Key],
    amounts: Sequence[Amount] = (),
) -> Passed:
    """All increments of the points' counters, as far as there are readings and amounts."""
    wanted = frozenset(points)
    segments = Segments.of(readings, _parts(readings, wiring, wanted), closing=True)
    by_rules, faults = _by_rules(segments, wiring)
    billed = tuple(amount for amount in amounts if amount.point in wanted)
    result = counted_once(by_rules, segments.stretches, billed, wiring)
    keys = (*(s.point for s in segments.stretches), *(a.point for a in billed))
    return Passed(segments, result, keys, faults)


def _parts(
    readings: CleanReadings, wiring: Wiring, points: frozenset[Key]
) -> list[tuple[Stretch, int]]:
    """The stretches that feed the points, each with its series: counters, then what powers stand in for."""
    found = [
        (stretch, index)
        for index, series in enumerate(readings.series)
        for stretch in wiring.stretches(series)
        if stretch.point in points and stretch.point.measure not in GAUGES
    ]
    return sorted(found, key=lambda part: part[0].series.quantity in POWERS)


def _by_rules(segments: Segments, wiring: Wiring) -> tuple[Increments, list[Faults]]:
    n_counters = sum(s.series.quantity not in POWERS for s in segments.stretches)
    made, faults = increments(_counters(segments, n_counters, wiring))
    powers = range(n_counters, len(segments.stretches))
    return joined([made, *(_by_power(segments, i) for i in powers)]), faults


def _counters(segments: Segments, count: int, wiring: Wiring) -> Counters:
    """The first so many segments with what the register knows of their meters."""
    stretches = segments.stretches[:count]
    shown = [s.binding.register_size or 0.0 for s in stretches]
    multiplier = np.array([s.binding.multiplier for s in stretches], dtype=float)
    # A size of 0 or less is none (``wiring_findings`` says so).
    size = np.array([size if size > 0 else np.nan for size in shown], dtype=float)
    end = segments.offsets[count]
    return Counters(
        offsets=segments.offsets[: count + 1],
        time_us=segments.time_us[:end],
        value=segments.value[:end],
        most_per_hour=np.array([wiring.most_per_hour(s.point) for s in stretches], dtype=float),
        unit=multiplier,
        register_size=size * multiplier,
        closed=np.array([_is_closed(segments, i) for i in range(count)], dtype=bool),
    )


def _is_closed(segments: Segments, number: int) -> bool:
    """Whether a binding's end is read: after a replacement that was recorded."""
    first, end = segments.offsets[number : number + 2]
    return bool(first < end) and bool(
        segments.time_us[end - 1] == micros_of(segments.stretches[number].end)
    )


def _by_power(segments: Segments, number: int) -> Increments:
    """What passed between the samples of a power, all of it an estimate."""
    rows = np.arange(segments.offsets[number], segments.offsets[number + 1])
    time_us = segments.time_us[rows]
    stretch = segments.stretches[number]
    amount = passed_by_power(
        time_us, segments.value[rows], stretch.series.quantity, stretch.point.measure
    )
    known = ~np.isnan(amount)
    return Increments(
        np.full(len(amount), number, dtype=np.intp),
        time_us[:-1],
        time_us[1:],
        amount,
        known,
        known,
        rows[:-1],
        rows[1:],
        np.full(len(amount), _POWER, dtype=np.int8),
    )
