"""From counter readings to what was used between them: what counts, what is a fault.

Energy is conserved: increments between the readings that are kept add up to the difference of the first
and the last, whatever the gaps. The rules, in this order:

glitch
    A single reading that dips below its predecessor while the next is back at or above it, or one that
    jumps above its successor while that fits the predecessor. It is left out, so that the increment
    spans over it.
rollover
    The counter fell, its register size is known, and the increase over the wrap fits what the meter can
    take in that time.
reset
    Any other fall. The new value counts as use since the reset, as an estimate, where it fits; what ran
    before the reset is missing.
provisional
    The newest fall, and the newest jump above what the meter can take, do not count until the next
    reading confirms them. An earlier jump that the next reading confirms counts, as an estimate.

What a meter can take is its rated power times the time, with a margin of 20 % and one unit of the
register: counters step in whole units. Where it is not known, a jump always fits and a fall never does.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.grid import HOUR_US, Bools, Floats, Micros

MARGIN = 1.2
"""Of rated power, before an increase counts as impossible."""

LONGEST_MEASURED_GAP_US = HOUR_US + 60_000_000
"""An increment over at most this long is ``measured`` in each hour: an hour, and a clock's jitter."""

REACH = 6
"""How many readings away a new or changed reading can alter what is counted (``increments``).

Whether a reading is a glitch is told by one before and two after it; its being left out moves the ends
of increments, over runs of at most two glitches, and a jump is confirmed by the one after.
"""


@dataclass(frozen=True)
class Counters:
    """Readings of counters, by segment, then time; a segment is one binding of one series.

    value
        After the multiplier, in the unit of the point's quantity; finite.
    most_per_hour
        What can pass in an hour at most; inf: not known.
    unit
        One unit of the device's register after the multiplier.
    register_size
        The first value that the register cannot show, after the multiplier; NaN: not known.
    """

    segment: NDArray[np.intp]
    time_us: Micros
    value: Floats
    most_per_hour: Floats
    unit: Floats
    register_size: Floats

    def take(self, rows: Bools) -> "Counters":
        """Some of the readings."""
        return Counters(
            self.segment[rows],
            self.time_us[rows],
            self.value[rows],
            self.most_per_hour[rows],
            self.unit[rows],
            self.register_size[rows],
        )


@dataclass(frozen=True)
class Increments:
    """What passed between neighbouring kept readings, ``[start_us, end_us)``, in the order of segments.

    amount
        NaN where it does not count (provisional, or unknown since a reset).
    covers
        Whether the amount is all that passed; False also for what is counted since a reset.
    estimated
        Whether its distribution over time, or the amount itself, is an estimate.
    """

    segment: NDArray[np.intp]
    start_us: Micros
    end_us: Micros
    amount: Floats
    covers: Bools
    estimated: Bools


@dataclass(frozen=True)
class Faults:
    """Where the rules found something, by code: rows of ``Counters`` that were given.

    ``before`` is the last kept reading before the faulty one.
    """

    code: str
    rows: NDArray[np.intp]
    before: NDArray[np.intp]


def increments(counters: Counters) -> tuple[Increments, list[Faults]]:
    """Apply the rules above to all segments at once."""
    glitch = _glitches(counters)
    kept_rows = np.flatnonzero(~glitch)
    kept = counters.take(~glitch)
    same = kept.segment[1:] == kept.segment[:-1]
    first, second = kept_rows[:-1][same], kept_rows[1:][same]
    rises = np.where(same, kept.value[1:] - kept.value[:-1], np.nan)
    rise = rises[same]
    # What the next increment of the same segment says; NaN: there is none yet.
    following = np.append(rises, np.nan)[1:][same]
    judged = _Pairs(counters, first, second, rise, following)
    amount = np.where(judged.rollover, rise + counters.register_size[second], rise)
    amount = np.where(judged.reset, counters.value[second], amount)
    amount = np.where(judged.counts, amount, np.nan)
    gap_us = counters.time_us[second] - counters.time_us[first]
    spread = (gap_us > LONGEST_MEASURED_GAP_US) & (amount != 0)
    result = Increments(
        segment=counters.segment[second],
        start_us=counters.time_us[first],
        end_us=counters.time_us[second],
        amount=amount,
        covers=judged.counts & ~judged.reset,
        estimated=judged.counts & (spread | judged.reset | judged.above),
    )
    lost = np.flatnonzero(glitch)
    before = kept_rows[np.searchsorted(kept_rows, lost) - 1]
    confirmed = judged.above & ~np.isnan(following)
    return result, [
        Faults("counter_glitch", lost, before),
        Faults("counter_reset", second[judged.reset], first[judged.reset]),
        Faults("counter_above_rating", second[confirmed], first[confirmed]),
    ]


class _Pairs:
    """Neighbouring kept readings, judged: each attribute is one flag a pair."""

    def __init__(
        self,
        counters: Counters,
        first: NDArray[np.intp],
        second: NDArray[np.intp],
        rise: Floats,
        following: Floats,
    ) -> None:
        most = _most(counters, first, second)
        known = np.isfinite(most)
        confirmed = ~np.isnan(following)
        falls = (rise < 0) & confirmed
        wrapped = rise + counters.register_size[second]
        self.rollover = falls & known & (wrapped >= 0) & (wrapped <= most)
        self.reset = falls & ~self.rollover
        self.above = (rise >= 0) & (rise > most)
        rises = (rise >= 0) & (~self.above | (following >= 0))
        since_reset = self.reset & known & (counters.value[second] <= most)
        self.counts = rises | self.rollover | since_reset


def _most(counters: Counters, first: NDArray[np.intp], second: NDArray[np.intp]) -> Floats:
    """What can have passed between two readings; inf where it is not known."""
    hours = (counters.time_us[second] - counters.time_us[first]) / HOUR_US
    most: Floats = MARGIN * counters.most_per_hour[second] * hours + counters.unit[second]
    return most


def _glitches(counters: Counters) -> Bools:
    """The readings that are a dip or a spike."""
    n = len(counters.value)
    glitch = np.zeros(n, dtype=bool)
    middle = np.arange(1, n - 1)
    inside = counters.segment[middle - 1] == counters.segment[middle + 1]
    middle = middle[inside]
    before, at, after = (counters.value[middle + k] for k in (-1, 0, 1))
    bridged = (after >= before) & (after - before <= _most(counters, middle - 1, middle + 1))
    dip = np.zeros(n + 1, dtype=bool)
    dip[middle[bridged & (at < before)]] = True
    # A fall after which the counter is back where it was is the next reading's dip, not this one's spike.
    spike = bridged & (at > after) & ~dip[middle + 1]
    glitch[middle[spike]] = True
    return glitch | dip[:n]
