"""Deviations: found, retracted, found again; explained by one and decided by another; numbers stay."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from quotawatt.errors import InputError, NotFoundError, StateError
from quotawatt.explanations.values import Act
from quotawatt.fleet.deviations_book import Entered, decide, enter, explain, retract_all
from quotawatt.fleet.deviations_kept import deviations_within, read, standing_deviations
from quotawatt.fleet.trips import Deviation
from quotawatt.spans import Span

START = datetime(2026, 3, 2, 1, tzinfo=UTC)
DAY = timedelta(days=1)
SPAN = Span(START, START + DAY)
RULES = frozenset({"idling", "speeding"})
OFFICER, MANAGER = "user:li.na", "user:wang"


def deviation(rule: str = "idling", after_h: int = 0, value: float = 20.0) -> Deviation:
    start = START + timedelta(hours=after_h)
    return Deviation(rule, "CAR-1", start, start + timedelta(minutes=20), None, value, 10.0, "min")


def put(records: Engine, *found: Deviation, at: datetime = SPAN.end) -> Entered:
    with records.begin() as conn:
        return enter(conn, "CAR-1", SPAN, RULES, found, at)


def state_of(records: Engine, number: int) -> str:
    with records.connect() as conn:
        return read(conn, number).state


def test_the_same_again_changes_nothing_and_what_is_gone_is_retracted(records: Engine) -> None:
    assert put(records, deviation(), deviation("speeding", 3)) == Entered(new=2)
    assert put(records, deviation(), deviation("speeding", 3)) == Entered(standing=2)
    assert put(records, deviation(value=25.0)) == Entered(standing=1, retracted=1)
    with records.connect() as conn:
        (kept,) = standing_deviations(conn)
    assert (kept.deviation, kept.found_at) == (deviation(value=25.0), SPAN.end)
    assert put(records, deviation(value=25.0), deviation("speeding", 3)) == Entered(
        again=1, standing=1
    )
    with records.connect() as conn:
        assert [kept.number for kept in deviations_within(conn, SPAN, {"CAR-1"})] == [1, 2]


def test_other_rules_vehicles_and_times_are_left_alone(records: Engine) -> None:
    put(records, deviation(), deviation("speeding", 3))
    with records.begin() as conn:
        enter(conn, "CAR-1", SPAN, {"idling"}, [], SPAN.end)
        enter(conn, "CAR-2", SPAN, RULES, [], SPAN.end)
        enter(conn, "CAR-1", Span(START + 5 * DAY, START + 6 * DAY), RULES, [], SPAN.end)
    with records.connect() as conn:
        assert [k.deviation.rule for k in standing_deviations(conn)] == ["speeding"]


def test_somebody_else_decides_and_the_words_stay(records: Engine) -> None:
    put(records, deviation())
    with records.begin() as conn:
        with pytest.raises(StateError, match="must be explained for 'accept', got open"):
            decide(conn, 1, accept=True, act=Act(MANAGER, SPAN.end))
        with pytest.raises(InputError, match="must be 1 to"):
            explain(conn, 1, Act(OFFICER, SPAN.end, "  "))
        told = explain(conn, 1, Act(OFFICER, SPAN.end, " flood control "))
        assert (told.state, told.explanation) == ("explained", "flood control")
        with pytest.raises(StateError, match="somebody who did not explain it"):
            decide(conn, 1, accept=True, act=Act(OFFICER, SPAN.end))
        with pytest.raises(InputError, match="a rejection"):
            decide(conn, 1, accept=False, act=Act(MANAGER, SPAN.end))
        done = decide(conn, 1, accept=True, act=Act(MANAGER, SPAN.end, "as ordered"))
        assert (done.state, done.decided_by, done.decision_note) == (
            "accepted",
            MANAGER,
            "as ordered",
        )
        assert standing_deviations(conn) == []
        with pytest.raises(StateError):
            explain(conn, 1, Act(OFFICER, SPAN.end, "again"))
        with pytest.raises(NotFoundError):
            read(conn, 99)


def test_what_was_accepted_and_comes_back_otherwise_is_to_be_decided_anew(records: Engine) -> None:
    put(records, deviation())
    with records.begin() as conn:
        explain(conn, 1, Act(OFFICER, SPAN.end, "flood control"))
        decide(conn, 1, accept=True, act=Act(MANAGER, SPAN.end))
    assert put(records, deviation()) == Entered(standing=1)
    assert state_of(records, 1) == "accepted"
    assert put(records) == Entered(retracted=1)
    assert put(records, deviation()) == Entered(again=1)
    assert state_of(records, 1) == "explained"
    with records.begin() as conn:
        assert retract_all(conn, "CAR-1") == 1
    assert state_of(records, 1) == "retracted"
