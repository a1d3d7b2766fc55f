"""From the cells of a form to an entry: assets, quantities, local days, amounts."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from quotawatt.register.rows import Row
from tests.quotawatt.hand.world import (
    NOW,
    SETTING,
    bill,
    broken,
    entry,
    fuel,
    plan,
    reading,
    row,
)


def test_a_time_without_a_zone_is_that_of_the_asset() -> None:
    assert entry(reading("2024-05-31T09:00", 1.0)).start == datetime(2024, 5, 31, 1, tzinfo=UTC)
    assert entry(reading("2024-05-31T09:00", 1.0, "BERLIN")).start.hour == 7
    given = entry(reading("2024-05-31T09:00+00:00", 1.0, "BERLIN"))
    assert given.start == given.end == datetime(2024, 5, 31, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("asset", "first", "last", "hours"),
    [
        ("WATER", "2024-03-31", "2024-03-31", 24),
        ("BERLIN", "2024-03-31", "2024-03-31", 23),
        ("BERLIN", "2023-10-29", "2023-10-29", 25),
        ("BERLIN", "2024-03-01", "2024-03-31", 31 * 24 - 1),
    ],
)
def test_days_are_local_and_both_included(asset: str, first: str, last: str, hours: int) -> None:
    made = entry(bill(first, last, 1.0, asset), "hand_bills")
    assert made.end - made.start == timedelta(hours=hours)


def test_heat_by_area_takes_the_area_of_its_day() -> None:
    now = bill("2024-01-01", "2024-01-31", None, "HEAT", gj_per_m2=0.1)  # type: ignore[arg-type]
    before = bill("2023-12-01", "2023-12-31", None, "HEAT", gj_per_m2=0.1)  # type: ignore[arg-type]
    assert entry(now, "hand_bills").amount == pytest.approx(80.0)
    assert entry(before, "hand_bills").amount == pytest.approx(60.0)
    gross = row(
        asset="BLD-2",
        quantity="heat_gj",
        first_day="2024-01-01",
        last_day="2024-01-31",
        gj_per_m2=0.1,
    )
    assert entry(gross, "hand_bills").amount == pytest.approx(50.0)


def test_what_was_bought_and_not_left_was_used() -> None:
    made = entry(
        fuel("2024-05-01", "2024-05-31", 500.0, opening=120.0, closing=70.0), "hand_purchases"
    )
    assert (made.amount, made.quantity) == (550.0, "coal_kg")
    assert made.per_day == pytest.approx(550 / 31)


def test_a_name_may_follow_the_code_as_in_the_templates_lists() -> None:
    assert entry(reading("2024-05-01", 1.0, "WATER 水表")).asset == "WATER"


MAY = ("2024-05-01", "2024-05-31")


@pytest.mark.parametrize(
    ("form", "of", "problems"),
    [
        ("hand_readings", reading("2024-05-01", 1.0, "NOPE"), [("asset", "asset")]),
        ("hand_readings", reading("2024-05-01", 1.0, "BLD-1"), [("asset", "asset_kind")]),
        ("hand_readings", reading("2024-05-01", 1.0, "EQ-1"), [("asset", "asset_kind")]),
        ("hand_readings", reading("2024-05-01", 1.0, "CAR-1"), [("quantity", "quantity_missing")]),
        (
            "hand_readings",
            reading("2024-05-01", 1.0, quantity="heat_gj"),
            [("quantity", "quantity_of_asset")],
        ),
        (
            "hand_readings",
            reading("2024-05-01", 1.0, quantity="temperature_c"),
            [("quantity", "quantity")],
        ),
        ("hand_readings", reading("2024-05-01", 1.0, confirm="yes"), [("confirm", "confirm")]),
        ("hand_readings", reading("2024-07-02", 1.0), [("time", "future")]),
        ("hand_readings", reading("9999-12-31", 1.0), [("time", "future")]),
        ("hand_readings", reading("0001-01-01", 1.0), [("time", "too_early")]),
        ("hand_bills", bill("2024-05-02", "2024-05-01", 1.0), [("last_day", "days")]),
        ("hand_bills", bill("2024-05-01", "9999-12-31", 1.0), [("last_day", "future")]),
        ("hand_bills", bill("2020-05-01", "2024-05-01", 1.0), [("last_day", "too_long")]),
        (
            "hand_bills",
            row(asset="WATER", first_day=MAY[0], last_day=MAY[1]),
            [("amount", "amount_missing")],
        ),
        ("hand_bills", bill(*MAY, 1.0, gj_per_m2=0.1), [("amount", "amount_twice")]),
        (
            "hand_bills",
            row(asset="WATER", first_day=MAY[0], last_day=MAY[1], gj_per_m2=0.1),
            [("gj_per_m2", "rate_of_heat")],
        ),
        (
            "hand_bills",
            row(
                asset="BLD-3", quantity="heat_gj", first_day=MAY[0], last_day=MAY[1], gj_per_m2=0.1
            ),
            [("asset", "area_unknown")],
        ),
        ("hand_purchases", fuel(*MAY, 10.0, closing=11.0), [("closing", "negative_use")]),
        (
            "hand_purchases",
            fuel(*MAY, 10.0, quantity="fuel_used_l"),
            [("quantity", "quantity_of_asset")],
        ),
    ],
)
def test_what_no_entry_can_be_made_of(form: str, of: Row, problems: list[tuple[str, str]]) -> None:
    found = plan(of, form=form)
    assert broken(found) == problems
    assert found.added == ()


def test_what_somebody_does_not_reach_is_as_if_it_were_not_there() -> None:
    blind = replace(SETTING, sees=lambda code: code != "WATER")
    assert broken(plan(reading("2024-05-01", 1.0), setting=blind)) == [("asset", "asset")]


def test_all_rows_are_judged_at_once_and_an_unreadable_one_is_passed_over() -> None:
    unread = Row(row().where, {"asset": "WATER", "value": 3.0})  # its time could not be read
    found = plan(unread, reading("2024-05-01", 1.0, "NOPE"), reading("2024-08-01", 1.0))
    assert broken(found) == [("asset", "asset"), ("time", "future")]
    assert NOW.year == 2024
