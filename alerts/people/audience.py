"""Whom a step of a case is told to, by which channels, and who was passed over on the way.

==================  ==================================================  =========
step                told to                                             at once
==================  ==================================================  =========
opened, reopened,   whom the case's routes name                         yes
severity raised
escalated           the offices of the steps of the ladder that the     yes
                    step took
overdue             whom the routes name, who was escalated to,         yes
                    the assignee
reminded            whom the routes name, who was escalated to          no
assigned            the assignee                                        yes
sent back           the assignee; where there is none, whom the         yes
                    routes name
proposed closed     the manager                                         no
owner missing       the manager                                         yes
undelivered         the next in the ladder after whom it did not reach  yes
retracted           who was told                                        yes
corrected, cleared, who was told                                        no
fired again,
severity lowered,
closed
==================  ==================================================  =========

Other steps are told to nobody. Channels that a route names (``channel:NAME``) hear every step that is told.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from alerts.cases.model import Case, CaseEvent, Step
from alerts.people.addressing import Addressing, Way
from alerts.people.holders import NOBODY, Gone
from alerts.people.recipients import Recipient, recipient_by_key
from alerts.people.route_choice import About, RouteChoice
from alerts.people.telling import Telling
from quotawatt.rulebook.basics import Text
from quotawatt.rulebook.proposal import person_of
from quotawatt.rulebook.routes import OFFICES, Route

MANAGER = "manager"

AT_ONCE = frozenset(
    {
        CaseEvent.OPENED,
        CaseEvent.REOPENED,
        CaseEvent.SEVERITY_RAISED,
        CaseEvent.ESCALATED,
        CaseEvent.OVERDUE,
        CaseEvent.ASSIGNED,
        CaseEvent.SENT_BACK,
        CaseEvent.OWNER_MISSING,
        CaseEvent.UNDELIVERED,
        CaseEvent.RETRACTED,
        CaseEvent.COMMAND,
    }
)
"""Steps that may be a message of their own; the others go with a digest."""

TO_THOSE_TOLD = frozenset(
    {
        CaseEvent.RETRACTED,
        CaseEvent.CORRECTED,
        CaseEvent.CLEARED,
        CaseEvent.FIRED_AGAIN,
        CaseEvent.SEVERITY_LOWERED,
        CaseEvent.CLOSED,
    }
)
"""Steps that whoever was told of the case is told of, where they can still be told."""


@dataclass(frozen=True, slots=True)
class Addressed:
    """A way on which a step is told, and the route whose times and limits apply; empty: none."""

    way: Way
    route: str


@dataclass(frozen=True, slots=True)
class Heard:
    """Who hears of a step, each way once, and who was passed over on the way."""

    addressed: tuple[Addressed, ...] = ()
    gone: tuple[Gone, ...] = ()


@dataclass(frozen=True, slots=True)
class _Call:
    """What a step calls for on one route."""

    offices: Sequence[str] = ()
    people: Sequence[Recipient] = ()


class Audience:
    """Who hears of steps at ``now``."""

    def __init__(self, telling: Telling, now: datetime) -> None:
        self._telling = telling
        self._now = now
        self._choice = RouteChoice(telling.rulebook, telling.register)
        self._addressing = Addressing(telling, now)

    def routes_of(self, case: Case) -> tuple[Route, ...]:
        """The routes that a case takes."""
        return self._choice.routes_of(
            About(case.rule, case.severity, case.asset, case.organisation)
        )

    def hears(self, step: Step, told: Collection[Addressed] = ()) -> Heard:
        """Who hears of a step; ``told`` are the ways on which its case was told before."""
        call = _CALLS.get(step.event) or _of_command(step)
        if step.event in TO_THOSE_TOLD:
            still = (one for one in told if self._addressing.still_reaches(one.way))
            return Heard(_once(still, step.actor))
        if call is None:
            return Heard()
        routes = self.routes_of(step.case)
        addressed: list[Addressed] = []
        gone: list[Gone] = []
        for route in routes:
            wanted = call(self, step, route)
            addressed += self._called(step.case, route, wanted, gone)
            channels = self._addressing.named_channels(route.to)
            addressed += [Addressed(way, route.id) for way in channels]
        if not any(one.way.recipient.duty or one.way.recipient.account for one in addressed):
            addressed += self._nobody_reached(step, routes)
        return Heard(_once(addressed, step.actor), tuple(dict.fromkeys(gone)))

    def _called(
        self, case: Case, route: Route, wanted: _Call, gone: list[Gone]
    ) -> Iterator[Addressed]:
        people = list(wanted.people)
        for office in wanted.offices:
            found = self._addressing.holders(case.asset, route, office)
            people += found.recipients
            gone += [g for g in found.gone if self._is_missing(g, OFFICES[office], case)]
        if wanted.offices or people:
            for way in self._addressing.ways_to(people, route):
                yield Addressed(way, route.id)

    def _is_missing(self, gone: Gone, duty: str, case: Case) -> bool:
        """Whether it has to be said that a holder of the duty was passed over.

        Not that nobody is deputy or supervisor, nor that nobody is the owner where the organisation at least
        names the post that answers for it.
        """
        if gone.why != NOBODY:
            return gone.duty == duty
        organisation = self._telling.register.organisations.get(case.organisation)
        named = organisation is not None and (organisation.owner_zh or organisation.owner_en)
        return gone.duty == duty == "owner" and not named

    def _nobody_reached(self, step: Step, routes: Sequence[Route]) -> Iterator[Addressed]:
        """What no person is told goes to the managers' accounts, and to the channels of last resort."""
        home = next((route for route in routes if route.tells_people), None)
        if home is None and routes:
            return  # routes that are for channels alone
        route = home or Route("", _NO_TITLE, ())
        managers = self._addressing.holders(step.case.asset, route, MANAGER).recipients
        ways = (*self._addressing.ways_to(managers, route), *self._addressing.last_resort())
        for way in ways:
            yield Addressed(way, route.id)

    def _of_route(self, _step: Step, route: Route) -> _Call:
        return _Call(_offices(route.to))

    def _of_rungs(self, step: Step, route: Route) -> _Call:
        took = step.detail.get("to", ()) if step.detail.get("route") == route.id else ()
        return _Call(_offices(took))

    def _of_all(self, step: Step, route: Route) -> _Call:
        offices = _offices((*route.to, *route.escalated_to(step.case.escalated)))
        return _Call(offices, self._assignee(step, route) if offices else ())

    def _of_reminder(self, step: Step, route: Route) -> _Call:
        return _Call(_offices((*route.to, *route.escalated_to(step.case.escalated))))

    def _of_assignee(self, step: Step, route: Route) -> _Call:
        return _Call((), self._assignee(step, route))

    def _of_who_answers(self, step: Step, route: Route) -> _Call:
        assignee = self._assignee(step, route)
        return _Call((), assignee) if assignee else _Call(_offices(route.to))

    def _of_manager(self, _step: Step, route: Route) -> _Call:
        return _Call((MANAGER,) if route.tells_people else ())

    def _of_next(self, step: Step, route: Route) -> _Call:
        """The first in the ladder whom it is not that the message did not reach."""
        failed = step.detail.get("recipient", "")
        for office in OFFICES if route.tells_people else ():
            found = self._addressing.holders(step.case.asset, route, office).recipients
            if others := [r for r in found if r.key != failed]:
                return _Call((), others)
        return _Call()

    def _assignee(self, step: Step, route: Route) -> tuple[Recipient, ...]:
        key = step.case.assignee
        if not key or not route.tells_people:
            return ()
        found = recipient_by_key(self._telling.staff, key, self._now)
        return () if found is None else (found,)


