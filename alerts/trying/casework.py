"""The cases that the course of one alert makes, had nobody touched them: opened, reopened, closed, retracted.

The same as ``alerts.cases`` does with what people leave alone, which a test compares; a case that a manager
has to close stays open.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from alerts.cases.model import CaseState
from alerts.engine.transition import ACTIVE
from alerts.trying.walking import Moment
from quotawatt.rulebook.alert_rules import SEVERITIES, CasePolicy, Closing


@dataclass(frozen=True, slots=True)
class CaseSpan:
    """A case from its opening to its end.

    severity
        The gravest that it reached.
    ended_at
        When it was closed or retracted; None: it is open.
    clear_since
        Since when its condition is known to be clear.
    """

    opened_at: datetime
    severity: str
    state: CaseState = CaseState.OPEN
    ended_at: datetime | None = None
    clear_since: datetime | None = None
    reopened: int = 0


def cases_of(moments: Iterable[Moment], policy: CasePolicy, until: datetime) -> Sequence[CaseSpan]:
    """The cases of one alert, in order, as of ``until``."""
    found: list[CaseSpan] = []
    for moment in moments:
        if found and moment.events:
            found[-1] = _verified(found[-1], moment.at, policy)
        for event in moment.events:
            _react(found, event, moment, policy)
        if found and moment.events:
            found[-1] = _verified(found[-1], moment.at, policy, moment.at)
    if found:
        found[-1] = _verified(found[-1], until, policy)
    return found


def _react(found: list[CaseSpan], event: str, moment: Moment, policy: CasePolicy) -> None:
    if event == "fired":
        _fired(found, moment, policy)
    elif found and event == "retracted":
        found[-1] = replace(
            found[-1], state=CaseState.RETRACTED, ended_at=moment.at, clear_since=None
        )
    elif found and found[-1].state is CaseState.OPEN:
        found[-1] = _moved(found[-1], event, moment)


def _fired(found: list[CaseSpan], moment: Moment, policy: CasePolicy) -> None:
    severity = moment.severity
    last = found[-1] if found else None
    if last is not None and last.ended_at is None:
        found[-1] = replace(last, severity=_graver(last.severity, severity), clear_since=None)
    elif (
        last is not None
        and last.ended_at is not None
        and moment.at - last.ended_at <= policy.reopen_within
    ):
        found[-1] = replace(
            last,
            severity=_graver(last.severity, severity),
            state=CaseState.OPEN,
            ended_at=None,
            clear_since=None,
            reopened=last.reopened + 1,
        )
    else:
        found.append(CaseSpan(moment.at, severity))


def _moved(case: CaseSpan, event: str, moment: Moment) -> CaseSpan:
    if event == "severity_raised":
        return replace(case, severity=_graver(case.severity, moment.severity))
    if event == "resolved":
        return replace(case, clear_since=moment.state.clear_since or moment.at)
    if event in ("data_returned", "dropped") and moment.state.phase not in ACTIVE:
        return replace(case, clear_since=moment.at)
    return replace(case, clear_since=None) if event in ("no_data", "pending") else case


def _verified(
    case: CaseSpan, at: datetime, policy: CasePolicy, known_at: datetime | None = None
) -> CaseSpan:
    """The case, closed by telemetry where it has stayed clear for long enough by ``at``.

    ``known_at`` is when it came to be known that it is clear, where that is only now.
    """
    since = case.clear_since
    if case.ended_at is not None or since is None or policy.close is Closing.MANAGER:
        return case
    if at - since < policy.verify_for:
        return case
    ended_at = known_at or since + policy.verify_for
    return replace(case, state=CaseState.CLOSED, ended_at=ended_at)


def _graver(one: str, other: str) -> str:
    return max(one, other, key=lambda name: SEVERITIES.index(name) if name in SEVERITIES else -1)
