"""Steps of a level: fillings and drops, told apart from slosh, noise and use.

A step is a change that is there at once and holds: the medians of two minutes before it all lie on one
side of those after it, by the least step. Slosh does not hold; use is slow.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analytics.fleet.energyparameters import EnergyParameters
from analytics.fleet.told import Ends, Told
from analytics.fleet.track import Bools, Floats, Ints

_SCALE = 1e5  # above any level told, so that sorting by block and value is one sort
_ACROSS = 3  # a filling may take this many blocks
_NEAR_US = 900_000_000  # blocks farther apart are no course of one filling


@dataclass(frozen=True, slots=True)
class Step:
    """A change of a level between two instants [UTC µs], in the unit of the level."""

    start_us: int
    end_us: int
    before: float
    after: float

    @property
    def rise(self) -> float:
        """What came in; negative: what went out."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class _Blocks:
    """Medians of a level by blocks of time, and the first and last message of each."""

    first_us: Ints
    last_us: Ints
    level: Floats

    def kept(self, keep: Bools) -> "_Blocks":
        """Some of them."""
        return _Blocks(self.first_us[keep], self.last_us[keep], self.level[keep])


_Change = tuple[int, int, int]
"""The blocks that a level changes between, and 1 for up or -1 for down."""


def steps_of(level: Told, least: float, parameters: EnergyParameters) -> tuple[Told, list[Step]]:
    """All steps of at least ``least``, up and down, in order of time; and the level that they are seen in.

    Out of the level are blocks that are off both neighbours by ``least`` or more while these agree, as a
    sensor tells that wakes up. Steps up that follow each other at once are one, and so are those down.
    """
    if len(level) < 2:
        return level, []
    blocks = _blocks(level, int(parameters.block_s * 1e6))
    odd = _excursions(blocks, least)
    if odd.any():
        since = np.searchsorted(blocks.first_us[odd], level.times_us, "right")
        until = np.searchsorted(blocks.last_us[odd], level.times_us, "left")
        level, blocks = level.kept(since == until), blocks.kept(~odd)
    held_us = int(parameters.held_s * 1e6)
    found = sorted(_changes(blocks, least, held_us))
    return level, [_step(level, blocks, first, last, held_us) for first, last, _ in found]


def _excursions(blocks: _Blocks, least: float) -> Bools:
    """Blocks that are off both neighbours. One of these must be near in time: between messages that come
    once a week a tank may have been filled and emptied."""
    odd = np.zeros(len(blocks.level), dtype=bool)
    if len(odd) > 2:
        before, value, after = blocks.level[:-2], blocks.level[1:-1], blocks.level[2:]
        agree = np.abs(after - before) < least
        off = np.minimum(np.abs(value - before), np.abs(value - after)) >= least
        apart_us = blocks.first_us[1:] - blocks.last_us[:-1]
        odd[1:-1] = agree & off & (np.minimum(apart_us[:-1], apart_us[1:]) <= _NEAR_US)
    return odd


def _changes(blocks: _Blocks, least: float, held_us: int) -> list[_Change]:
    most_before, least_before = (_held(blocks, held_us, -1, of) for of in (np.maximum, np.minimum))
    most_after, least_after = (_held(blocks, held_us, 1, of) for of in (np.maximum, np.minimum))
    found: list[_Change] = []
    for across in range(1, min(_ACROSS, len(blocks.level) - 1) + 1):
        near = blocks.first_us[across:] - blocks.last_us[:-across] <= _NEAR_US
        may_be = near | (across == 1)
        rise = (least_after[across:] - most_before[:-across] >= least) & may_be
        fall = (least_before[:-across] - most_after[across:] >= least) & may_be
        for sign, rows in ((1, rise), (-1, fall)):
            for row in np.flatnonzero(rows):
                _add(found, (int(row), int(row) + across, sign), bool(near[row]))
    return found


