"""Steps of an hour, case by case."""

import pytest

from analytics.consumption.cleaning import clean
from analytics.consumption.explain import Explanation, explain_hours
from analytics.consumption.points import Wiring
from analytics.grid import Key
from quotawatt.readings import Quality, Reading, readings_table
from quotawatt.register.model import Register
from quotawatt.spans import Span
from tests.analytics.builders import FAR, IMPORT, at, binding, reading, register

POINT = Key("MTR-1", IMPORT)
ROLLING = register(binding(register_size=1000.0, multiplier=2.0))


def hour(readings: list[Reading], number: int, of: Register | None = None) -> Explanation:
    held = clean(readings_table(readings), FAR)
    span = Span(at(number), at(number + 1))
    return explain_hours(held, Wiring(of or register()), POINT, span)[0]


def at_hours(*values: float) -> list[Reading]:
    return [reading(at(h), value) for h, value in enumerate(values)]


@pytest.mark.parametrize(
    ("readings", "of", "rule", "use", "quality"),
    [
        (at_hours(10, 12), None, "difference", 2, Quality.MEASURED),
        ([reading(at(-0.5), 10), reading(at(0.5), 12)], None, "interpolated", 1, Quality.MEASURED),
        ([reading(at(-1), 10), reading(at(3), 18)], None, "outage", 2, Quality.ESTIMATED),
        (at_hours(999, 1, 2), ROLLING, "rollover", 4, Quality.MEASURED),
        (at_hours(999, 1, 2), None, "reset", 1, Quality.ESTIMATED),
        (at_hours(10, 900, 901), None, "above_rating", 890, Quality.ESTIMATED),
        (at_hours(10, 900), None, "provisional", None, Quality.MISSING),
    ],
)
def test_each_rule_has_its_name(
    readings: list[Reading], of: Register | None, rule: str, use: float | None, quality: Quality
) -> None:
    found = hour(readings, 0, of)
    (step,) = found.steps
    assert (step.rule, step.use, step.quality) == (rule, use, quality)
    assert (found.value, found.quality) == (use, quality)


def test_a_step_says_what_the_device_showed() -> None:
    (step,) = hour([reading(at(0), 10), reading(at(0.5), 12)], 0, ROLLING).steps
    assert (step.device, step.before, step.after, step.multiplier) == ("dev", 10, 12, 2)
    assert (step.start, step.end, step.amount, step.share) == (at(0), at(0.5), 4, 1)


def test_an_hour_without_readings_has_no_steps() -> None:
    found = hour(at_hours(10, 12), 5)
    assert (found.value, found.quality, found.steps) == (None, Quality.MISSING, ())
