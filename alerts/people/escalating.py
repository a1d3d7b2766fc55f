"""What is due in cases that nobody answers: the ladder's next steps, reminders, due days that have passed.

The ladder's clock runs from the first message about the case since it was opened or reopened, for nobody
answers what they were not told; while all that is to be said of a case is held, it stands. Waits are real
hours. Steps that came due while nothing ran, or in quiet hours, are taken together. Critical cases escalate
in quiet hours, too. Nobody is called in over, or reminded of, a case that is about to close by itself.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from alerts.cases.book import Deed, read_cases, take_steps
from alerts.cases.model import OPEN_STATES, Act, Case, CaseEvent, CaseState, Step
from alerts.cases.rows import in_chunks
from alerts.people.audience import Audience
from alerts.people.notices import CRITICAL, SENT, WAITING
from alerts.people.telling import Telling
from alerts.people.windows import quiet_until
from alerts.places import zone_of
from quotawatt.rulebook.alert_rules import SEVERITIES, CasePolicy, Closing
from quotawatt.rulebook.model import Rulebook
from quotawatt.rulebook.routes import Route
from quotawatt.spans import DAY, local_date
from quotawatt.storage.case_tables import case_steps, cases, notices
from quotawatt.storage.tables import outbox

ACTOR = "alerts"
"""Who the ledger names for what is done without a person."""

_BEGINNINGS = (CaseEvent.OPENED.value, CaseEvent.REOPENED.value)


def due_steps(conn: Connection, telling: Telling, now: datetime) -> list[Step]:
    """Take the steps that are due at ``now``: ``escalated``, ``overdue``, ``reminded``. They are to be told.

    ``conn`` comes from ``engine.begin()``. A second call at the same ``now`` takes none.
    """
    found = read_cases(conn, _candidates(conn, telling.rulebook, now), lock=True)
    overdue = _said_overdue(conn, [c.id for c in found.values() if c.due_on is not None])
    judge = _Judge(telling, now, _since(conn, found), overdue)
    return take_steps(conn, [deed for case in found.values() for deed in judge.due(case)])


def _candidates(conn: Connection, rulebook: Rulebook, now: datetime) -> list[int]:
    """Numbers of the open cases in which something may be due; the others are not read."""
    may = [cases.c.due_on <= (now + DAY).date()]
    for severity in SEVERITIES:
        routes = [r for r in rulebook.routes.values() if severity in (r.severities or SEVERITIES)]
        unanswered = and_(cases.c.state == CaseState.OPEN.value, cases.c.severity == severity)
        may += [unanswered & condition for condition in _may_be_due(routes, now)]
    open_ones = cases.c.state.in_([state.value for state in OPEN_STATES])
    query = select(cases.c.id).where(open_ones, or_(*may)).order_by(cases.c.id)
    return list(conn.execute(query).scalars())


def _may_be_due(routes: Sequence[Route], now: datetime) -> Iterator[ColumnElement[bool]]:
    """What holds of every case that is to be escalated or brought up again on one of these routes."""
    for rung in range(max((len(route.escalate) for route in routes), default=0)):
        wait = min(route.wait_for(rung + 1) for route in routes if len(route.escalate) > rung)
        yield and_(cases.c.escalated == rung, cases.c.opened_at <= now - wait)
    if repeats := [route.repeat_every for route in routes if route.repeat_every]:
        yield func.coalesce(cases.c.reminded_at, cases.c.opened_at) <= now - min(repeats)


def _since(conn: Connection, found: Mapping[int, Case]) -> Mapping[int, datetime]:
    """Since when each case waits for an answer; none for those that people are still to be told of."""
    begun = _begun(conn, found)
    told, untold = _told(conn, found, begun)
    unheld = {n: begun.get(n, case.opened_at) for n, case in found.items() if n not in untold}
    return {**unheld, **told}


def _begun(conn: Connection, numbers: Collection[int]) -> Mapping[int, datetime]:
    """When each case was last opened or reopened."""
    found: dict[int, datetime] = {}
    for some in in_chunks(sorted(numbers)):
        query = (
            select(case_steps.c.case, func.max(case_steps.c.at).label("at"))
            .where(case_steps.c.case.in_(some), case_steps.c.action.in_(_BEGINNINGS))
            .group_by(case_steps.c.case)
        )
        found |= {row.case: row.at for row in conn.execute(query)}
    return found


def _told(
    conn: Connection, numbers: Collection[int], begun: Mapping[int, datetime]
) -> tuple[dict[int, datetime], set[int]]:
    """When the first message about each case went since it began, and the cases of which notices wait."""
    told: dict[int, datetime] = {}
    untold: set[int] = set()
    for some in in_chunks(sorted(numbers)):
        query = (
            select(notices.c.case, notices.c.state, outbox.c.created_at)
            .outerjoin(outbox, outbox.c.key == notices.c.message)
            .where(notices.c.case.in_(some), notices.c.state.in_((SENT, WAITING)))
            .where(notices.c.recipient.not_like("channel:%"))
        )
        for number, state, at in conn.execute(query):
            if state == WAITING:
                untold.add(number)
            elif at is not None and at >= begun.get(number, at):
                told[number] = min(told.get(number, at), at)
    return told, untold


def _said_overdue(conn: Connection, numbers: Iterable[int]) -> set[tuple[int, str]]:
    """The cases that say already that their due day has passed, with that day."""
    found: set[tuple[int, str]] = set()
    for some in in_chunks(sorted(numbers)):
        query = select(case_steps.c.case, case_steps.c.detail).where(
            case_steps.c.case.in_(some), case_steps.c.action == CaseEvent.OVERDUE.value
        )
        found |= {(number, detail["due_on"]) for number, detail in conn.execute(query)}
    return found


class _Judge:
    """What is due in a case at ``now``."""

    def __init__(
        self,
        telling: Telling,
        now: datetime,
        since: Mapping[int, datetime],
        said_overdue: Collection[tuple[int, str]],
    ) -> None:
        self._telling = telling
        self._now = now
        self._since = since
        self._said_overdue = said_overdue
        self._audience = Audience(telling, now)
        self._act = Act(ACTOR, now, "")
        self._is_quiet = cache(lambda quiet, zone: quiet_until(quiet, now, zone) is not None)

    def due(self, case: Case) -> Iterator[Deed]:
        """What is overdue, the next step of the ladder; a reminder where there is neither."""
        due_on = self._passed(case)
        says_overdue = (
            due_on is not None and (case.id, due_on.isoformat()) not in self._said_overdue
        )
        if due_on is not None and says_overdue:
            yield self._deed(case, CaseEvent.OVERDUE, {"due_on": due_on.isoformat()})
        since, route = self._since.get(case.id), self._home(case)
        if since is None or route is None or self._closes_by_itself(case):
            return
        if (rung := self._rung(case, route, since)) > case.escalated:
            yield self._escalation(case, route, rung)
        elif not says_overdue and self._reminds(case, route, since, overdue=due_on is not None):
            yield self._deed(case, CaseEvent.REMINDED, {"route": route.id})

    def _passed(self, case: Case) -> date | None:
        """The due day of a case, where it is over at the site."""
        if case.due_on is None or local_date(self._now, self._zone(case)) <= case.due_on:
            return None
        return case.due_on

    def _closes_by_itself(self, case: Case) -> bool:
        """Whether the condition is clear, and telemetry closes the case once it has stayed so."""
        rule = self._telling.rulebook.rules.get(case.rule)
        policy = CasePolicy() if rule is None else rule.case
        return case.clear_since is not None and policy.close is Closing.TELEMETRY

    def _home(self, case: Case) -> Route | None:
        """The first of the case's routes that tells people."""
        routes = self._audience.routes_of(case)
        return next((route for route in routes if route.tells_people), None)

    def _rung(self, case: Case, route: Route, since: datetime) -> int:
        """The step of the ladder that the case is at; that of before where it must not go on now."""
        if case.state is not CaseState.OPEN:
            return case.escalated
        held = case.severity != CRITICAL and self._is_quiet(route.quiet, self._zone(case))
        return case.escalated if held else route.rung_at(self._now - since)

    def _zone(self, case: Case) -> ZoneInfo:
        return zone_of(self._telling.register, case.asset, self._telling.zone)

    def _escalation(self, case: Case, route: Route, rung: int) -> Deed:
        called = [to for step in route.escalate[case.escalated : rung] for to in step.to]
        detail = {"route": route.id, "rung": rung, "to": list(dict.fromkeys(called))}
        return self._deed(case, CaseEvent.ESCALATED, detail, {"escalated": rung})

    def _reminds(self, case: Case, route: Route, since: datetime, *, overdue: bool) -> bool:
        last = max(since, case.reminded_at or since)
        return (
            (case.state is CaseState.OPEN or overdue)
            and route.repeat_every > timedelta(0)
            and self._now - last >= route.repeat_every
        )

    def _deed(
        self,
        case: Case,
        event: CaseEvent,
        detail: Mapping[str, Any],
        changes: Mapping[str, Any] | None = None,
    ) -> Deed:
        return Deed(case, event, self._act, detail, {"reminded_at": self._now, **(changes or {})})
