"""How cases went, reckoned by hand, and read from a store."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from alerts.cases.acts import acknowledge, close, reopen
from alerts.cases.facts import FACTS, facts_between
from alerts.cases.statistics import Spread, Summary, by_group, statistics_of, summary_of
from quotawatt.calendars import is_working_day
from quotawatt.spans import Span, local_date
from tests.alerts.cases.scene import HOUR, NOW, REGISTER, ZONE, Desk, act, fired
from tests.alerts.rules import DAY

LATER = NOW + 30 * DAY


def fact(number: int, **known: Any) -> dict[str, Any]:
    """A case that was opened at ``NOW`` and is open, to be put right by 9 June."""
    usual = {
        "id": number,
        "rule": "over",
        "organisation": "ORG-2",
        "state": "open",
        "firing": True,
        "opened_at": NOW,
        "closed_at": None,
        "closed_how": "",
        "due_on": date(2023, 6, 9),
        "reopened": 0,
        "first_acknowledged_at": None,
    }
    return {**usual, **known}


def closed(number: int, after: timedelta, how: str = "telemetry", **known: Any) -> dict[str, Any]:
    ended = {"state": "closed", "closed_how": how, "closed_at": NOW + after, "firing": False}
    return fact(number, **ended, **known)


def counted(*facts: Mapping[str, Any], now: datetime = LATER) -> pa.Table:
    return statistics_of(pa.Table.from_pylist(list(facts), schema=FACTS), now, ZONE)


def test_counts_and_times_of_a_handful() -> None:
    taken_up = {"first_acknowledged_at": NOW + 2 * HOUR}
    found = summary_of(
        counted(
            fact(1),  # open, and overdue
            fact(2, state="acknowledged", due_on=None, **taken_up),
            closed(3, 2 * DAY, "manager", **taken_up),
            closed(4, 4 * DAY),  # on the last day
            closed(5, 10 * DAY, reopened=1, first_acknowledged_at=NOW + 8 * HOUR),  # too late
            {**closed(6, DAY), "state": "retracted", "closed_how": "retracted"},
        )
    )
    assert replace(found, times={}) == Summary(
        cases=6,
        open=2,
        firing=2,
        closed_by_telemetry=2,
        closed_by_manager=1,
        retracted=1,
        unanswered=1,
        overdue=2,
        reopened=1,
        in_time_pct=50.0,
        times={},
    )
    assert {name: (one.median, one.p90) for name, one in found.times.items()} == {
        "acknowledge_h": pytest.approx((2.0, 6.8)),
        "acknowledge_working_days": (0.0, 0.0),
        "close_h": pytest.approx((96.0, 211.2)),
        # 7 June, 9 June, 15 June: 2, 4 and 8 working days after Monday the 5th.
        "close_working_days": pytest.approx((4.0, 7.2)),
    }


def test_of_nothing_nothing_is_said() -> None:
    found = summary_of(counted())
    assert (found.cases, found.in_time_pct) == (0, None)
    assert set(found.times.values()) == {Spread(None, None)}
    assert by_group(counted(), "rule") == {}


def test_what_is_not_due_yet_says_nothing_of_being_in_time() -> None:
    found = summary_of(counted(fact(1), now=NOW + DAY))
    assert (found.overdue, found.in_time_pct) == (0, None)


def test_an_organisation_counts_those_below_it() -> None:
    table = counted(fact(1), fact(2), fact(3, organisation="ORG-1"), fact(4, organisation=""))
    found = by_group(table, "organisation", lambda code: REGISTER.path_of(code) or (code,))
    assert {code: one.cases for code, one in found.items()} == {"": 1, "ORG-1": 3, "ORG-2": 2}


def test_months_are_local() -> None:
    last_hour = datetime(2023, 6, 30, 17, tzinfo=UTC)
    assert list(by_group(counted(fact(1, opened_at=last_hour)), "month")) == ["2023-07"]


@given(
    start=st.integers(0, 20_000),
    hours=st.integers(0, 5000),
)
def test_working_days_are_those_after_the_day_of_the_opening(start: int, hours: int) -> None:
    opened = datetime(2022, 1, 1, tzinfo=UTC) + start * HOUR
    ended = opened + hours * HOUR
    table = counted(closed_between(opened, ended))
    first, last = local_date(opened, ZONE), local_date(ended, ZONE)
    days = [first + timedelta(days=n + 1) for n in range((last - first).days)]
    assert table["close_working_days"].to_pylist() == [sum(map(is_working_day, days))]
    assert table["close_h"].to_pylist() == [hours]


def closed_between(opened: datetime, ended: datetime) -> dict[str, Any]:
    how = {"state": "closed", "closed_how": "manager"}
    return fact(1, opened_at=opened, closed_at=ended, **how)


def test_facts_are_read_with_the_first_acknowledgement(records: Engine) -> None:
    desk = Desk(records)
    number = desk.happen(fired(), "fired")[0].case.id
    desk.do(acknowledge, number, act(at=NOW + HOUR))
    desk.do(close, number, act("wang", "fine", NOW + 2 * HOUR))
    desk.do(reopen, number, act("wang", "it is not", NOW + 3 * HOUR))
    desk.do(acknowledge, number, act(at=NOW + 4 * HOUR))
    desk.happen(fired("VEH-1"), "fired", at=NOW + DAY)
    with records.connect() as conn:
        facts = facts_between(conn, Span(NOW, NOW + DAY))
        both = facts_between(conn, Span(NOW, NOW + 2 * DAY))
    (row,) = facts.to_pylist()
    assert facts.schema == FACTS
    assert (row["id"], row["first_acknowledged_at"], row["reopened"]) == (number, NOW + HOUR, 1)
    assert (row["state"], row["closed_at"]) == ("acknowledged", None)
    assert both["organisation"].to_pylist() == ["ORG-2", "ORG-3"]
