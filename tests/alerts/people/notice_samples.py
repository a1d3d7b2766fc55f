"""Notices and cases as values, for the tests of what people are told."""

from datetime import UTC, datetime, timedelta

from alerts.cases.model import CaseState
from alerts.people.notices import Matter, Notice

T0 = datetime(2026, 11, 3, 1, tzinfo=UTC)  # a Tuesday, 09:00 in Shanghai
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def notice(
    number: int,
    *,
    case: int = 0,
    event: str = "opened",
    at: datetime = T0,
    recipient: str = "account:li",
    channel: str = "email",
    route: str = "warnings",
    site: str = "S1",
    severity: str = "warning",
    at_once: bool = True,
    reason: str = "",
) -> Notice:
    """A notice that waits; its case has the same number where none is given."""
    return Notice(
        id=number,
        case=case or number,
        event=event,
        at=at,
        recipient=recipient,
        channel=channel,
        route=route,
        site=site,
        rule="meter-silent",
        severity=severity,
        at_once=at_once,
        reason=reason,
    )


def matter(
    case: int,
    *,
    rule: str = "meter-silent",
    subject: str = "M1",
    organisation: str = "ORG",
    site: str = "S1",
    severity: str = "warning",
    state: CaseState = CaseState.OPEN,
    firing: bool = True,
) -> Matter:
    """A case as matchers see it."""
    return Matter(
        case=case,
        rule=rule,
        subject=subject,
        asset=subject.partition("/")[0],
        organisation=organisation,
        site=site,
        severity=severity,
        state=state,
        firing=firing,
    )
