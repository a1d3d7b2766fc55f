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
    reading confirms them; a rollover at the end reading of a replaced meter counts, for none will follow.
    An earlier jump that the next reading confirms counts, as an estimate.
wrong size
    A reading at or above the register size, and a reset that fits a rollover at another power of ten, say
    that the size is wrong. Both are findings only: what counts stays with the rules above.

What a meter can take is its rated power times the time, with a margin of 20 % and one unit of the
register: counters step in whole units. Where it is not known, a jump always fits and a fall never does.

A meter whose readings neither fall nor jump, as nearly all do, needs none of this and is spared it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.consumption.increments import Counters, Faults, Increments, Rows, joined
from analytics.grid import HOUR_US, Bools, Floats, Micros

MARGIN = 1.2
"""Of rated power, before an increase counts as impossible."""

LONGEST_MEASURED_GAP_US = HOUR_US + 60_000_000
"""An increment over at most this long is ``measured`` in each hour: an hour, and a clock's jitter."""

ABOVE_REGISTER = "counter_above_register"
"""Readings at or above the size that the register book gives for the device's register."""

REACH = 6
"""How many readings away a new or changed reading can alter what is counted (``increments``).

Whether a reading is a glitch is told by one before and two after it; its being left out moves the ends
of increments, over runs of at most two glitches, and a jump is confirmed by the one after.
"""


def increments(counters: Counters) -> tuple[Increments, list[Faults]]:
    """Apply the rules above to all segments at once."""
    segment = counters.segments()
    pairs = _Pairs.neighbours(counters, segment)
    odd = pairs.second[(pairs.rise < 0) | (pairs.rise > pairs.most)]
    faults = _above_register(counters, segment)
    if not len(odd):
        return pairs.plain(), faults
    near = _near(odd, segment)
    judged, found = judged_increments(counters, segment, np.flatnonzero(near))
    calm = ~(near[pairs.first] & near[pairs.second])
    return joined([pairs.only(calm).plain(), judged]), [*found, *faults]


def _near(odd: Rows, segment: Rows) -> Bools:
    """The rows close enough to the odd ones, which fell or jumped, to matter to them: ``REACH`` away."""
    rows = odd[:, np.newaxis] + np.arange(-REACH, REACH + 1)
    inside = (rows >= 0) & (rows < len(segment))
    inside &= segment[np.clip(rows, 0, len(segment) - 1)] == segment[odd][:, np.newaxis]
    near = np.zeros(len(segment), dtype=bool)
    near[rows[inside]] = True
    return near


def judged_increments(
    counters: Counters, segment: Rows, rows: Rows
) -> tuple[Increments, list[Faults]]:
    """The same for runs of the rows, by all the rules, whether they need them or not.

    A run ends with its segment, or where the counter neither falls nor jumps.
    """
    part = counters.runs(rows)
    glitch, run = _glitches(part), part.segments()
    kept, lost = rows[~glitch], rows[glitch]
    run = run[~glitch]
    inside = run[1:] == run[:-1]
    pairs = _Pairs.of(counters, segment, kept[:-1][inside], kept[1:][inside])
    result, faults = pairs.judged(counters)
    before = kept[np.searchsorted(kept, lost) - 1]
    return result, [Faults("counter_glitch", lost, before), *faults]


