"""Who would be told of a case, by which channel, and why: routing as it is done, without a case."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from alerts.cases.model import Case, CaseEvent, CaseState, Step
from alerts.people.audience import Audience, Heard
from alerts.people.holders import Gone
from alerts.people.recipients import Recipient
from alerts.people.route_choice import About, Look, RouteChoice
from alerts.people.telling import Telling
from alerts.places import site_of


@dataclass(frozen=True, slots=True)
class Call:
    """That somebody would be told.

    after
        Wait since the case was told of: zero at first, then that of a step of the ladder.
    """

    after: timedelta
    route: str
    recipient: Recipient
    channel: str


@dataclass(frozen=True, slots=True)
class Trace:
    """What would come of a case.

    looks
        All routes in turn, and why each does or does not count.
    calls
        By wait, then in the order of the routes; each way once a wait.
    gone
        Holders of duties who would be passed over at first.
    """

    looks: tuple[Look, ...]
    calls: tuple[Call, ...]
    gone: tuple[Gone, ...]


def about_asset(telling: Telling, asset: str, rule: str, severity: str) -> About:
    """What routes look at in a case of a rule over an asset."""
    return About(rule, severity, asset, telling.register.organisation_of(asset) or "")


def trace(telling: Telling, about: About, now: datetime) -> Trace:
    """Who would be told of a case that is opened at ``now`` and that nobody ever acknowledges."""
    case = _case(telling, about, now)
    audience = Audience(telling, now)
    first = audience.hears(Step(case, CaseEvent.OPENED, now, ""))
    calls = [*_calls(first, timedelta(0))]
    for route in audience.routes_of(case):
        for number, rung in enumerate(route.escalate, 1):
            detail = {"route": route.id, "rung": number, "to": list(rung.to)}
            climbed = replace(case, escalated=number)
            heard = audience.hears(Step(climbed, CaseEvent.ESCALATED, now, "", detail=detail))
            calls += _calls(heard, route.wait_for(number))
    looks = RouteChoice(telling.rulebook, telling.register).looks(about)
    return Trace(tuple(looks), tuple(sorted(calls, key=lambda call: call.after)), first.gone)


def _case(telling: Telling, about: About, now: datetime) -> Case:
    return Case(
        id=0,
        rule=about.rule,
        subject=about.asset,
        asset=about.asset,
        organisation=about.organisation,
        site=site_of(telling.register, about.asset),
        source="",
        severity=about.severity,
        state=CaseState.OPEN,
        firing=True,
        began_at=now,
        opened_at=now,
        changed_at=now,
    )


def _calls(heard: Heard, after: timedelta) -> Iterator[Call]:
    for one in heard.addressed:
        yield Call(after, one.route, one.way.recipient, one.way.channel)
