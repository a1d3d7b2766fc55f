"""From samples to changed alerts: pure, so that a course of days can be tried without any store."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from alerts.engine.events import events_of
from alerts.engine.repository import Alert, Basis, Change, Pair
from alerts.engine.result_samples import looks_at
from alerts.engine.samples import Sample, Seen, Zones
from alerts.engine.transition import ACTIVE, AlertState, Phase, condition_of, step
from quotawatt.rulebook.alert_rules import Rule, Source
from quotawatt.rulebook.effects import Effects

BASIS_LENGTH = 64
"""So many inputs an alert keeps: the first that met the condition, and the newest."""


@dataclass(frozen=True, slots=True)
class Revised:
    """An alert as data that came late or was corrected leave it, before the newest value counts."""

    alert: Alert
    events: Sequence[str] = ()
    note: Mapping[str, Any] = field(default_factory=dict)


def decide(
    known: Mapping[Pair, Alert],
    seen: Mapping[str, Seen],
    rules: Mapping[str, Rule],
    zones: Zones,
    now: datetime,
    revised: Mapping[Pair, Revised] | None = None,
) -> Iterator[Change]:
    """What changes at ``now``, alert by alert.

    known
        The alerts that there are of the samples' pairs, and those that had to have a sample: what waits or
        fires and has none has no data.
    revised
        Alerts that were judged again before.

    Alerts of rules that have left the rulebook stay as they are. A subject that never met its condition is no
    alert and is not stored.
    """
    revised = revised or {}
    waiting = dict(known)
    for rule_id, found in seen.items():
        rule = rules[rule_id]
        for sample in found.samples:
            pair = (rule_id, sample.subject)
            alert = waiting.pop(pair, None) or _new(rule, sample)
            before = revised.get(pair, Revised(alert))
            yield from _changes(rule, alert, before, sample, zones, now)
    for pair, alert in waiting.items():
        before = revised.get(pair, Revised(alert))
        if alert.rule in rules:
            yield from _changes(rules[alert.rule], alert, before, None, zones, now)


def evaluation_effects(seen: Mapping[str, Seen], changes: Iterable[Change]) -> dict[str, Effects]:
    """What one evaluation did, by rule: subjects looked at, alerts that began and that ended."""
    counts = {name: Effects(evaluated=found.evaluated) for name, found in seen.items()}
    for change in changes:
        known = counts.get(change.alert.rule, Effects())
        fired = known.fired + change.events.count("fired")
        resolved = known.resolved + change.events.count("resolved")
        counts[change.alert.rule] = replace(known, fired=fired, resolved=resolved)
    return counts


def following_basis(basis: Basis, old: AlertState, new: AlertState, sample: Sample) -> Basis:
    """The inputs that an alert rests on after a sample: from where it began to wait to the firing."""
    if sample.value is None or new.phase not in ACTIVE:
        return () if new.phase is Phase.INACTIVE else basis
    entry = (sample.time, sample.value)
    if old.phase not in ACTIVE:
        return (entry,)
    if basis and basis[-1][0] == sample.time:
        return (*basis[:-1], entry)
    if old.phase is Phase.FIRING:
        return basis
    return (*basis[:1], *basis[1:][-BASIS_LENGTH + 2 :], entry)


def _new(rule: Rule, sample: Sample) -> Alert:
    return Alert(rule.id, sample.subject, sample.asset, rule.severity, AlertState())


def _changes(
    rule: Rule,
    stored: Alert,
    before: Revised,
    sample: Sample | None,
    zones: Zones,
    now: datetime,
) -> Iterator[Change]:
    alert, old = before.alert, before.alert.state
    if sample is None and old.phase is Phase.INACTIVE:
        new = old
    else:
        value = sample.value if sample else None
        new = step(old, rule, _condition(rule, old, sample, zones), value, now)
    events = [*before.events, *events_of(old, new, rule)]
    alert = replace(alert, severity=new.severity or alert.severity, state=new)
    if sample is not None and sample.value is not None:
        basis = following_basis(alert.basis, old, new, sample)
        alert = replace(alert, evidence=sample.evidence, basis=basis)
    if events or _worth_storing(rule, stored, alert):
        yield Change(alert, events, before.note)


def _condition(rule: Rule, old: AlertState, sample: Sample | None, zones: Zones) -> bool | None:
    met = condition_of(rule, old, sample.value if sample else None)
    if sample is None or not met:
        return met
    return looks_at(rule, sample.asset, sample.time, zones)


def _worth_storing(rule: Rule, stored: Alert, alert: Alert) -> bool:
    """An open alert shows its present value; of any other only a change of phase or basis matters.

    The value of a finding only says that it is open: what grows is its evidence.
    """
    old, new = stored.state, alert.state
    if new.phase not in ACTIVE:
        return old.phase is not new.phase or stored.basis != alert.basis
    return (
        replace(new, evaluated_at=None) != replace(old, evaluated_at=None)
        or stored.basis != alert.basis
        or (rule.source is Source.FINDINGS and stored.evidence != alert.evidence)
    )