@dataclass(frozen=True)
class _Pairs:
    """Neighbouring kept readings of one segment, as rows, with what passed between them by themselves."""

    segment: Rows
    first: Rows
    second: Rows
    start_us: Micros
    end_us: Micros
    rise: Floats
    most: Floats

    @classmethod
    def of(cls, counters: Counters, segment: Rows, first: Rows, second: Rows) -> "_Pairs":
        """The pairs of these rows."""
        own = segment[second]
        start_us, end_us = counters.time_us[first], counters.time_us[second]
        rise = counters.value[second] - counters.value[first]
        return cls(
            own, first, second, start_us, end_us, rise, _most(counters, own, end_us - start_us)
        )

    @classmethod
    def neighbours(cls, counters: Counters, segment: Rows) -> "_Pairs":
        """All pairs of readings that follow each other, glitches included."""
        inside = segment[1:] == segment[:-1]
        if not inside.all():
            second = 1 + np.flatnonzero(inside)
            return cls.of(counters, segment, second - 1, second)
        # Slices: of one meter without faults nothing is copied.
        rows, time_us = np.arange(len(segment)), counters.time_us
        most = _most(counters, segment[1:], np.diff(time_us))
        ends = (rows[:-1], rows[1:], time_us[:-1], time_us[1:])
        return cls(segment[1:], *ends, np.diff(counters.value), most)

    def only(self, which: Bools) -> "_Pairs":
        """Some of the pairs."""
        return _Pairs(*(getattr(self, name)[which] for name in self.__dataclass_fields__))

    def plain(self) -> Increments:
        """Increments of counters that neither fall nor jump: the differences."""
        every = np.ones(len(self.rise), dtype=bool)
        return self._increments(self.rise, every, self._spread(self.rise), np.zeros_like(every))

    def judged(self, counters: Counters) -> tuple[Increments, list[Faults]]:
        """Increments by all the rules but the one for glitches, which are left out already."""
        following = self._following()
        confirmed = ~np.isnan(following)
        known = np.isfinite(self.most)
        wrapped = self.rise + counters.register_size[self.segment]
        final = confirmed | counters.closed[self.segment]
        rollover = (self.rise < 0) & final & known & (wrapped >= 0) & (wrapped <= self.most)
        reset = (self.rise < 0) & confirmed & ~rollover
        above = self.rise > self.most
        new = counters.value[self.second]
        counts = (self.rise >= 0) & (~above | (following >= 0))
        counts |= rollover | (reset & known & (new <= self.most))
        amount = np.where(rollover, wrapped, np.where(reset, new, self.rise))
        amount = np.where(counts, amount, np.nan)
        estimated = counts & (self._spread(amount) | reset | above)
        rule = np.select([rollover, reset, above & counts, ~counts], [1, 2, 3, 4], 0)
        other_size = reset & known & self._fits_another_size(counters)
        flags = {
            "counter_reset": reset,
            "counter_above_rating": above & confirmed,
            "rollover_size_differs": other_size,
        }
        faults = [Faults(c, self.second[flag], self.first[flag]) for c, flag in flags.items()]
        return self._increments(amount, counts & ~reset, estimated, rule), faults

    def _fits_another_size(self, counters: Counters) -> Bools:
        """Where a fall fits a rollover at the next power of ten above, which is not the register's size."""
        unit = counters.unit[self.segment]
        before = np.maximum(counters.value[self.first] / unit, 1.0)
        wrapped = self.rise + 10.0 ** np.ceil(np.log10(before)) * unit
        return np.asarray((wrapped >= 0) & (wrapped <= self.most))

    def _following(self) -> Floats:
        """What the next pair of the same segment rose by; NaN: there is none yet."""
        following = np.full(len(self.rise), np.nan)
        same = self.segment[1:] == self.segment[:-1]
        following[:-1][same] = self.rise[1:][same]
        return following

    def _spread(self, amount: Floats) -> Bools:
        """Where something passed over a time too long to say when."""
        gaps: Bools = self.end_us - self.start_us > LONGEST_MEASURED_GAP_US
        return np.asarray(gaps & (amount != 0))

    def _increments(
        self, amount: Floats, covers: Bools, estimated: Bools, rule: NDArray[np.generic]
    ) -> Increments:
        ends = (self.segment, self.start_us, self.end_us)
        made = (self.first, self.second, rule.astype(np.int8))
        return Increments(*ends, amount, covers, estimated, *made)


def _above_register(counters: Counters, segment: Rows) -> list[Faults]:
    """Readings at or above the register's size, which it cannot show."""
    if np.isnan(counters.register_size).all():
        return []
    rows = np.flatnonzero(counters.value >= counters.register_size[segment])
    return [Faults(ABOVE_REGISTER, rows, rows)]


def _most(counters: Counters, segment: Rows, gap_us: Micros) -> Floats:
    """What can have passed over a gap; inf where it is not known."""
    per_hour = MARGIN * counters.most_per_hour
    if len(per_hour) == 1:
        segment = np.zeros(1, dtype=np.intp)
    most: Floats = per_hour[segment] * (gap_us / HOUR_US) + counters.unit[segment]
    return most


def _glitches(counters: Counters) -> Bools:
    """The readings that are a dip or a spike."""
    n, segment = len(counters.value), counters.segments()
    glitch = np.zeros(n, dtype=bool)
    middle = 1 + np.flatnonzero(segment[2:] == segment[:-2])
    before, at, after = (counters.value[middle + k] for k in (-1, 0, 1))
    gap_us = counters.time_us[middle + 1] - counters.time_us[middle - 1]
    bridged = (after >= before) & (after - before <= _most(counters, segment[middle], gap_us))
    dip = np.zeros(n + 1, dtype=bool)
    dip[middle[bridged & (at < before)]] = True
    # A fall after which the counter is back where it was is the next reading's dip, not this one's spike.
    spike = bridged & (at > after) & ~dip[middle + 1]
    glitch[middle[spike]] = True
    return glitch | dip[:n]
