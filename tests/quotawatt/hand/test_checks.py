"""What is wrong with entries by themselves, and beside those before and after."""

from dataclasses import replace
from datetime import UTC, datetime
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotawatt.hand.entries import Entry
from quotawatt.register.rows import Row
from tests.quotawatt.hand.world import (
    SETTING,
    bill,
    broken,
    entry,
    fuel,
    plan,
    reading,
)


def kept(*rows: Row, form: str = "hand_readings") -> tuple[Entry, ...]:
    return tuple(entry(of, form) for of in rows)


@pytest.mark.parametrize(
    ("of", "problems"),
    [
        (reading("2024-05-01", -1.0), [("value", "not_negative")]),
        (reading("2024-05-01", 1e13), [("value", "range")]),
        (reading("2024-05-01", 1e5, "SIZED"), []),  # a device's register, not that which is read
        (reading("2024-05-01", 1000.0, "BOUND"), [("value", "register_size")]),
        (reading("2024-05-01", 999.0, "BOUND"), []),
        (reading("2024-02-01", 1.0, "BOUND"), [("time", "not_bound")]),
        (reading("2024-05-01", 1.0, confirm="rollover"), [("confirm", "rollover_size")]),
        (reading("2024-05-01", 1.0, "SIZED", confirm="rollover"), []),
    ],
)
def test_by_itself(of: Row, problems: list[tuple[str, str]]) -> None:
    assert broken(plan(of)) == problems


def test_nothing_is_entered_of_a_time_that_is_frozen() -> None:
    frozen = replace(SETTING, horizon=datetime(2024, 5, 31, 16, tzinfo=UTC))
    assert broken(plan(reading("2024-05-31", 1.0), setting=frozen)) == [("time", "raw_expired")]
    assert broken(plan(reading("2024-06-01", 1.0), setting=frozen)) == []
    early = plan(bill("2024-05-31", "2024-06-30", 1.0), form="hand_bills", setting=frozen)
    assert broken(early) == [("first_day", "raw_expired")]


def test_a_register_that_fell_must_be_confirmed() -> None:
    before = kept(reading("2024-05-01", 100.0))
    assert broken(plan(reading("2024-06-01", 99.0), kept=before)) == [("value", "falls")]
    assert broken(plan(reading("2024-06-01", 99.0, confirm="reset"), kept=before)) == []
    after = kept(reading("2024-06-01", 100.0))
    assert broken(plan(reading("2024-05-01", 101.0), kept=after)) == [("value", "above_next")]
    both = plan(reading("2024-05-01", 5.0), reading("2024-06-01", 4.0, number=3))
    assert [str(p.where) for p in both.problems] == ["表:3 value"]


def test_another_meter_may_show_less() -> None:
    before = kept(reading("2024-02-01", 100.0, "SWAP"))
    assert broken(plan(reading("2024-03-02", 3.0, "SWAP"), kept=before)) == []
    late = kept(reading("2024-03-02", 100.0, "SWAP"))
    assert broken(plan(reading("2024-04-02", 3.0, "SWAP"), kept=late)) == [("value", "falls")]


def test_a_use_far_above_the_usual_must_be_confirmed() -> None:
    before = kept(*(reading(f"2024-0{m}-01", 100.0 * m) for m in range(1, 5)))
    assert broken(plan(reading("2024-05-01", 880.0), kept=before)) == []
    slipped = plan(reading("2024-05-01", 5000.0), kept=before)
    assert broken(slipped) == [("value", "high_use")]
    assert "倍" in slipped.problems[0].text("zh")
    assert broken(plan(reading("2024-05-01", 5000.0, confirm="high"), kept=before)) == []
    little = before[:2]
    assert broken(plan(reading("2024-05-01", 5000.0), kept=little)) == []


def test_bills_of_one_point_do_not_overlap_nor_differ_by_much() -> None:
    months = (("2024-01-01", "2024-01-31"), ("2024-02-01", "2024-02-29"))
    before = kept(*(bill(*month, 30.0) for month in months), form="hand_bills")
    good = plan(bill("2024-03-01", "2024-03-31", 30.0), form="hand_bills", kept=before)
    assert (broken(good), good.notes) == ([], ())
    twice = plan(bill("2024-02-29", "2024-03-31", 30.0), form="hand_bills", kept=before)
    assert broken(twice) == [("first_day", "overlap")]
    assert "2024-02-01" in str(twice.problems[0])
    assert "2024-02-29" in str(twice.problems[0])
    high = plan(bill("2024-03-01", "2024-03-31", 300.0), form="hand_bills", kept=before)
    assert broken(high) == [("amount", "high_use")]
    gap = plan(bill("2024-03-03", "2024-03-31", 30.0), form="hand_bills", kept=before)
    assert [note.said.code for note in gap.notes] == ["gap"]


def test_a_purchase_and_a_bill_of_the_same_fuel_are_not_counted_twice() -> None:
    bought = kept(fuel("2024-05-01", "2024-05-31", 500.0), form="hand_purchases")
    coal = bill("2024-05-15", "2024-06-15", 5.0, "ORG-1", quantity="coal_kg")
    assert broken(plan(coal, form="hand_bills", kept=bought)) == [("first_day", "overlap")]


def test_stocks_go_on_where_they_were() -> None:
    april = kept(fuel("2024-04-01", "2024-04-30", 500.0, closing=70.0), form="hand_purchases")
    may = ("2024-05-01", "2024-05-31", 500.0)
    assert plan(fuel(*may, opening=70.0), form="hand_purchases", kept=april).notes == ()
    other = plan(fuel(*may, opening=60.0), form="hand_purchases", kept=april)
    assert [note.said.code for note in other.notes] == ["stock_differs"]


def test_what_a_device_counts_is_only_compared() -> None:
    (note,) = plan(reading("2024-05-01", 1.0, "SIZED")).notes
    assert note.said.code == "compared"
    assert plan(reading("2024-05-01", 1.0)).notes == ()


@given(st.lists(st.floats(0, 1e6), min_size=2, max_size=8), st.randoms())
def test_in_whatever_order_rows_stand_the_same_falls_are_found(
    values: list[float], random: Random
) -> None:
    rows = [reading(f"2024-06-{n:02}", value, number=n) for n, value in enumerate(values, start=1)]
    falls = {n for n in range(2, len(values) + 1) if values[n - 1] < values[n - 2]}
    random.shuffle(rows)
    found = plan(*rows).problems
    assert {p.where.row for p in found if p.rule.code == "falls"} == falls
