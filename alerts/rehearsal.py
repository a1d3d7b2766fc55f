"""Rehearsing a rule: the phases it goes through over a series of daily inputs, without any store."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from alerts.transition import AlertState, condition_of, step
from quotawatt.rulebook.model import Rule

_FIRST_DAY = datetime(2023, 1, 1, tzinfo=UTC)


def rule_states(rule: Rule, inputs: Sequence[float | None]) -> list[str]:
    """The phase after each input, one a day from 1 January 2023 on; None: no data that day."""
    state: AlertState | None = None
    phases = []
    for number, value in enumerate(inputs):
        now = _FIRST_DAY + timedelta(days=number)
        state = step(state, rule, condition_of(rule, state, value), value, now)
        phases.append(state.phase.value)
    return phases
