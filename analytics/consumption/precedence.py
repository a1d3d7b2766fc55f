"""Of several sources of one point's use the better one counts, and the time that it covers counts once.

A device goes before readings by hand, these before bills and purchases, these before charging sessions.
Where a device is bound that counts the quantity for certain, bills, purchases and sessions never count;
where one only may count it, they give way to what it did count.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from analytics.consumption.amounts import ENTERED, Amount
from analytics.consumption.byhand import feeds_for_certain
from analytics.consumption.increments import RULES, Increments, Rows, chosen, joined
from analytics.consumption.intervals import free_of, runs
from analytics.consumption.points import Stretch, Wiring
from analytics.grid import Key, micros_of

Interval = tuple[int, int]


def counted_once(
    passed: Increments, stretches: Sequence[Stretch], amounts: Sequence[Amount], wiring: Wiring
) -> Increments:
    """The increments of the stretches and, as segments that follow them, of the amounts."""
    doubtful = {s.point for s in stretches if s.implied} | {a.point for a in amounts}
    if not doubtful:
        return passed
    concerned = np.array([s.point in doubtful for s in stretches], dtype=bool)
    touched = concerned[passed.segment] if len(stretches) else np.zeros(0, dtype=bool)
    parts = [chosen(passed, ~touched)]
    mine = chosen(passed, touched)
    for point in sorted(doubtful):
        segments = [i for i, s in enumerate(stretches) if s.point == point]
        device = _of(mine, [i for i in segments if not stretches[i].implied])
        by_hand = _of(mine, [i for i in segments if stretches[i].implied])
        by_hand = _outside(by_hand, _covered(device))
        taken = [*_covered(device), *_covered(by_hand), *_certain(point, wiring)]
        own = [(len(stretches) + i, a) for i, a in enumerate(amounts) if a.point == point]
        parts += [device, by_hand, *_spread(own, taken)]
    return joined(parts)


def _spread(own: Sequence[tuple[int, Amount]], taken: Sequence[Interval]) -> Iterator[Increments]:
    """Amounts of a point, by segment, in the time that is left: of sessions without what was entered."""
    entered = [(micros_of(a.start), micros_of(a.end)) for _, a in own if a.rule == ENTERED]
    for segment, amount in own:
        before = taken if amount.rule == ENTERED else [*taken, *entered]
        yield _outside(_of_amount(segment, amount), before)


def _of(passed: Increments, segments: Sequence[int]) -> Increments:
    return chosen(passed, np.isin(passed.segment, segments))


def _covered(passed: Increments) -> list[Interval]:
    """The time over which something is known to have passed."""
    counts = ~np.isnan(passed.amount)
    return runs(passed.start_us[counts], passed.end_us[counts])


def _certain(point: Key, wiring: Wiring) -> list[Interval]:
    """When a device is bound to the point that counts its quantity for certain."""
    return [
        (micros_of(s.start), micros_of(s.end))
        for s in wiring.sources(point)
        if not s.implied and feeds_for_certain(s.binding, point.measure, wiring.register)
    ]


def _of_amount(segment: int, amount: Amount) -> Increments:
    """An amount as one increment, without readings."""
    true, none = np.ones(1, dtype=bool), np.full(1, -1, dtype=np.intp)
    return Increments(
        np.array([segment], dtype=np.intp),
        np.array([micros_of(amount.start)], dtype=np.int64),
        np.array([micros_of(amount.end)], dtype=np.int64),
        np.array([amount.amount], dtype=float),
        true,
        true,
        none,
        none,
        np.array([RULES.index(amount.rule)], dtype=np.int8),
    )


def _outside(passed: Increments, taken: Sequence[Interval]) -> Increments:
    """What of the increments lies in no time that is taken; each keeps its part, spread as before."""
    if not taken or not len(passed.amount):
        return passed
    ends = zip(passed.start_us.tolist(), passed.end_us.tolist(), strict=True)
    left = [
        (row, start, end) for row, whole in enumerate(ends) for start, end in free_of(*whole, taken)
    ]
    rows: Rows = np.array([row for row, _, _ in left], dtype=np.intp)
    part = chosen(passed, rows)
    start_us = np.array([start for _, start, _ in left], dtype=np.int64)
    end_us = np.array([end for _, _, end in left], dtype=np.int64)
    share = (end_us - start_us) / (part.end_us - part.start_us)
    return Increments(
        part.segment,
        start_us,
        end_us,
        part.amount * share,
        part.covers,
        part.estimated | (share < 1),
        part.first,
        part.second,
        part.rule,
    )
