"""From changes of alerts to steps of cases.

=================  =========================================================================
change             step
=================  =========================================================================
fired              none open: a new case, or the last one reopened where it ended within the
                   rule's ``reopen_within``; one open: fired again (and sent back, where its
                   closing was proposed)
severity_raised    severity raised; a case that was closed while it fired is reopened
severity_lowered   severity lowered
resolved           cleared
no_data            no data; what was clear is not known to be clear any more
data_returned      data returned; the time that it stays clear begins anew
flapping, settled  likewise
retracted          retracted, with the figures before and after
corrected          corrected, with the figures before and after
=================  =========================================================================

A pair of rule and subject has one open case at most. What only waits (pending, dropped) is no case. An alert
that already fires without any case, as in a store of an older version, gets one by ``adopt``.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, exists, select

from alerts.cases.book import latest_of
from alerts.cases.model import OPEN_STATES, Act, Case, CaseEvent, CaseState, Step
from alerts.cases.opening import Scene, again, figures_of, opening
from alerts.cases.policy import ACTOR, RETRACTED
from alerts.cases.states import moved
from alerts.cases.taking import Deed, take_steps
from alerts.engine.repository import Change, load_pairs
from alerts.engine.transition import Phase
from alerts.wording import Context
from quotawatt.storage.case_tables import cases
from quotawatt.storage.tables import alerts

_SILENT = frozenset({"pending", "dropped"})


def react(
    conn: Connection, changes: Iterable[Change], context: Context, now: datetime
) -> list[Step]:
    """Open and move on the cases of these changes; returns the steps, in the order of the changes.

    ``conn`` comes from ``engine.begin()``, and nothing has been appended to the ledger in it yet. The alerts
    have their numbers. However many changes there are, cases, steps and entries are written in one go.
    """
    telling = [change for change in changes if set(change.events) - _SILENT]
    known = latest_of(conn, [change.alert.pair for change in telling], lock=True)
    scene = Scene(conn, context, now)
    deeds: list[Deed] = []
    for change in telling:
        deeds += _deeds(change, known.get(change.alert.pair), scene)
    return take_steps(conn, deeds)


def adopt(conn: Connection, context: Context, now: datetime) -> list[Step]:
    """Open a case for every alert that fires and never had one; it is taken up where its alert had been."""
    has_case = exists().where(
        and_(cases.c.rule == alerts.c.rule, cases.c.subject == alerts.c.subject)
    )
    columns = ("id", "rule", "subject", "acknowledged_at", "acknowledged_by")
    firing = select(*(alerts.c[name] for name in columns)).where(
        alerts.c.state == Phase.FIRING.value, ~has_case
    )
    rows = conn.execute(firing).all()
    found = load_pairs(conn, [(row.rule, row.subject) for row in rows])
    found.sort(key=lambda alert: alert.id or 0)
    steps = react(conn, [Change(alert, ["fired"]) for alert in found], context, now)
    taken_up = {row.id: (row.acknowledged_at, row.acknowledged_by) for row in rows}
    deeds = []
    for case in (step.case for step in steps):
        at, by = taken_up.get(case.alert or 0, (None, None))
        if at is not None:
            detail = {"by": by, "at": at.isoformat()}
            changes = {"acknowledged_at": at, "acknowledged_by": by}
            deeds.append(Deed(case, CaseEvent.ACKNOWLEDGED, Act(ACTOR, now), detail, changes))
    return [*steps, *take_steps(conn, deeds)]


def _deeds(change: Change, latest: Case | None, scene: Scene) -> Iterator[Deed]:
    """What the change does to its case. Of several events in one change each finds the case that follows."""
    for event in change.events:
        if event in _SILENT:
            continue
        for deed in _REACTIONS[event](change, latest, scene):
            yield deed
            if not deed.case.id:
                return  # a new case says all of the change already
            # In the version that was read, so that it is still known to be unchanged.
            state = moved(deed.case.state, deed.event)
            latest = replace(deed.case, **{**deed.changes, "state": state})


def _fired(change: Change, latest: Case | None, scene: Scene) -> Iterator[Deed]:
    if latest is None:
        yield opening(change.alert, scene, _said(change))
    elif latest.state in OPEN_STATES:
        firing = {**_present(change), "firing": True, "clear_since": None}
        yield Deed(latest, CaseEvent.FIRED_AGAIN, scene.act, _said(change), firing)
        if latest.state is CaseState.PROPOSED:
            unproposed = {**firing, "proposed_at": None, "proposed_by": None}
            case = replace(latest, **firing)
            yield Deed(case, CaseEvent.SENT_BACK, scene.act, {"why": "fired_again"}, unproposed)
    else:
        yield again(change.alert, latest, scene, {**_said(change), "why": "fired_again"})


def _raised(change: Change, latest: Case | None, scene: Scene) -> Iterator[Deed]:
    if latest is None:
        yield opening(change.alert, scene, _said(change))
    elif latest.state in OPEN_STATES:
        yield _graded(CaseEvent.SEVERITY_RAISED, change, latest, scene)
    else:
        yield again(change.alert, latest, scene, {**_said(change), "why": "severity_raised"})


def _lowered(change: Change, latest: Case | None, scene: Scene) -> Iterator[Deed]:
    if latest is not None and latest.state in OPEN_STATES:
        yield _graded(CaseEvent.SEVERITY_LOWERED, change, latest, scene)


def _cleared(change: Change, latest: Case | None, scene: Scene) -> Iterator[Deed]:
    # One that a manager closed while it fired is over; that it has cleared is still said.
    if latest is not None and latest.firing:
        since = change.alert.state.clear_since or scene.now
        changes = {**_present(change), "firing": False, "clear_since": since}
        yield Deed(latest, CaseEvent.CLEARED, scene.act, _said(change), changes)


def _no_data(change: Change, latest: Case | None, scene: Scene) -> Iterator[Deed]:
    if latest is not None and latest.state in OPEN_STATES:
        yield Deed(latest, CaseEvent.NO_DATA, scene.act, {}, {"clear_since": None})


def _data_returned(change: Change, latest: Case | None, scene: Scene) -> Iterator[Deed]:
    if latest is not None and latest.state in OPEN_STATES:
        changes = {**_present(change), "clear_since": None if latest.firing else scene.now}
        yield Deed(latest, CaseEvent.DATA_RETURNED, scene.act, _said(change), changes)


def _flapping(change: Change, latest: Case | None, scene: Scene) -> Iterator[Deed]:
    if latest is not None and latest.state in OPEN_STATES:
        yield Deed(latest, CaseEvent.FLAPPING, scene.act, _said(change), _present(change))


def _settled(change: Change, latest: Case | None, scene: Scene) -> Iterator[Deed]:
    if latest is not None and latest.state in OPEN_STATES:
        yield Deed(latest, CaseEvent.SETTLED, scene.act, _said(change), _present(change))


def _retracted(change: Change, latest: Case | None, scene: Scene) -> Iterator[Deed]:
    if latest is None or latest.state is CaseState.RETRACTED:
        return
    changes = {
        **_present(change),
        "firing": False,
        "clear_since": None,
        "closed_at": scene.now,
        "closed_by": ACTOR,
        "closed_how": RETRACTED,
    }
    yield Deed(latest, CaseEvent.RETRACTED, scene.act, _said(change), changes)


def _corrected(change: Change, latest: Case | None, scene: Scene) -> Iterator[Deed]:
    if latest is not None and latest.state is not CaseState.RETRACTED:
        yield Deed(latest, CaseEvent.CORRECTED, scene.act, _said(change), _present(change))


_REACTIONS: Mapping[str, Callable[[Change, Case | None, Scene], Iterator[Deed]]] = {
    "fired": _fired,
    "severity_raised": _raised,
    "severity_lowered": _lowered,
    "resolved": _cleared,
    "no_data": _no_data,
    "data_returned": _data_returned,
    "flapping": _flapping,
    "settled": _settled,
    "retracted": _retracted,
    "corrected": _corrected,
}


def _graded(event: CaseEvent, change: Change, latest: Case, scene: Scene) -> Deed:
    severity = change.alert.severity
    detail = {**_said(change), "from": latest.severity, "to": severity}
    return Deed(latest, event, scene.act, detail, {**_present(change), "severity": severity})


def _present(change: Change) -> dict[str, Any]:
    """What a case shows of its alert."""
    return {"alert": change.alert.id, "figures": figures_of(change.alert)}


def _said(change: Change) -> dict[str, Any]:
    """What a step says of the alert: its value, and what was corrected or late."""
    said: dict[str, Any] = {"value": change.alert.state.value}
    return {**said, "note": dict(change.note)} if change.note else said
