"""Counters that stand still although something passes, and powers that nothing counts."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from analytics.grid import Key
from analytics.reconciliation import World
from analytics.reconciliation.stuck import stuck_counters, uncounted_powers
from analytics.reconciliation.uses import Use, Uses
from quotawatt.readings import Reading
from quotawatt.register.model import Binding, Register
from quotawatt.spans import Span
from tests.analytics.reconciliation.worlds import (
    BOUND,
    DAY,
    KWH,
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


def using(
    book: Register,
    lately: Mapping[str, float],
    month: Mapping[str, float],
    coverage: Mapping[str, float] | None = None,
) -> World:
    """A world in which M-1 stands still, and so much was used in 3 and in 30 days, covered wholly or so."""

    def uses(days: int, values: Mapping[str, float]) -> Uses:
        found = {Key(c, KWH): Use(v, (coverage or {}).get(c, 1.0)) for c, v in values.items()}
        return Uses(Span(NOW - days * DAY, NOW), found)

    return replace(world(book, stopped()), lately=uses(3, lately), month=uses(30, month))


STANDS = {"M-0": 230.0, "M-1": 0.0, "M-2": 108.0}
RAN = {"M-0": 2304.0, "M-1": 972.0, "M-2": 1080.0}
"""Before, M-1 had 1.5 kW of 3.2 kW, and 0.2 kW passed no sub-meter."""


def test_a_counter_that_stands_still_while_the_gap_behind_its_parent_grows() -> None:
    (finding,) = stuck_counters(using(family(), STANDS, RAN))
    assert (finding.code, finding.subject, finding.detail["by"]) == ("counter_stuck", "M-1", "M-0")
    # 122 is missing now, as were 130 in the nine times three days before.
    assert finding.detail["passed"] == round(122 - (252 - 122) / 9, 3)


@pytest.mark.parametrize(
    ("lately", "month"),
    [
        ({**STANDS, "M-0": 122.4}, RAN),
        ({**STANDS, "M-0": 180.0}, RAN),
        (STANDS, {**RAN, "M-1": 0.0}),
        ({c: v for c, v in STANDS.items() if c != "M-0"}, RAN),
    ],
    ids=["parent agrees", "parent half agrees", "never ran", "parent silent"],
)
def test_standing_still_alone_is_a_measurement(
    lately: Mapping[str, float], month: Mapping[str, float]
) -> None:
    assert found(stuck_counters(using(family(), lately, month))) == []


@pytest.mark.parametrize("code", ["M-0", "M-1", "M-2"])
def test_what_an_outage_hides_is_no_gap(code: str) -> None:
    assert found(stuck_counters(using(family(), STANDS, RAN, {code: 0.9}))) == []
    without = {c: v for c, v in STANDS.items() if c != code}
    assert found(stuck_counters(using(family(), without, RAN))) == []


def test_what_a_large_multiplier_hides_in_one_unit_is_no_gap() -> None:
    books = family()
    coarse = [replace(b, multiplier=100.0) if b.asset == "M-1" else b for b in books.bindings]
    assert found(stuck_counters(using(replace_bindings(books, coarse), STANDS, RAN))) == []


def replace_bindings(book: Register, bindings: Sequence[Binding]) -> Register:
    return register(meters=list(book.meters.values()), bindings=list(bindings))


def test_a_power_without_a_counter_is_told() -> None:
    powers = hourly("d-1", quantity=POWER, each=0, start=1.5)
    assert found(uncounted_powers(world(register(), powers))) == [("power_not_counted", "M-1")]
    both = [*powers, *hourly("d-1")]
    assert found(uncounted_powers(world(register(), both))) == []
    named = register(bindings=[replace(BOUND, quantity=POWER)])
    assert found(uncounted_powers(world(named, powers))) == []
