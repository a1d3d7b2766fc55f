"""Whom a case would be told to, and why."""

from dataclasses import replace
from datetime import date, timedelta

from alerts.people.route_choice import About, RouteChoice
from alerts.people.tracing import about_asset, trace
from quotawatt.rulebook.basics import Text
from quotawatt.rulebook.routes import Route
from tests.alerts.people.office import BOOK, DUTIES, NOW, OWNER, register, telling

WARNING = About("meter-silent", "warning", "MTR-1", "ORG-1")


def test_what_is_traced_is_what_would_be_told() -> None:
    office = telling()
    found = trace(office, about_asset(office, "MTR-1", "meter-silent", "critical"), NOW)
    told = [
        (int(c.after.total_seconds()) // 3600, c.recipient.key, c.channel, c.route)
        for c in found.calls
        if c.channel != "log"
    ]
    assert told == [
        (0, "account:li", "inbox", "critical"),
        (0, "account:li", "email", "critical"),
        (1, "contact:ORG-1/deputy/1", "email", "critical"),
        (5, "account:zhao", "inbox", "critical"),
        (29, "account:sun", "inbox", "critical"),
    ]


def test_who_would_be_passed_over_is_said() -> None:
    left = replace(OWNER, valid_until=date(2026, 1, 1))
    office = telling([left, *DUTIES[1:]])
    found = trace(office, WARNING, NOW)
    assert [(gone.key, gone.why) for gone in found.gone] == [("account:li", "left")]


def test_the_first_route_for_people_that_fits_counts() -> None:
    looks = {look.route.id: look for look in RouteChoice(BOOK, register()).looks(WARNING)}
    assert [name for name, look in looks.items() if look.counts] == ["systems", "warnings"]
    assert looks["critical"].differs == "severities"
    assert (looks["notes"].reached, looks["notes"].differs) == (False, "")


def test_a_route_of_ones_own_takes_nothing_from_the_channels_that_hear_everything() -> None:
    def counting(own: Route) -> list[str]:
        choice = RouteChoice(replace(BOOK, routes={"own": own, **BOOK.routes}), register())
        return [route.id for route in choice.routes_of(WARNING)]

    own = Route("own", Text("", ""), ("owner",))
    assert counting(own) == ["own", "systems"]
    assert counting(replace(own, continue_=True)) == ["own", "systems", "warnings"]


def test_a_route_is_for_organisations_by_either_parent_with_all_below() -> None:
    def differs(organisation: str, **match: tuple[str, ...]) -> str:
        route = Route("own", Text("", ""), ("owner",), **match)
        about = replace(WARNING, organisation=organisation)
        choice = RouteChoice(replace(BOOK, routes={"own": route}), register())
        return next(iter(choice.looks(about))).differs

    assert differs("ORG-1", organisations=("ORG-0",)) == ""
    assert differs("ORG-0", organisations=("ORG-1",)) == "organisations"
    assert differs("ORG-1", kinds=("meters",)) == ""
    assert differs("ORG-1", kinds=("vehicles",)) == "kinds"
    assert differs("ORG-1", rules=("quota-exhausted",)) == "rules"


def test_the_ladder_adds_its_waits() -> None:
    critical = BOOK.routes["critical"]
    hour = timedelta(hours=1)
    assert [critical.wait_for(n) for n in (1, 2, 3)] == [hour, 5 * hour, 29 * hour]
    assert [critical.rung_at(w * hour) for w in (0, 1, 4, 5, 100)] == [0, 1, 1, 2, 3]
    assert critical.escalated_to(2) == ("deputies", "supervisor")
