"""The state machine of an alert, which everything else obeys: pure, with ``now`` as an argument.

============  =========================  =============================  ==========
state         condition met              condition clear                no data
============  =========================  =============================  ==========
inactive      begins to wait             stays                          stays
pending       waits, then fires          inactive                       stays
firing        goes on                    cools down, then is resolved   stays
flapping      goes on; quiet: settles    quiet: settles, is resolved    stays
resolved      begins to wait             stays                          stays
============  =========================  =============================  ==========

Waiting lasts ``rule.for_``, cooling down ``rule.keep_firing_for``. No data is neither met nor clear: it fires
nothing, resolves nothing, and is recorded; of what is resolved too, whose case may still be open. Time
without data counts for nothing either: when data returns, waiting, cooling down and being quiet begin anew.

*Condition.* Met beyond ``rule.threshold``; once firing, beyond ``rule.clear`` (hysteresis), whichever the
rule's direction.

*Severity.* What fires is at one of ``rule.steps``: the farthest whose threshold the value is beyond, or that
was reached and whose ``clear`` the value is still beyond. Going up or down a step is an event of the same
alert. Cooling down keeps the step.

*Flapping.* What fires more than ``rule.flapping.changes`` times within ``rule.flapping.within`` flaps: it
goes on firing, however often the condition clears and is met again, and only a graver severity is still
said. It is quiet once the condition has stayed as it is for ``within`` (and, being clear, for
``keep_firing_for``): then it settles, and is resolved if it is clear. A firing counts where the alert begins
to fire, and while it flaps where the condition is met again.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from quotawatt.rulebook.alert_rules import Flapping, Rule


class Phase(StrEnum):
    """States of an alert. One that flaps is firing, and ``flapping_since`` says so."""

    INACTIVE = "inactive"
    PENDING = "pending"
    FIRING = "firing"
    RESOLVED = "resolved"


ACTIVE = frozenset({Phase.PENDING, Phase.FIRING})
"""Phases in which time and missing data matter."""


@dataclass(frozen=True, slots=True)
class AlertState:
    """Where an alert stands. Instants are UTC; None: not so.

    value
        The rule's input when it was last known.
    severity
        The present step while firing.
    pending_since
        Start of the wait that led here; kept while firing and when resolved.
    firing_since
        When it fired; kept when resolved.
    clear_since
        Start of the cooling down.
    no_data_since
        First evaluation without data, where the last one had none.
    fired_at_times
        The firings of late, the oldest first, as far as they matter to flapping. While it flaps, the last
        one is when it was last disturbed.
    flapping_since
        When it began to flap.
    """

    phase: Phase = Phase.INACTIVE
    value: float | None = None
    severity: str | None = None
    pending_since: datetime | None = None
    firing_since: datetime | None = None
    clear_since: datetime | None = None
    resolved_at: datetime | None = None
    no_data_since: datetime | None = None
    evaluated_at: datetime | None = None
    fired_at_times: tuple[datetime, ...] = ()
    flapping_since: datetime | None = None


def condition_of(rule: Rule, previous: AlertState | None, value: float | None) -> bool | None:
    """Whether the rule's condition is met by ``value``; None where there is none that the rule judges."""
    if value is None or not rule.judges.includes(value):
        return None
    firing = previous is not None and previous.phase is Phase.FIRING
    return rule.direction.beyond(value, rule.clear if firing else rule.threshold)


def severity_of(rule: Rule, held: str | None, value: float) -> str:
    """The step that ``value`` is at, where ``held`` (None: none) was reached before."""
    steps = rule.steps
    names = [one.severity for one in steps]
    # A version of the rule that no longer has the step that was reached begins from below.
    reached = names.index(held) if held in names else -1
    found = 0
    for place, one in enumerate(steps):
        if rule.direction.beyond(value, one.clear if place <= reached else one.threshold):
            found = place
    return names[found]


def step(
    previous: AlertState | None,
    rule: Rule,
    condition: bool | None,
    value: float | None,
    now: datetime,
) -> AlertState:
    """The state at ``now``, after ``previous`` (None: never evaluated).

    ``condition`` is that of ``condition_of``; None means no data. Stepping again at the same instant with the
    same input changes nothing.
    """
    state = previous or AlertState()
    if condition is None:
        return replace(state, no_data_since=state.no_data_since or now, evaluated_at=now)
    if state.no_data_since is not None:
        state = _after_gap(state, now)
    met, clear = _TABLE[state.phase]
    following = (met if condition else clear)(state, rule, now)
    return _graded(replace(following, value=value, evaluated_at=now), rule, condition)


