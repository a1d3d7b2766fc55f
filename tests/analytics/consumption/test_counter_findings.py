"""What counters say that cannot be right."""

from dataclasses import replace

from tests.analytics.builders import at, binding, reading, register, use_of


def test_readings_above_the_register_size_are_one_finding_of_the_device() -> None:
    of = register(binding(register_size=1000.0))
    rows = [reading(at(h), 990 + 5 * h) for h in range(6)]
    use, found = use_of(rows, hours=5, of=of)
    assert use.value[0].tolist() == [5] * 5
    assert [(f.code, f.detail["since"], f.detail["shown"]) for f in found] == [
        ("counter_above_register", at(2).isoformat(), 1010.0)
    ]


def test_a_swap_without_its_end_reading_is_found() -> None:
    of = register(binding("old", valid_until=at(4)), binding("new", valid_from=at(4)))
    rows = [reading(at(h), 5 * h, "old") for h in (0, 1)]
    rows += [reading(at(h), 7 + h, "new") for h in (4, 5, 6)]
    _, found = use_of(rows, hours=6, of=of)
    assert [(f.code, f.subject, f.detail["hours"]) for f in found] == [
        ("swap_without_reading", "MTR-1", 3.0)
    ]
    closed = [*rows, replace(rows[1], time=at(4), value=20.0)]
    assert use_of(closed, hours=6, of=of)[1] == []
