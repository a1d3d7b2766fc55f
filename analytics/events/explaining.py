"""An event of a total that one of its parts explains: people are told of the part alone."""

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from datetime import timedelta

from analytics.events.event import LIVE, SURE, Event, EventState
from analytics.grid import Key
from analytics.totals.tree import Tree
from quotawatt.spans import Span

AT_THE_TIME = 0.5
"""Share of the total's event during which the part's must last."""

OF_THE_SIZE = 0.5
"""Share of the size of the total's event that the part's must have."""


def around(tree: Tree, span: Span, key: Key) -> tuple[Key, ...]:
    """The series within which a series is at any time of a span: the meters before it, and all totals."""
    meters = tree.register.meters
    chain = [key]
    while (meter := meters.get(chain[-1].subject)) is not None and meter.parent:
        chain.append(Key(meter.parent, key.measure))
    totals = (total for link in chain for total in tree.above(link, span))
    return tuple(dict.fromkeys([*chain[1:], *totals]))


def explained_by(
    events: Sequence[Event], above: Callable[[Key], Collection[Key]]
) -> dict[int, int]:
    """The events of totals that an event of a part explains, each with that event.

    above
        The series within which one is.

    A part explains where it differs in the same direction over at least half of the time, by at least half
    of the size, and where people hear of it no later and no less surely than of the total. Of several the
    largest does; of a part of a part, the last one down.
    """
    live = [event for event in events if event.state in LIVE]
    of_key: defaultdict[Key, list[Event]] = defaultdict(list)
    for event in live:
        of_key[event.key].append(event)
    found: dict[int, Event] = {}
    for part in live:
        for total in (event for key in above(part.key) for event in of_key.get(key, ())):
            best = found.get(total.number)
            if _explains(part, total) and (best is None or _rank(part) > _rank(best)):
                found[total.number] = part
    return {number: _last(part, found).number for number, part in found.items()}


def _explains(part: Event, total: Event) -> bool:
    ours, theirs = part.anomaly, total.anomaly
    shared = min(ours.end, theirs.end) - max(ours.start, theirs.start)
    long_enough = shared > timedelta(0) and shared >= AT_THE_TIME * (theirs.end - theirs.start)
    large_enough = abs(ours.size) >= OF_THE_SIZE * abs(theirs.size)
    return long_enough and large_enough and ours.size * theirs.size > 0 and _is_told(part, total)


def _is_told(part: Event, total: Event) -> bool:
    """Whether people hear of the part wherever they would of the total."""
    sure = part.anomaly.confidence >= min(SURE, total.anomaly.confidence)
    return sure and (part.state is EventState.OPEN or total.state is not EventState.OPEN)


def _rank(event: Event) -> tuple[float, int]:
    """The largest; of equals the one that was known first."""
    return abs(event.anomaly.size), -event.number


def _last(part: Event, found: dict[int, Event]) -> Event:
    """The part that is explained by no other. Totals stand in no circle, so there is one."""
    while part.number in found:
        part = found[part.number]
    return part