def _after_gap(state: AlertState, now: datetime) -> AlertState:
    waiting_since = now if state.phase is Phase.PENDING else state.pending_since
    times = state.fired_at_times
    if state.flapping_since is not None:
        times = (*times[:-1], now)  # what nobody saw was not quiet
    return replace(
        state,
        pending_since=waiting_since,
        clear_since=None,
        no_data_since=None,
        fired_at_times=times,
    )


def _graded(state: AlertState, rule: Rule, condition: bool) -> AlertState:
    if state.phase is not Phase.FIRING or state.value is None:
        return state if state.phase is Phase.FIRING else replace(state, severity=None)
    if not condition and state.severity is not None:
        return state
    found = severity_of(rule, state.severity, state.value)
    if state.flapping_since is not None and state.severity is not None:
        found = _graver(rule, state.severity, found)
    return replace(state, severity=found)


def _graver(rule: Rule, one: str, other: str) -> str:
    names = [level.severity for level in rule.steps]
    return max(one, other, key=lambda name: names.index(name) if name in names else -1)


def _stay(state: AlertState, _rule: Rule, _now: datetime) -> AlertState:
    return state


def _begin(state: AlertState, rule: Rule, now: datetime) -> AlertState:
    begun = AlertState(Phase.PENDING, pending_since=now, fired_at_times=state.fired_at_times)
    return _wait(begun, rule, now)


def _wait(state: AlertState, rule: Rule, now: datetime) -> AlertState:
    if now - (state.pending_since or now) < rule.for_:
        return state
    fired = replace(state, phase=Phase.FIRING, firing_since=now)
    if rule.flapping is None:
        return replace(fired, fired_at_times=())
    times = _recent(state.fired_at_times, rule.flapping, now)
    flapping_since = now if len(times) > rule.flapping.changes else None
    return replace(fired, fired_at_times=times, flapping_since=flapping_since)


def _recent(times: tuple[datetime, ...], flapping: Flapping, now: datetime) -> tuple[datetime, ...]:
    """The firings that still count, with that of ``now``; never more than tell flapping."""
    kept = [time for time in times if now - time < flapping.within]
    return (*kept, now)[-flapping.changes - 1 :]


def _drop(state: AlertState, _rule: Rule, _now: datetime) -> AlertState:
    return AlertState(fired_at_times=state.fired_at_times)


def _go_on(state: AlertState, rule: Rule, now: datetime) -> AlertState:
    if state.flapping_since is None:
        return replace(state, clear_since=None)
    if state.clear_since is not None:
        times = (*state.fired_at_times[1:], now)
        return replace(state, clear_since=None, fired_at_times=times)
    disturbed = state.fired_at_times[-1] if state.fired_at_times else state.flapping_since
    return _settled(state) if now - disturbed >= _quiet(rule) else state


def _cool(state: AlertState, rule: Rule, now: datetime) -> AlertState:
    clear_since = state.clear_since or now
    wait = rule.keep_firing_for
    if state.flapping_since is not None:
        wait = max(wait, _quiet(rule))
    if now - clear_since < wait:
        return replace(state, clear_since=clear_since)
    if state.flapping_since is not None:
        state = _settled(state)
    return replace(state, phase=Phase.RESOLVED, clear_since=clear_since, resolved_at=now)


def _quiet(rule: Rule) -> timedelta:
    """How long nothing changes until what flaps settles; a rule that no longer knows flapping: at once."""
    return rule.flapping.within if rule.flapping else timedelta(0)


def _settled(state: AlertState) -> AlertState:
    return replace(state, flapping_since=None, fired_at_times=())


_Action = Callable[[AlertState, Rule, datetime], AlertState]

_TABLE: Mapping[Phase, tuple[_Action, _Action]] = {
    #               met      clear
    Phase.INACTIVE: (_begin, _stay),
    Phase.PENDING: (_wait, _drop),
    Phase.FIRING: (_go_on, _cool),
    Phase.RESOLVED: (_begin, _stay),
}
