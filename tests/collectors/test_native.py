"""Quotawatt's own JSON: the three forms say the same, and one wrong value costs only itself."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.decoded import Block, Problem
from collectors.native import decode_native
from collectors.values import to_us
from quotawatt.errors import DecodeError

ARRIVED = to_us(datetime(2023, 7, 1, tzinfo=UTC))
QUANTITIES = ("water_m3", "electricity_import_kwh", "outdoor_temperature_c")

numbers = st.none() | st.floats(-1e6, 1e6) | st.integers(-10, 10)
tables = st.integers(0, 6).flatmap(
    lambda rows: st.fixed_dictionaries(
        {
            "times": st.lists(
                st.integers(1_500_000_000, 1_900_000_000), min_size=rows, max_size=rows
            )
        },
        optional={q: st.lists(numbers, min_size=rows, max_size=rows) for q in QUANTITIES},
    )
)


def triples(blocks: list[Block]) -> list[tuple[str, int, float]]:
    found = [(b.quantity, t, v) for b in blocks for t, v in zip(b.times_us, b.values, strict=True)]
    return sorted(found)


def decoded(message: object) -> tuple[list[Block], list[Problem]]:
    problems: list[Problem] = []
    return decode_native(message, ARRIVED, problems), problems


@given(tables)
def test_the_three_forms_are_one(table: dict[str, list[float | None]]) -> None:
    times = table.pop("times")
    columns, _ = decoded({"times": times, "values": table})
    instants = [
        decoded({"time": time, "values": {q: table[q][i] for q in table}})[0]
        for i, time in enumerate(times)
    ]
    entries = [
        {"quantity": q, "value": table[q][i], "time": time}
        for q in table
        for i, time in enumerate(times)
    ]
    single, problems = decoded({"readings": entries})
    assert problems == []
    assert triples(columns) == triples([b for blocks in instants for b in blocks])
    assert triples(columns) == triples(single)


def test_null_is_no_value_and_zero_is_one() -> None:
    blocks, problems = decoded({"times": [1, 2, 3], "values": {"water_m3": [0, None, 0.0]}})
    assert triples(blocks) == [("water_m3", 1_000_000, 0.0), ("water_m3", 3_000_000, 0.0)]
    assert problems == []


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        (5, "bad_payload"),
        ({"quantity": "water_m3"}, "bad_payload"),
        ({"value": 1}, "unknown_quantity"),
        ({"quantity": ["water_m3"], "value": 1}, "unknown_quantity"),
        ({"quantity": "water_m3", "value": "much"}, "bad_value"),
        ({"quantity": "water_m3", "value": 1, "time": "soon"}, "bad_time"),
        ({"quantity": "water_m3", "value": 1, "channel": []}, "bad_payload"),
        ({"quantity": "water_m3", "value": 1, "channel": True}, "bad_payload"),
        ({"quantity": "water_m3", "value": 1, "revision": -1}, "bad_payload"),
        ({"quantity": "water_m3", "value": 1, "revision": 2**31}, "bad_payload"),
        ({"quantity": "water_m3", "value": 1, "revision": True}, "bad_payload"),
    ],
)
def test_a_wrong_reading_costs_only_itself(entry: object, reason: str) -> None:
    good = {"quantity": "heat_gj", "value": 2, "channel": 3, "revision": 4}
    blocks, problems = decoded({"readings": [entry, good]})
    assert blocks == [Block("3", "heat_gj", [ARRIVED], [2.0], 4, True)]
    assert [p.reason for p in problems] == [reason]


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ([], "bad_payload"),
        ({}, "bad_payload"),
        ({"values": []}, "bad_payload"),
        ({"readings": {}}, "bad_payload"),
        ({"values": {}, "times": 5}, "bad_payload"),
        ({"values": {}, "times": [None]}, "bad_time"),
        ({"values": {}, "time": []}, "bad_time"),
        ({"values": {}, "channel": {}}, "bad_payload"),
        ({"values": {}, "revision": 1.5}, "bad_payload"),
    ],
)
def test_a_message_that_cannot_be_read_as_a_whole(message: object, reason: str) -> None:
    with pytest.raises(DecodeError) as error:
        decoded(message)
    assert error.value.reason == reason
