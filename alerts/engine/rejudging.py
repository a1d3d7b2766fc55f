"""Data that came late or was corrected: alerts are judged again by the inputs as they read now.

An alert keeps the inputs that it waited and fired on (its basis). Where one of them now reads differently the
rule is replayed over the present course:

- it would never have fired: *retracted*, and the alert is where the replay leaves it;
- it fires still: *corrected*, with the figures before and after, and with the time at which it would have
  fired where that is another one.

What an alert was first given of an interval that still ran is no error: its final value is taken over in
silence. Where past intervals of a subject that does not fire were written anew and exceed, the rule is
replayed as well, and fires with the note *late*; so it does once, for what lies after the last firing.

Hours of silence and findings are not judged again: that nothing had arrived, or that a problem stood, was so.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from alerts.engine.deciding import BASIS_LENGTH, Revised
from alerts.engine.events import events_of
from alerts.engine.repository import Alert, Basis
from alerts.engine.result_samples import looks_at
from alerts.engine.samples import Course, Zones, asset_of, end_of
from alerts.engine.transition import ACTIVE, AlertState, Phase, condition_of, step
from quotawatt.rulebook.alert_rules import Rule, Source


def replay(rule: Rule, subject: str, course: Course, zones: Zones) -> Iterator[AlertState]:
    """The state after each input, as if each had been judged when its interval was over.

    A reading is judged at its time. Days without a value are not there, and stand for nothing.
    """
    asset = asset_of(subject)
    state: AlertState | None = None
    for start, value in course:
        met = condition_of(rule, state, value) and looks_at(rule, asset, start, zones)
        state = step(state, rule, met, value, known_at(rule, asset, start, zones))
        yield state


def known_at(rule: Rule, asset: str, start: datetime, zones: Zones) -> datetime:
    """When an input of this start is final: a reading at once, a result when its interval is over."""
    if rule.source is Source.READINGS:
        return start
    return end_of(start, rule.grain, zones(asset))


def rejudged(rule: Rule, alert: Alert, course: Course, zones: Zones) -> Revised:
    """The alert by what its basis reads now. ``course`` goes from the first of the basis to the newest."""
    if not alert.basis:
        return Revised(alert)
    present = dict(course)
    basis = tuple((start, present[start]) for start, _ in alert.basis if start in present)
    taken_over = replace(alert, basis=basis or alert.basis)
    wrong = list(_wrong(rule, alert, present, zones))
    if not wrong:
        return Revised(taken_over)
    states = list(replay(rule, alert.subject, course, zones))
    fired = next((i for i, state in enumerate(states) if state.phase is Phase.FIRING), None)
    note: dict[str, Any] = {"corrected": wrong}
    if alert.state.phase is Phase.PENDING:
        return _of_waiting(rule, taken_over, states)
    if fired is None:
        last = states[-1] if states else AlertState()
        basis = basis if last.phase is Phase.PENDING else ()
        kept = replace(last, evaluated_at=alert.state.evaluated_at)
        return Revised(replace(alert, state=kept, basis=basis), ["retracted"], note)
    at = states[fired].firing_since
    if course[fired][0] != alert.basis[-1][0] and at is not None:
        note["would_have_fired_at"] = at.isoformat()
        state = replace(alert.state, pending_since=states[fired].pending_since, firing_since=at)
        taken_over = replace(taken_over, state=state, basis=_basis(course, fired))
    return Revised(taken_over, ["corrected"], note)


def late(
    rule: Rule, subject: str, alert: Alert | None, course: Course, since: datetime, zones: Zones
) -> Revised | None:
    """What past inputs, written since their mark, make of a subject that does not fire; None: nothing.

    ``course`` ends before the newest interval, which is judged as ever.
    """
    known = alert or Alert(rule.id, subject, asset_of(subject), rule.severity, AlertState())
    states = list(replay(rule, subject, course, zones))
    note = {"late": {"since": since.isoformat()}}
    place = _first_firing(known, course, states)
    if place is not None:
        events = ["fired", *(["resolved"] if states[-1].phase is Phase.RESOLVED else [])]
        severity = states[place].severity or rule.severity
        basis = _basis(course, place)
        found = replace(known, severity=severity, state=states[-1], basis=basis)
        return Revised(found, events, {"late": {**note["late"], "value": course[place][1]}})
    last = states[-1] if states else AlertState()
    if last.phase is not Phase.PENDING or not _waits_longer(last, known.state):
        return None
    begun = _begun(states)
    waiting = replace(last, fired_at_times=known.state.fired_at_times)
    events = [] if known.state.phase is Phase.PENDING else ["pending"]
    return Revised(replace(known, state=waiting, basis=tuple(course[begun:])), events, note)


def _first_firing(known: Alert, course: Course, states: Sequence[AlertState]) -> int | None:
    """Where the replay fires first, after the last firing that is known."""
    fired_before = bool(known.basis) and known.state.phase not in ACTIVE
    before = Phase.INACTIVE
    for place, state in enumerate(states):
        fires = state.phase is Phase.FIRING and before is not Phase.FIRING
        if fires and not (fired_before and course[place][0] <= known.basis[-1][0]):
            return place
        before = state.phase
    return None


def _waits_longer(state: AlertState, known: AlertState) -> bool:
    if known.phase is not Phase.PENDING or known.pending_since is None:
        return True
    return state.pending_since is not None and state.pending_since < known.pending_since


def _begun(states: Sequence[AlertState]) -> int:
    """Where the wait began in which the replay ends."""
    since = states[-1].pending_since
    return next(place for place, state in enumerate(states) if state.pending_since == since)


def _of_waiting(rule: Rule, alert: Alert, states: Sequence[AlertState]) -> Revised:
    """Of what only waited nobody was told: it waits by the corrected inputs, or no longer."""
    last = states[-1] if states else AlertState()
    unbroken = last.phase is Phase.PENDING and last.pending_since == states[0].pending_since
    if unbroken:
        return Revised(alert)  # it waits since then, as it was seen then
    if last.phase in ACTIVE:
        return Revised(replace(alert, state=replace(alert.state, pending_since=last.pending_since)))
    dropped = AlertState(fired_at_times=alert.state.fired_at_times)
    events = events_of(alert.state, dropped, rule)
    return Revised(replace(alert, state=dropped, basis=()), events)


def _wrong(
    rule: Rule, alert: Alert, present: Mapping[datetime, float], zones: Zones
) -> Iterator[dict[str, Any]]:
    """Inputs that were final when the alert was last judged, and now read differently."""
    judged_at = alert.state.evaluated_at
    for start, was in alert.basis:
        final = known_at(rule, alert.asset, start, zones)
        now_is = present.get(start)
        same = now_is is not None and math.isclose(was, now_is, rel_tol=1e-9, abs_tol=1e-12)
        if not same and judged_at is not None and final <= judged_at:
            yield {"time": start.isoformat(), "was": was, "is": now_is}


def _basis(course: Course, fired: int) -> Basis:
    """The inputs up to the firing, as many as an alert keeps."""
    return tuple(course[max(0, fired + 1 - BASIS_LENGTH) : fired + 1])
