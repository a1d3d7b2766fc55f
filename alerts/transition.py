"""The state machine of an alert: pure, with ``now`` as an argument.

============  =======================  =============================  ==========
state         condition met            condition clear                no data
============  =======================  =============================  ==========
inactive      begins to wait           stays                          stays
pending       waits, then fires        inactive                       stays
firing        goes on                  cools down, then is resolved   stays
resolved      begins to wait           stays                          stays
============  =======================  =============================  ==========

Waiting lasts ``rule.for_``, cooling down ``rule.keep_firing_for``. No data is neither met nor clear: it fires
nothing, resolves nothing, and is recorded. Time without data counts for nothing either: when data
returns, waiting and cooling down begin anew.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from quotawatt.rulebook.model import Rule


class Phase(StrEnum):
    """States of an alert."""

    INACTIVE = "inactive"
    PENDING = "pending"
    FIRING = "firing"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True)
class AlertState:
    """Where an alert stands. Instants are UTC; None: not so.

    value
        The rule's input when it was last known.
    pending_since
        Start of the wait that led here; kept while firing and when resolved.
    firing_since
        When it fired; kept when resolved.
    clear_since
        Start of the cooling down.
    no_data_since
        First evaluation without data, where the last one had none.
    """

    phase: Phase = Phase.INACTIVE
    value: float | None = None
    pending_since: datetime | None = None
    firing_since: datetime | None = None
    clear_since: datetime | None = None
    resolved_at: datetime | None = None
    no_data_since: datetime | None = None
    evaluated_at: datetime | None = None


def condition_of(rule: Rule, previous: AlertState | None, value: float | None) -> bool | None:
    """Whether the rule's condition is met by ``value``; None where there is no value.

    Above ``rule.above``; once firing, above ``rule.clear_below`` (hysteresis).
    """
    if value is None:
        return None
    firing = previous is not None and previous.phase is Phase.FIRING
    return value > (rule.clear_below if firing else rule.above)


def step(
    previous: AlertState | None,
    rule: Rule,
    condition: bool | None,
    value: float | None,
    now: datetime,
) -> AlertState:
    """The state at ``now``, after ``previous`` (None: never evaluated).

    ``condition`` is that of ``condition_of``; None means no data.
    """
    state = previous or AlertState()
    if condition is None:
        return replace(state, no_data_since=state.no_data_since or now, evaluated_at=now)
    if state.no_data_since is not None:
        state = _after_gap(state, now)
    met, clear = _TABLE[state.phase]
    following = (met if condition else clear)(state, rule, now)
    return replace(following, value=value, evaluated_at=now)


def _after_gap(state: AlertState, now: datetime) -> AlertState:
    waiting_since = now if state.phase is Phase.PENDING else state.pending_since
    return replace(state, pending_since=waiting_since, clear_since=None, no_data_since=None)


def _stay(state: AlertState, _rule: Rule, _now: datetime) -> AlertState:
    return state


def _begin(_state: AlertState, rule: Rule, now: datetime) -> AlertState:
    return _wait(AlertState(Phase.PENDING, pending_since=now), rule, now)


def _wait(state: AlertState, rule: Rule, now: datetime) -> AlertState:
    waited = now - (state.pending_since or now)
    return replace(state, phase=Phase.FIRING, firing_since=now) if waited >= rule.for_ else state


def _drop(_state: AlertState, _rule: Rule, _now: datetime) -> AlertState:
    return AlertState()


def _go_on(state: AlertState, _rule: Rule, _now: datetime) -> AlertState:
    return replace(state, clear_since=None)


def _cool(state: AlertState, rule: Rule, now: datetime) -> AlertState:
    clear_since = state.clear_since or now
    if now - clear_since < rule.keep_firing_for:
        return replace(state, clear_since=clear_since)
    return replace(state, phase=Phase.RESOLVED, clear_since=clear_since, resolved_at=now)


_Action = Callable[[AlertState, Rule, datetime], AlertState]

_TABLE: Mapping[Phase, tuple[_Action, _Action]] = {
    #               met      clear
    Phase.INACTIVE: (_begin, _stay),
    Phase.PENDING: (_wait, _drop),
    Phase.FIRING: (_go_on, _cool),
    Phase.RESOLVED: (_begin, _stay),
}
