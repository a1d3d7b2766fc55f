"""Bindings that cannot be right, and that the rest goes on."""

import numpy as np
import pytest

from analytics.consumption.wiring_findings import wiring_findings
from analytics.grid import Key
from quotawatt.findings import Finding
from quotawatt.register.finding_texts import finding_texts
from quotawatt.register.model import Binding
from tests.analytics.builders import IMPORT, at, binding, meter, reading, register, use_of

BAD = [
    (binding(multiplier=-40.0), "multiplier_not_positive"),
    (binding(multiplier=0.0), "multiplier_not_positive"),
    (binding(multiplier=float("nan")), "multiplier_not_positive"),
    (binding(register_size=0.0), "register_size_not_positive"),
    (binding(register_size=-1.0), "register_size_not_positive"),
    (binding(valid_until=at(-100_000)), "binding_ends_first"),
]


def codes(*bindings: Binding) -> list[tuple[str, str]]:
    return [(f.code, f.subject) for f in wiring_findings(register(*bindings))]


def test_sound_bindings_are_no_findings() -> None:
    one_of_all, one_quantity = binding(), binding(quantity="water_m3")
    passed_on = [binding("a", valid_until=at(3)), binding("a", "MTR-2", valid_from=at(3))]
    assert codes(one_of_all, one_quantity, *passed_on, binding("b", register_size=1e5)) == []


@pytest.mark.parametrize(("bad", "code"), BAD)
def test_a_bad_binding_is_found_and_the_rest_goes_on(bad: Binding, code: str) -> None:
    other = binding("sound", "MTR-2")
    assert (code, "MTR-1") in codes(bad, other)
    rows = [reading(at(h), 5 * h, d) for h in range(3) for d in ("dev", "sound")]
    of = register(bad, other, meters=[meter(), meter("MTR-2")])
    points = [Key("MTR-1", IMPORT), Key("MTR-2", IMPORT)]
    use, _ = use_of(rows, hours=2, of=of, points=points)
    assert use.value[1].tolist() == [5, 5]
    expected = [5, 5] if code == "register_size_not_positive" else [np.nan] * 2
    assert np.array_equal(use.value[0], expected, equal_nan=True)


def test_of_two_overlapping_bindings_the_newer_counts_and_nothing_twice() -> None:
    first = binding()
    second = binding(asset="MTR-2", valid_from=at(2))
    (found,) = wiring_findings(register(second, first))
    assert found == Finding(
        "bindings_overlap",
        "MTR-1",
        {
            "device": "dev",
            "channel": "",
            "quantity": "",
            "since": at(2).isoformat(),
            "other": "MTR-2",
        },
    )
    for order in ([first, second], [second, first]):
        of = register(*order, meters=[meter(), meter("MTR-2")])
        points = [Key("MTR-1", IMPORT), Key("MTR-2", IMPORT)]
        use, _ = use_of([reading(at(h), 5 * h) for h in range(5)], hours=4, of=of, points=points)
        assert np.nan_to_num(use.value, nan=-1).tolist() == [[5, 5, -1, -1], [-1, -1, 5, 5]]


def test_each_finding_has_its_words() -> None:
    known = finding_texts()
    used = {code for _, code in BAD} | {
        "bindings_overlap",
        "counter_above_register",
        "rollover_size_differs",
        "swap_without_reading",
        "counter_stuck",
        "power_not_counted",
    }
    assert used <= set(known)
