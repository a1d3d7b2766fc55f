"""Whom a rule is for, when it looks, which values it judges."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotawatt.register.model import Building, Meter, Organisation, Register, Site, Vehicle
from quotawatt.rulebook.alert_rules import AppliesTo, Days, Direction, Judged, Level, When
from quotawatt.rulebook.difference import plain
from tests.alerts.rules import RULES

SHANGHAI = ZoneInfo("Asia/Shanghai")
_FIRST = datetime(2010, 1, 1, tzinfo=UTC)
INSTANTS = st.integers(0, 17 * 365 * 86_400).map(lambda s: _FIRST + timedelta(seconds=s))
REGISTER = Register(
    organisations=[Organisation("ORG-1", "局", "Bureau", "party_government", "city")],
    sites=[Site("SITE-1", "院", "Court", "Asia/Shanghai", "shandong", "B")],
    buildings=[Building("BLD-1", "楼", "Building", "SITE-1", "ORG-1", 1000.0)],
    meters=[Meter("MTR-1", "表", "Meter", "BLD-1", "electricity")],
    vehicles=[Vehicle("VEH-1", "车", "Car", "ORG-1", "鲁Z1", "car", "petrol")],
)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).astimezone(UTC)


@pytest.mark.parametrize(
    ("only", "matching"),
    [
        (AppliesTo(), ["BLD-1", "GONE", "MTR-1", "SITE-1", "VEH-1"]),
        (AppliesTo(kinds=["meters", "vehicles"]), ["MTR-1", "VEH-1"]),
        (AppliesTo(organisation_kinds=["party_government"]), ["BLD-1", "MTR-1", "VEH-1"]),
        (AppliesTo(organisation_kinds=["school"]), []),
        (AppliesTo(assets=["MTR-1", "GONE"]), ["GONE", "MTR-1"]),
        (AppliesTo(kinds=["meters"], assets=["BLD-1"]), []),
    ],
)
def test_whom_a_rule_is_for(only: AppliesTo, matching: list[str]) -> None:
    codes = ["BLD-1", "GONE", "MTR-1", "SITE-1", "VEH-1"]
    assert [code for code in codes if only.matches(REGISTER, code)] == matching


def test_hours_past_midnight_belong_to_the_day_on_which_they_begin() -> None:
    nights = When(Days.WORKING, time(22), time(6))
    assert nights.covers(local("2023-05-12T22:00"), SHANGHAI)  # a Friday
    assert nights.covers(local("2023-05-13T05:59"), SHANGHAI)  # its night goes on
    assert not nights.covers(local("2023-05-13T06:00"), SHANGHAI)
    assert not nights.covers(local("2023-05-13T22:00"), SHANGHAI)  # a Saturday
    assert not nights.covers(local("2023-05-15T05:59"), SHANGHAI)  # Sunday's night


def test_working_days_are_those_of_the_calendar() -> None:
    working, other = When(Days.WORKING), When(Days.NON_WORKING)
    for text, works in [
        ("2023-05-06T10:00", True),  # a Saturday that was worked
        ("2023-05-03T10:00", False),  # Labour Day holidays, a Wednesday
        ("2023-05-08T23:59", True),
    ]:
        assert working.covers(local(text), SHANGHAI) is works
        assert other.covers(local(text), SHANGHAI) is not works


@given(
    INSTANTS,
    st.times(),
    st.times(),
    st.sampled_from(["Asia/Shanghai", "Europe/Berlin"]),
)
def test_what_is_within_hours_is_outside_the_rest_of_the_day(
    instant: datetime, first: time, until: time, zone: str
) -> None:
    inside = When(from_=first, until=until).covers(instant, ZoneInfo(zone))
    rest = When(from_=until, until=first).covers(instant, ZoneInfo(zone))
    assert inside is not rest or first == until


@given(INSTANTS)
def test_a_day_is_either_a_working_one_or_not(instant: datetime) -> None:
    found = [When(days).covers(instant, SHANGHAI) for days in (Days.WORKING, Days.NON_WORKING)]
    assert sorted(found) == [False, True]


def test_both_ends_of_what_is_judged_are_included() -> None:
    judged = Judged(150, 300)
    assert [judged.includes(value) for value in (149.9, 150, 300, 300.1)] == [
        *(False, True),
        *(True, False),
    ]
    assert Judged(least=0.2).includes(1e9)


def test_at_a_limit_nothing_lies_beyond_it() -> None:
    assert not Direction.ABOVE.beyond(5, 5)
    assert not Direction.BELOW.beyond(5, 5)
    assert Direction.BELOW.beyond(4, 5)


def test_the_first_step_is_the_rules_own() -> None:
    assert RULES["use-above-expected"].steps == (Level("warning", 15, 5),)


def test_a_rule_is_plain_json_with_its_hours() -> None:
    shown = plain(When(Days.WORKING, time(22), time(6)))
    assert shown == {"days": "working", "from_": "22:00:00", "until": "06:00:00"}
    assert (
        plain(RULES["use-above-expected"])["case"]["verify_for"]
        == timedelta(days=1).total_seconds()
    )
