"""Counters that stand still although something passes, and powers that nothing counts."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from analytics.reconciliation.stuck import stuck_counters, uncounted_powers
from quotawatt.readings import Reading
from quotawatt.register.model import Binding, Register
from tests.analytics.reconciliation.worlds import (
    BOUND,
    DAY,
    LONG_AGO,
    METER,
    NOW,
    found,
    hourly,
    register,
    world,
)

POWER = "electricity_power_kw"
PARENT = replace(METER, code="M-0")
CHILD = replace(METER, parent="M-0")
SIBLING = replace(METER, code="M-2", parent="M-0")
STUCK = [("counter_stuck", "M-1")]


def stopped(device: str = "d-1", days: float = 4) -> list[Reading]:
    """An hourly counter that ran until ``days`` ago by 1.5 kWh and stands still since."""
    ran = hourly(device, NOW - days * DAY, days=32 - days)
    return [*ran, *hourly(device, NOW, days=days, each=0, start=ran[-1].value)]


def family() -> Register:
    bindings = [BOUND, Binding("d-0", "M-0", LONG_AGO), Binding("d-2", "M-2", LONG_AGO)]
    return register(meters=[PARENT, CHILD, SIBLING], bindings=bindings)


@pytest.mark.parametrize(
    ("kw", "expected"), [(1.5, STUCK), (0.0, []), (0.01, [])], ids=["draws", "off", "hardly"]
)
def test_a_counter_that_stands_still_while_its_own_power_does_not_fall_to_zero(
    kw: float, expected: list[tuple[str, str]]
) -> None:
    powers = hourly("d-1", quantity=POWER, each=0, start=kw)
    assert found(stuck_counters(world(register(), [*stopped(), *powers]))) == expected


def test_the_evidence_says_what_must_have_passed() -> None:
    powers = hourly("d-1", quantity=POWER, each=0, start=1.5)
    of = register(bindings=[replace(BOUND, multiplier=40.0)])
    (finding,) = stuck_counters(world(of, [*stopped(), *powers]))
    # 71 hours between the first and the last of three days of hourly readings, by 1.5 kW, 40 times.
    assert finding.detail["passed"] == 71 * 1.5 * 40
    assert finding.detail["by"] == "d-1"


def test_a_counter_that_stands_still_while_the_gap_behind_its_parent_grows() -> None:
    readings = [*stopped(), *hourly("d-0", each=3.2), *hourly("d-2", each=1.5)]
    (finding,) = stuck_counters(world(family(), readings))
    assert (finding.code, finding.subject, finding.detail["by"]) == ("counter_stuck", "M-1", "M-0")


@pytest.mark.parametrize(
    "parent",
    [
        # Until four days ago both children ran, now one: the parent says so too.
        [
            *hourly("d-0", NOW - 4 * DAY, days=28, each=3.2),
            *hourly("d-0", days=4, each=1.7, start=9e3),
        ],
        [],
    ],
    ids=["parent agrees", "parent silent"],
)
def test_standing_still_alone_is_a_measurement(parent: Sequence[Reading]) -> None:
    readings = [*stopped(), *hourly("d-2", each=1.5), *parent]
    assert found(stuck_counters(world(family(), readings))) == []


def test_a_power_without_a_counter_is_told() -> None:
    powers = hourly("d-1", quantity=POWER, each=0, start=1.5)
    assert found(uncounted_powers(world(register(), powers))) == [("power_not_counted", "M-1")]
    both = [*powers, *hourly("d-1")]
    assert found(uncounted_powers(world(register(), both))) == []
    named = register(bindings=[replace(BOUND, quantity=POWER)])
    assert found(uncounted_powers(world(named, powers))) == []