def levelled(level: Told, steps: list[Step]) -> Told:
    """The level as if nothing had come in or gone out by a step: it only falls by use.

    What was told within a step is left out.
    """
    if not steps:
        return level
    starts = np.array([step.start_us for step in steps], dtype=np.int64)
    ends = np.array([step.end_us for step in steps], dtype=np.int64)
    rise = np.concatenate([[0.0], np.cumsum([step.rise for step in steps])])
    begun = np.searchsorted(starts, level.times_us, "left")
    passed = np.searchsorted(ends, level.times_us, "right")
    return Told(level.times_us, level.values - rise[passed]).kept(begun <= passed)


def hidden_in(steps: Sequence[Step], ends: Ends) -> Bools:
    """Trips that lie within a step: what they used and what came in can't be told apart."""
    hidden = np.zeros(len(ends.start_us), dtype=bool)
    for step in steps:
        first, last = np.searchsorted(ends.left_us, [step.start_us, step.end_us])
        hidden[first:last] |= ends.arrived_us[first:last] <= step.end_us
    return hidden


def _blocks(level: Told, block_us: int) -> _Blocks:
    block = level.times_us // block_us
    first = np.concatenate([[0], 1 + np.flatnonzero(np.diff(block))])
    last = np.concatenate([first[1:], [len(level)]]) - 1
    base = _SCALE * (block - block[0])
    ordered = np.sort(base + level.values)
    medians = np.round(ordered[(first + last) // 2] - base[first], 4)  # of a sum, so inexact
    return _Blocks(level.times_us[first], level.times_us[last], medians)


def _held(blocks: _Blocks, held_us: int, way: int, of: np.ufunc) -> Floats:
    """The extreme of each block and the two before (``way`` -1) or after it, while they are near in time."""
    found = blocks.level.copy()
    for shift in (1, 2):
        if len(found) <= shift:
            break
        near = blocks.last_us[shift:] - blocks.first_us[:-shift] <= held_us
        if way < 0:
            other = np.where(near, blocks.level[:-shift], blocks.level[shift:])
            found[shift:] = of(found[shift:], other)
        else:
            other = np.where(near, blocks.level[shift:], blocks.level[:-shift])
            found[:-shift] = of(found[:-shift], other)
    return found


def _add(found: list[_Change], new: _Change, near: bool) -> None:
    """Keep a change unless a narrower one lies in it; one that goes on at once makes another longer."""
    first, last, sign = new
    for at, (start, end, other) in enumerate(found):
        if first < end and start < last:
            return
        if first == end and sign == other and near:
            found[at] = (start, last, sign)
            return
    found.append(new)


def _step(level: Told, blocks: _Blocks, first: int, last: int, held_us: int) -> Step:
    """The step between two blocks, as narrow as the messages show it."""
    before, after = _plateau(blocks, first, -1, held_us), _plateau(blocks, last, 1, held_us)
    since, until = np.searchsorted(level.times_us, [blocks.first_us[first], blocks.last_us[last]])
    done = (level.values[since : until + 1] - before) / (after - before)
    behind = np.flatnonzero(done < 0.5)
    turn = int(behind[-1]) + 1 if len(behind) else 0
    low = np.flatnonzero(done[:turn] < 0.25)
    full = turn + np.flatnonzero(done[turn:] > 0.75)
    start = since + (int(low[-1]) if len(low) else max(turn - 1, 0))
    end = since + (int(full[0]) if len(full) else min(turn, len(done) - 1))
    return Step(int(level.times_us[start]), int(level.times_us[end]), before, after)


def _plateau(blocks: _Blocks, at: int, way: int, held_us: int) -> float:
    """The median of a block and those near beyond it."""
    rows = [r for r in (at, at + way, at + 2 * way) if 0 <= r < len(blocks.level)]
    near = [r for r in rows if abs(int(blocks.first_us[r]) - int(blocks.first_us[at])) <= held_us]
    return float(np.median(blocks.level[near]))
