"""Routes of notifications: read, and everything that is wrong said with its line."""

from datetime import time, timedelta
from pathlib import Path

import pytest

from alerts.people.route_choice import About, RouteChoice
from quotawatt.errors import RulebookError
from quotawatt.register.model import Register
from quotawatt.rulebook.loader import load_rulebook
from quotawatt.rulebook.model import Rulebook
from quotawatt.rulebook.routes import Escalation, Limit, Quiet

ROUTE = """\
routes:
  - id: own
    title: {zh: 自定, en: Own}
    match: {rules: [meter-silent, "finding:rule_blind"], severities: [warning], kinds: [meters]}
    to: [owner, deputies, "channel:duty-room"]
    by: [email, duty-room]
    digest_every: 12h
    repeat_every: 2d
    quiet: {from: "20:00", until: "07:30", non_working_days: true}
    limit: {messages: 2, per: 1d}
    escalate:
      - {after: 90m, to: [supervisor]}
    continue: true
"""


def load(folder: Path, text: str, *, builtin: bool = True) -> Rulebook:
    (folder / "routes.yaml").write_text(text, encoding="utf-8")
    return load_rulebook([folder], builtin=builtin)


def test_a_route_with_everything(tmp_path: Path) -> None:
    route = load(tmp_path, ROUTE).routes["own"]
    assert route.rules == ("meter-silent", "finding:rule_blind")
    assert route.to == ("owner", "deputies", "channel:duty-room")
    assert route.by == ("email", "duty-room")
    assert (route.digest_every, route.repeat_every) == (timedelta(hours=12), timedelta(days=2))
    assert route.quiet == Quiet(time(20), time(7, 30), non_working_days=True)
    assert route.limit == Limit(2, timedelta(days=1))
    assert route.escalate == (Escalation(timedelta(minutes=90), ("supervisor",)),)
    assert route.continue_


def test_what_is_left_out_waits_for_nothing_and_matches_all(tmp_path: Path) -> None:
    text = 'routes:\n  - {id: own, title: {zh: 甲, en: A}, to: ["channel:log"], quiet: false}\n'
    route = load(tmp_path, text, builtin=False).routes["own"]
    assert (route.rules, route.severities, route.by, route.escalate) == ((), (), (), ())
    assert (route.digest_every, route.quiet, route.limit) == (timedelta(0), None, None)
    assert not route.continue_


def test_routes_of_ones_own_go_before_those_of_the_program(tmp_path: Path) -> None:
    book = load(tmp_path, ROUTE)
    choice = RouteChoice(book, Register())
    about = About("meter-silent", "critical", "gone", "")
    assert [look.route.id for look in choice.looks(about)] == [
        "own",
        "systems",
        "critical",
        "warnings",
        "notes",
    ]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("[owner, deputies, ", "[boss, ", "routes.yaml:5: an item of to must be one of owner, "),
        ("channel:duty-room", "channel:Duty Room", ":5: an item of to must be one of owner, "),
        ('[owner, deputies, "channel:duty-room"]', "[]", ":5: to must name somebody, got nobody"),
        ("[supervisor]", "[]", ":12: to must name somebody, got nobody"),
        ("meter-silent", "meter-silence", ":2: a rule of a route must be one of the rulebook, "),
        ("[warning]", "[loud]", ":4: an item of severities must be one of info, warning, critical"),
        ("[meters]", "[clocks]", ":4: an item of kinds must be one of organisations, "),
        ("[meters]", "[]", ":4: kinds must name at least one, got none"),
        (
            "[email, duty-room]",
            "[E-Mail]",
            ":6: a channel must be of at most 48 lower-case letters",
        ),
        ("12h", "often", ":7: digest_every must be a duration such as 3d, 24h or 30m, got 'often'"),
        ("90m", "0", ":12: after must be at least 1m, got 0"),
        ("90m", "soon", ":12: after must be a duration such as 3d, 24h or 30m, got 'soon'"),
        ('"20:00"', '"24:00"', ":9: from must be a time of day such as \"08:00\", got '24:00'"),
        ('"20:00"', '"07:30"', ":9: until must differ from from, got 07:30 twice"),
        ("messages: 2", "messages: 0", ":10: messages must lie in 1 to 10000, got '0'"),
        ("messages: 2", "messages: 1.5", ":10: messages must be a whole number, got 1.5"),
        ("continue: true", "continue: maybe", ":13: continue must be one of false, true"),
        ("digest_every", "digest", ":7: a key of a route must be one of id, title, to, "),
        ("per: 1d", "within: 1d", ":10: limit must have per"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    with pytest.raises(RulebookError) as caught:
        load(tmp_path, ROUTE.replace(old, new), builtin=False)
    assert message in "\n".join(caught.value.problems)


def test_a_route_of_the_same_name_as_the_programs_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RulebookError, match="warnings"):
        load(tmp_path, ROUTE.replace("id: own", "id: warnings"))


def test_the_programs_routes_reach_every_case_once() -> None:
    choice = RouteChoice(load_rulebook(), Register())
    for severity in ("info", "warning", "critical"):
        routes = choice.routes_of(About("any", severity, "gone", ""))
        assert [route.tells_people for route in routes] == [False, True]
        assert routes[1].to == ("owner",)


def test_warnings_are_one_message_a_day_by_what_costs_nothing() -> None:
    route = load_rulebook().routes["warnings"]
    assert route.limit == Limit(1, timedelta(days=1))
    assert route.digest_every == timedelta(days=1)
    assert "sms" not in route.by
