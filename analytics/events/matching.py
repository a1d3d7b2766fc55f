"""What was found anew against the events that are known: one event keeps one number.

An event that is found again, longer or of another kind by now, changes its row. One that is not found any
more is withdrawn, and comes back under its number where it is found again. What somebody has called
ordinary swallows what continues it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from analytics.anomalies.event import Anomaly, Likely
from analytics.events.event import LIVE, Event, EventState
from quotawatt.spans import DAY, HOUR, Span

CONTINUES = DAY
"""How long an event of the same kind may pause and still be the same."""

NOT_FOUND = "not_found"
"""Note of an event that was withdrawn because it is not found any more."""

MERGED = "part_of"
"""Note of an event that was withdrawn because it is part of another: ``part_of/NUMBER``."""

KEPT = 0.5
"""Confidence from which something new is an event; of one that is known it may fall below."""

_MOSTLY = 0.5

_LASTING = frozenset(
    {
        *(Likely.NIGHT_RUNNING, Likely.WEEKEND_RUNNING, Likely.LATE_SWITCH_OFF),
        *(Likely.LEAK, Likely.CREEP, Likely.JUMP, Likely.HEATING_AND_COOLING),
    }
)
"""Kinds that say why. Each has a rule of its own: a case would close and another open with every change."""

_OUTWEIGHS = 2.0
"""Another kind must be found of so many times the time after which the present one was last found."""

_NAMED_H = "named_h"

_PAUSES: Mapping[Likely, timedelta] = {
    Likely.NIGHT_RUNNING: 4 * DAY,
    Likely.LATE_SWITCH_OFF: 4 * DAY,
    Likely.WEEKEND_RUNNING: 8 * DAY,
}
"""How long what shows on some days only may not show and still goes on: until such a day went by without."""


@dataclass(frozen=True, slots=True)
class Change:
    """A row to be entered (``number`` None) or changed: its state, its figures, why it was withdrawn."""

    number: int | None
    state: EventState
    anomaly: Anomaly
    note: str = ""


def reconcile(
    known: Sequence[Event], found: Sequence[Anomaly], window: Span, settled: datetime
) -> list[Change]:
    """What the events of one series become, by what was found of it in a window.

    known
        The events of the series that are to be judged again, those that are open among them.
    found
        As ``find_anomalies`` gives them, all within the window.

    settled
        What began before stays an event where it is not found any more: it is over. A newer baseline or a
        later look takes nothing back of which people may have been told for weeks.

    An event from before the window keeps its beginning, and its figures become those of the window. Said
    again of its own outcome it changes nothing.
    """
    pairs = dict(_pairs(known, found, window))
    changes = [
        _found_again(event, pairs[event.number], window) for event in known if event.number in pairs
    ]
    changes += [_gone(event, pairs, known, settled) for event in known if event.number not in pairs]
    ordinary = [event for event in known if event.state is EventState.ORDINARY]
    taken = {id(anomaly) for anomaly in pairs.values()}
    changes += [
        _lasting(None, anomaly, window)
        for anomaly in found
        if id(anomaly) not in taken
        and anomaly.confidence >= KEPT
        and not any(_swallows(event, anomaly) for event in ordinary)
    ]
    standing = {event.number: event for event in known}
    return [change for change in changes if not _says_nothing(change, standing)]


def _pairs(
    known: Sequence[Event], found: Sequence[Anomaly], window: Span
) -> Iterator[tuple[int, Anomaly]]:
    """Which known event each found one is: what counts before what was withdrawn, the closest first."""
    matches = sorted(
        (not counts, *_distance(event.anomaly, anomaly, window), event.number, position)
        for event, counts in ((e, e.state is not EventState.WITHDRAWN) for e in known)
        for position, anomaly in enumerate(found)
        if _is_same(event, anomaly)
    )
    claimed = {position for withdrawn, *_, position in matches if not withdrawn}
    numbers: set[int] = set()
    positions: set[int] = set()
    for withdrawn, _, _, _, number, position in matches:
        free = number not in numbers and position not in positions
        if free and not (withdrawn and position in claimed):
            numbers.add(number)
            positions.add(position)
            yield number, found[position]


def _distance(known: Anomaly, found: Anomaly, window: Span) -> tuple[timedelta, bool, timedelta]:
    """How far beginnings and ends lie apart; of those as close, whether they are of different kinds.

    Where the known one began before the window its beginning cannot be found again: the end tells, and the
    beginning only between those as close.
    """
    begun, ended = abs(known.start - found.start), abs(known.end - found.end)
    differs = known.likely is not found.likely
    if known.start < window.start:
        return ended, differs, begun
    return begun + ended, differs, timedelta(0)


def _is_same(event: Event, anomaly: Anomaly) -> bool:
    """Whether what was found may be this event: of one direction, at the same time or right after."""
    if (event.anomaly.size < 0) != (anomaly.size < 0):
        return False
    if event.state is EventState.ORDINARY:
        return _swallows(event, anomaly)
    same_kind = event.anomaly.likely is anomaly.likely
    if event.state is EventState.WITHDRAWN and not same_kind:
        return False
    return _shared(event, anomaly) > (-CONTINUES if same_kind else timedelta(0))


def _swallows(event: Event, anomaly: Anomaly) -> bool:
    """Whether it is no news beside what was called ordinary: more of its kind, or mostly within it."""
    if (event.anomaly.size < 0) != (anomaly.size < 0):
        return False
    shared = _shared(event, anomaly)
    if event.anomaly.likely is anomaly.likely and shared > -CONTINUES:
        return True
    return shared >= _MOSTLY * (anomaly.end - anomaly.start)


def _holds(anomaly: Anomaly, event: Event) -> bool:
    """Whether it lasts at the same time, in the same direction."""
    one_way = (event.anomaly.size < 0) == (anomaly.size < 0)
    return one_way and _shared(event, anomaly) > timedelta(0)


def _shared(event: Event, anomaly: Anomaly) -> timedelta:
    """How long both last at once; negative: how far they are apart."""
    known = event.anomaly
    return min(known.end, anomaly.end) - max(known.start, anomaly.start)


def _found_again(event: Event, anomaly: Anomaly, window: Span) -> Change:
    """The event as it was found; of one called ordinary only how long it lasts by now."""
    first = min(event.anomaly.start, anomaly.start)
    if event.state is EventState.ORDINARY:
        lasting = replace(event.anomaly, start=first, end=max(event.anomaly.end, anomaly.end))
        return Change(event.number, event.state, lasting)
    if event.anomaly.start < window.start:
        anomaly = replace(anomaly, start=first)
    if event.state in LIVE:
        anomaly = _named(event.anomaly, anomaly)
    return _lasting(event.number, anomaly, window)


def _named(known: Anomaly, found: Anomaly) -> Anomaly:
    """What was found by the kind that is known of it, until another is found of twice the time.

    ``named_h`` in the evidence is how long it had lasted when the known kind was last found.
    """
    if found.likely is known.likely or known.likely not in _LASTING:
        return found
    named_h = float(known.evidence.get(_NAMED_H) or (known.end - known.start) / HOUR)
    if (found.end - found.start) / HOUR >= _OUTWEIGHS * named_h:
        return found
    return replace(found, likely=known.likely, evidence={**found.evidence, _NAMED_H: named_h})


def _gone(
    event: Event, pairs: dict[int, Anomaly], known: Sequence[Event], settled: datetime
) -> Change:
    """What becomes of an event that none of those found is."""
    anomaly = replace(event.anomaly, open=False)
    if event.state not in LIVE:
        return Change(event.number, event.state, event.anomaly)
    live = {e.number for e in known if e.state is not EventState.ORDINARY}
    wholes = (n for n, one in pairs.items() if n in live and _holds(one, event))
    whole = min(wholes, default=None)
    if whole is None and event.anomaly.start < settled:
        return Change(event.number, EventState.OVER, anomaly)
    note = NOT_FOUND if whole is None else f"{MERGED}/{whole}"
    return Change(event.number, EventState.WITHDRAWN, anomaly, note)


def _lasting(number: int | None, anomaly: Anomaly, window: Span) -> Change:
    """The event goes on, or is over, by what is known at the window's end."""
    pause = _PAUSES.get(anomaly.likely, timedelta(0))
    goes_on = anomaly.open or anomaly.end + pause > window.end
    state = EventState.OPEN if goes_on else EventState.OVER
    return Change(number, state, replace(anomaly, open=goes_on))


def _says_nothing(change: Change, standing: dict[int, Event]) -> bool:
    event = None if change.number is None else standing[change.number]
    return event is not None and (event.state, event.anomaly) == (change.state, change.anomaly)
