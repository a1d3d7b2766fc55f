"""The load generator."""

import json

import pytest

from quotawatt.errors import InputError
from simulators.load import load_messages


@pytest.mark.parametrize("size_bytes", [1, 100, 250, 4000])
def test_payloads_have_the_size_asked_for(size_bytes: int) -> None:
    for message in load_messages(30, size_bytes, devices=7):
        assert size_bytes <= len(message.payload) <= max(size_bytes + 45, 120)
        assert message.readings == len(json.loads(message.payload)["times"])


def test_no_reading_comes_twice_and_counters_climb() -> None:
    seen: dict[str, list[tuple[int, float]]] = {}
    for message in load_messages(50, 300, devices=4):
        content = json.loads(message.payload)
        seen.setdefault(message.topic, []).extend(
            zip(content["times"], content["values"]["electricity_import_kwh"], strict=True)
        )
    assert len(seen) == 4
    for readings in seen.values():
        times, values = zip(*readings, strict=True)
        assert list(times) == sorted(set(times))
        assert list(values) == sorted(set(values))


def test_numbers_below_one_are_refused() -> None:
    with pytest.raises(InputError, match=r"must be at least 1, got 5, 0 and 1"):
        list(load_messages(5, 0, 1))
