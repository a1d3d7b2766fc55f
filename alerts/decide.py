"""From samples to changed alerts: pure, so that a course of days can be tried without any store."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from alerts.evaluate import Sample
from alerts.repository import Alert
from alerts.transition import AlertState, Phase, condition_of, step
from quotawatt.rulebook.effects import Effects
from quotawatt.rulebook.model import Rule

_ACTIVE = (Phase.PENDING, Phase.FIRING)

# (phase before, phase after) -> what the ledger calls it
_EVENTS: Mapping[tuple[Phase, Phase], tuple[str, ...]] = {
    (Phase.INACTIVE, Phase.PENDING): ("alert_pending",),
    (Phase.RESOLVED, Phase.PENDING): ("alert_pending",),
    (Phase.PENDING, Phase.INACTIVE): ("alert_dropped",),
    (Phase.INACTIVE, Phase.FIRING): ("alert_fired",),
    (Phase.PENDING, Phase.FIRING): ("alert_fired",),
    (Phase.RESOLVED, Phase.FIRING): ("alert_fired",),
    (Phase.FIRING, Phase.RESOLVED): ("alert_resolved",),
}


@dataclass(frozen=True, slots=True)
class Change:
    """An alert that has to be stored, and the ledger's names of what happened to it."""

    alert: Alert
    events: Sequence[str]


def decide(
    known: Iterable[Alert],
    samples: Mapping[str, Sequence[Sample]],
    rules: Mapping[str, Rule],
    now: datetime,
) -> Iterator[Change]:
    """What changes at ``now``, alert by alert.

    Pending and firing alerts without a sample have no data. Alerts of rules that have left the rulebook
    stay as they are. A subject that never met its condition is no alert and is not stored.
    """
    waiting = {(alert.rule, alert.subject): alert for alert in known}
    for rule_id, found in samples.items():
        rule = rules[rule_id]
        for sample in found:
            alert = waiting.pop((rule_id, sample.subject), None) or _new(rule, sample)
            yield from _changes(rule, alert, sample, now)
    for alert in waiting.values():
        if alert.rule in rules and alert.state.phase in _ACTIVE:
            yield from _changes(rules[alert.rule], alert, None, now)


def evaluation_effects(
    samples: Mapping[str, Sequence[Sample]], changes: Iterable[Change]
) -> dict[str, Effects]:
    """What one evaluation did, by rule: subjects looked at, alerts that began and that ended."""
    counts = {name: Effects(evaluated=len(found)) for name, found in samples.items()}
    for change in changes:
        known = counts.get(change.alert.rule, Effects())
        fired = known.fired + change.events.count("alert_fired")
        resolved = known.resolved + change.events.count("alert_resolved")
        counts[change.alert.rule] = replace(known, fired=fired, resolved=resolved)
    return counts


def _new(rule: Rule, sample: Sample) -> Alert:
    return Alert(rule.id, sample.subject, sample.asset, rule.severity, AlertState())


def _changes(rule: Rule, alert: Alert, sample: Sample | None, now: datetime) -> Iterator[Change]:
    old = alert.state
    value = sample.value if sample else None
    new = step(old, rule, condition_of(rule, old, value), value, now)
    events = [*_EVENTS.get((old.phase, new.phase), ()), *_data_events(old, new)]
    if not events and not _worth_storing(old, new):
        return
    alert = replace(alert, severity=rule.severity, state=new)
    if sample is not None and value is not None:
        alert = replace(alert, evidence=sample.evidence)
    if "alert_fired" in events:
        alert = replace(alert, acknowledged_at=None, acknowledged_by=None)
    yield Change(alert, events)


def _data_events(old: AlertState, new: AlertState) -> list[str]:
    if new.phase not in _ACTIVE or (old.no_data_since is None) == (new.no_data_since is None):
        return []
    return ["alert_no_data" if new.no_data_since is not None else "alert_data_returned"]


def _worth_storing(old: AlertState, new: AlertState) -> bool:
    """An open alert shows its present value; of any other only a change of phase matters."""
    if new.phase not in _ACTIVE:
        return old.phase is not new.phase
    return replace(new, evaluated_at=None) != replace(old, evaluated_at=None)
