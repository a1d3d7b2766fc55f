"""What rules did is counted by rule, version and day, and added up for a review."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Engine

from quotawatt.rulebook.effects import (
    Effects,
    add_effects,
    add_evaluation,
    effects_between,
    version_of,
)
from tests.alerts.rules import RULES

RULE = RULES["quota-exhausted"]
STRICTER = replace(RULE, threshold=90.0)
AT = datetime(2024, 3, 1, 2, tzinfo=UTC)
DAY = date(2024, 3, 1)


def counted(records: Engine, first: date | None = None, until: date | None = None) -> list[Effects]:
    with records.connect() as conn:
        return [x.effects for x in effects_between(conn, first, until)]


def evaluate(records: Engine, effects: Effects, at: datetime = AT, day: date = DAY) -> None:
    with records.begin() as conn:
        add_evaluation(conn, {RULE.id: RULE}, {RULE.id: effects}, day, at)


def test_evaluations_of_a_day_add_up(records: Engine) -> None:
    evaluate(records, Effects(evaluated=10, fired=2))
    evaluate(records, Effects(evaluated=10, resolved=1), AT + timedelta(minutes=1))
    assert counted(records) == [Effects(evaluated=20, fired=2, resolved=1)]


def test_the_same_instant_is_counted_once(records: Engine) -> None:
    evaluate(records, Effects(evaluated=10, fired=2))
    evaluate(records, Effects(evaluated=10))
    evaluate(records, Effects(evaluated=10), AT - timedelta(hours=1))
    assert counted(records) == [Effects(evaluated=10, fired=2)]


def test_what_people_do_is_added_beside(records: Engine) -> None:
    evaluate(records, Effects(evaluated=10, fired=2))
    with records.begin() as conn:
        add_effects(conn, RULE, DAY, Effects(acknowledged=1))
        add_effects(conn, RULE, DAY, Effects(accepted=1))
        add_effects(conn, RULE, DAY, Effects(closed=2))
    # A row that people began does not keep a later evaluation from counting.
    with records.begin() as conn:
        add_effects(conn, STRICTER, DAY, Effects(acknowledged=1))
        add_evaluation(conn, {RULE.id: STRICTER}, {RULE.id: Effects(evaluated=3)}, DAY, AT)
    found = counted(records)
    assert Effects(evaluated=10, fired=2, acknowledged=1, accepted=1, closed=2) in found
    assert Effects(evaluated=3, acknowledged=1) in found


def test_versions_of_a_rule_are_counted_apart_and_days_can_be_chosen(records: Engine) -> None:
    assert version_of(RULE) != version_of(STRICTER)
    assert version_of(RULE) == version_of(replace(STRICTER, threshold=RULE.threshold))
    evaluate(records, Effects(evaluated=1))
    evaluate(records, Effects(evaluated=5), AT + timedelta(days=1), DAY + timedelta(days=1))
    with records.connect() as conn:
        (found,) = effects_between(conn, None, None)
    assert (found.first, found.last) == (DAY, DAY + timedelta(days=1))
    assert counted(records, DAY, DAY + timedelta(days=1)) == [Effects(evaluated=1)]
    assert counted(records, DAY + timedelta(days=1)) == [Effects(evaluated=5)]
    assert counted(records, DAY + timedelta(days=9)) == []
