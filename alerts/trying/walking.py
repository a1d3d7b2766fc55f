"""A rule walked over the inputs of one subject: decided as by the running service, without a store."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from alerts.engine.deciding import Revised, decide
from alerts.engine.repository import Alert
from alerts.engine.samples import Sample, Seen, Zones
from alerts.engine.transition import AlertState, Phase
from quotawatt.rulebook.alert_rules import Rule


@dataclass(frozen=True, slots=True)
class Moment:
    """Where an alert stands after an evaluation.

    alert
        None: it never met its condition.
    events
        What happened there, by the names of ``alerts.engine.transition``.
    """

    at: datetime
    alert: Alert | None
    events: Sequence[str] = ()
    note: Mapping[str, Any] = field(default_factory=dict)

    @property
    def state(self) -> AlertState:
        """The alert's state; that of one that was never evaluated where there is none."""
        return AlertState() if self.alert is None else self.alert.state

    @property
    def severity(self) -> str:
        """The alert's present or last severity; empty where there is none."""
        return "" if self.alert is None else self.alert.severity


def walk(
    rule: Rule, samples: Iterable[tuple[datetime, Sample]], until: datetime, zones: Zones
) -> Iterator[Moment]:
    """The alert of one subject from its first sample until ``until``: as samples come in, and as time passes.

    ``samples`` are what is seen from an instant on, in order.
    """
    alert, before = None, None
    for at, sample in samples:
        if before is not None:
            for moment in pass_time(rule, alert, before, at, zones):
                alert = moment.alert
                yield moment
        moment = evaluated(rule, alert, sample, at, zones)
        alert, before = moment.alert, sample
        yield moment
    if before is not None:
        yield from pass_time(rule, alert, before, until, zones)


def pass_time(
    rule: Rule, alert: Alert | None, sample: Sample, until: datetime, zones: Zones
) -> Iterator[Moment]:
    """What becomes of the alert before ``until`` while nothing new is seen: waiting and cooling down end."""
    while alert is not None and (due := _due(rule, alert.state)) is not None and due < until:
        moment = evaluated(rule, alert, sample, due, zones)
        if not moment.events:
            return
        alert = moment.alert
        yield moment


def _due(rule: Rule, state: AlertState) -> datetime | None:
    """When an alert changes by itself, should what is seen stay as it is; None: never."""
    since, wait = None, timedelta(0)
    if state.no_data_since is not None:
        return None
    if state.phase is Phase.PENDING:
        since, wait = state.pending_since, rule.for_
    elif state.phase is Phase.FIRING and state.clear_since is not None:
        since, wait = state.clear_since, rule.keep_firing_for
        if state.flapping_since is not None and rule.flapping is not None:
            wait = max(wait, rule.flapping.within)
    return None if since is None else since + wait


def evaluated(
    rule: Rule,
    alert: Alert | None,
    sample: Sample,
    at: datetime,
    zones: Zones,
    revised: Revised | None = None,
) -> Moment:
    """The alert after one evaluation. ``revised`` is what data that came late or was corrected make of it."""
    pair = (rule.id, sample.subject)
    known = {} if alert is None else {pair: alert}
    before = {} if revised is None else {pair: revised}
    seen = {rule.id: Seen(1, [sample])}
    for change in decide(known, seen, {rule.id: rule}, zones, at, before):
        return Moment(at, change.alert, change.events, change.note)
    return Moment(at, alert)
