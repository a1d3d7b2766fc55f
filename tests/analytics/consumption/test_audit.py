"""The books of a point, case by case."""

import pytest

from analytics.consumption.audit import Audit, audit
from analytics.consumption.cleaning import clean
from analytics.consumption.points import Wiring
from analytics.grid import Key
from quotawatt.readings import Reading, readings_table
from quotawatt.register.model import Register
from quotawatt.spans import Span
from tests.analytics.builders import FAR, IMPORT, at, binding, reading, register

POINT = Key("MTR-1", IMPORT)
ROLLING = register(binding(register_size=1000.0, multiplier=2.0))


def books(readings: list[Reading], first: float, until: float, of: Register | None = None) -> Audit:
    held = clean(readings_table(readings), FAR)
    return audit(held, Wiring(of or register()), POINT, Span(at(first), at(until)))


def at_hours(*values: float) -> list[Reading]:
    return [reading(at(h), value) for h, value in enumerate(values)]


def test_books_between_two_readings_are_the_meters_own() -> None:
    (section,) = books(at_hours(990, 995, 999, 3, 8), 0, 4, ROLLING).sections
    assert (section.opening.shown, section.closing.shown) == (990, 8)
    assert (section.opening.read, section.closing.read) == (True, True)
    (event,) = section.events
    assert (event.step.rule, event.adjustment) == ("rollover", 2000)
    assert section.passed == 2 * (8 - 990) + 2000 == 36


def test_a_reset_gives_back_what_it_took() -> None:
    found = books(at_hours(500, 510, 4, 9), 0, 3)
    (section,) = found.sections
    # 10 before it, 4 since it, 5 after: the fall of 506 and the 4 are the adjustment.
    assert [e.adjustment for e in section.events] == [510]
    assert found.total == 19
    assert found.difference(19.0) == 0


def test_what_is_provisional_does_not_count() -> None:
    found = books(at_hours(500, 510, 4), 0, 2)
    assert [e.step.rule for e in found.sections[0].events] == ["provisional"]
    assert found.total == 10


def test_books_within_one_increment_are_told_by_time() -> None:
    found = books([reading(at(0), 100), reading(at(10), 150)], 2, 4)
    (section,) = found.sections
    assert (section.opening.shown, section.closing.shown) == pytest.approx((110, 120))
    assert (section.opening.read, section.opening.time) == (False, at(2))
    assert found.total == pytest.approx(10)


def test_power_has_no_stands() -> None:
    of = register(binding(quantity="electricity_power_kw"))
    rows = [reading(at(h), 10, quantity="electricity_power_kw") for h in range(3)]
    (section,) = books(rows, 0, 2, of).sections
    assert (section.opening, section.closing, section.estimated) == (None, None, True)
    assert section.passed == 20


def test_no_readings_no_books() -> None:
    found = books([], 0, 4)
    assert (found.sections, found.total) == ((), 0)