_CALLS: Mapping[CaseEvent, Callable[[Audience, Step, Route], _Call]] = {
    CaseEvent.OPENED: Audience._of_route,
    CaseEvent.REOPENED: Audience._of_route,
    CaseEvent.SEVERITY_RAISED: Audience._of_route,
    CaseEvent.ESCALATED: Audience._of_rungs,
    CaseEvent.OVERDUE: Audience._of_all,
    CaseEvent.REMINDED: Audience._of_reminder,
    CaseEvent.ASSIGNED: Audience._of_assignee,
    CaseEvent.SENT_BACK: Audience._of_who_answers,
    CaseEvent.PROPOSED: Audience._of_manager,
    CaseEvent.OWNER_MISSING: Audience._of_manager,
    CaseEvent.UNDELIVERED: Audience._of_next,
}


# What a command has come to -> who is told: it waits for a second person, or the device has not obeyed.
_COMMAND_CALLS: Mapping[str, Callable[[Audience, Step, Route], _Call]] = {
    "asked": Audience._of_manager,
    "failed": Audience._of_who_answers,
    "timed_out": Audience._of_who_answers,
}

_NO_TITLE = Text("", "")


def _of_command(step: Step) -> Callable[[Audience, Step, Route], _Call] | None:
    called = _COMMAND_CALLS.get(str(step.detail.get("step")))
    return called if step.event is CaseEvent.COMMAND else None


def _offices(to: Sequence[str]) -> tuple[str, ...]:
    return tuple(name for name in dict.fromkeys(to) if name in OFFICES)


def _once(addressed: Iterable[Addressed], actor: str) -> tuple[Addressed, ...]:
    """Each way once, on the first route that has it; who took the step by themselves is not told of it."""
    found: dict[tuple[str, str], Addressed] = {}
    for one in addressed:
        if one.way.recipient.key != f"account:{person_of(actor)}":
            found.setdefault((one.way.recipient.key, one.way.channel), one)
    return tuple(found.values())
