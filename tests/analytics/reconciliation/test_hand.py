"""What was entered by hand beside telemetry: how far apart, what it looks like, and what is overdue."""

from dataclasses import replace
from datetime import timedelta

import pytest

from analytics.grid import Key
from analytics.reconciliation.entered import ByHand, Compared
from analytics.reconciliation.hand import differing, likely_cause, overdue
from analytics.reconciliation.reconcile import reconcile
from quotawatt.findings import finding_key
from quotawatt.register.finding_texts import finding_words
from quotawatt.spans import Span
from tests.analytics.reconciliation.worlds import (
    DAY,
    KWH,
    METER,
    NOW,
    ZONE,
    found,
    register,
    world,
)

POINT = Key("M-1", KWH)
MONTH = Span(NOW - 30 * DAY, NOW)


def compared(
    entered: float, counted: float, kind: str = "reading", multiplier: float = 1.0
) -> Compared:
    return Compared(POINT, kind, MONTH, entered, counted, multiplier)


def beside(*pairs: Compared) -> list[tuple[str, str]]:
    return found(differing(replace(world(register()), by_hand=ByHand(compared=pairs))))


@pytest.mark.parametrize(
    ("entered", "counted", "differs"),
    [
        (1000.0, 1000.0, False),
        (1000.0, 980.0, False),
        (1000.0, 979.0, True),
        (1000.0, 1021.0, True),
        (5.0, 6.0, False),  # a unit of the register
        (5.0, 6.1, True),
        (0.0, 0.0, False),
    ],
)
def test_two_percent_or_one_unit_is_no_difference(
    entered: float, counted: float, differs: bool
) -> None:
    assert beside(compared(entered, counted)) == [("hand_differs", "M-1")] * differs


def test_a_unit_of_the_register_counts_with_its_multiplier() -> None:
    assert beside(compared(500.0, 560.0, multiplier=60.0)) == []
    assert beside(compared(500.0, 560.0, "bill", 60.0)) == [("hand_differs", "M-1")]


@pytest.mark.parametrize(
    ("entered", "counted", "multiplier", "hint"),
    [
        (100.0, 6000.0, 60.0, "hint_multiplier"),
        (6000.0, 100.0, 60.0, "hint_multiplier"),
        (3412.0, 1000.0, 1.0, "hint_kbtu"),
        (1000.0, 100.0, 1.0, "hint_decimal"),
        (1000.0, 1.0, 60.0, "hint_decimal"),
        (1000.0, 700.0, 60.0, "hint_other"),
        (1000.0, 0.0, 60.0, "hint_other"),
    ],
)
def test_what_a_difference_looks_like(
    entered: float, counted: float, multiplier: float, hint: str
) -> None:
    assert likely_cause(compared(entered, counted, multiplier=multiplier)) == hint


def test_a_reading_and_a_bill_differ_each_by_itself_and_say_so() -> None:
    both = (compared(100.0, 200.0), compared(100.0, 200.0, "bill"))
    findings = list(differing(replace(world(register()), by_hand=ByHand(compared=both))))
    assert len({finding_key(finding) for finding in findings}) == 2
    words = finding_words("hand_differs", "总表 M-1", findings[1].detail, "zh", ZONE)
    assert "账单" in words["sentence"]
    assert "原因不明" in words["sentence"]


def entered(*days_ago: float, fed: bool = False) -> ByHand:
    ends = sorted(NOW - timedelta(days=days) for days in days_ago)
    return ByHand(ends={POINT: ends}, fed=frozenset({POINT} if fed else ()))


@pytest.mark.parametrize(
    ("by_hand", "late"),
    [
        (entered(105, 74, 43), True),
        (entered(101, 70, 39), False),
        (entered(74, 43), False),  # too few to call it monthly
        (entered(400, 280, 160), False),  # quarterly
        (entered(105, 74, 43, fed=True), False),
    ],
)
def test_what_was_monthly_is_overdue_after_forty_days(by_hand: ByHand, late: bool) -> None:
    seen = replace(world(register(bindings=[])), by_hand=by_hand)
    assert found(overdue(seen)) == [("hand_overdue", "M-1")] * late


def test_nobody_waits_for_what_is_disposed_of() -> None:
    gone = register(meters=[replace(METER, status="disposed")])
    assert found(overdue(replace(world(gone), by_hand=entered(105, 74, 43)))) == []


def test_a_meter_that_is_only_billed_is_not_called_unbound() -> None:
    unbound = world(register(bindings=[]))
    assert ("meter_unbound", "M-1") in found(reconcile(unbound))
    billed = found(reconcile(replace(unbound, by_hand=entered(20))))
    assert "meter_unbound" not in {code for code, _ in billed}
