"""SenML."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.frames.senml import RECORDS_LIMIT, decode_senml
from quotawatt.errors import DecodeError


def decoded(*records: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = decode_senml(json.dumps(records).encode())["records"]
    return found


def test_base_values_hold_for_all_records_after_them() -> None:
    assert decoded(
        {"bn": "meter:", "bt": 1.7e9, "bu": "V", "n": "a", "v": 229},
        {"n": "b", "t": 5, "v": 231},
        {"n": "i", "u": "A", "v": 3},
        {"bn": "door:", "n": "open", "vb": True},
    ) == [
        {"name": "meter:a", "value": 229.0, "unit": "V", "time": 1.7e9},
        {"name": "meter:b", "value": 231.0, "unit": "V", "time": 1.7e9 + 5},
        {"name": "meter:i", "value": 3.0, "unit": "A", "time": 1.7e9},
        {"name": "door:open", "value": True, "time": 1.7e9},
    ]


def test_a_base_value_is_added() -> None:
    assert decoded({"bv": 1000, "n": "a", "v": 2}, {"n": "b"}, {"n": "c", "vs": "off"}) == [
        {"name": "a", "value": 1002.0},
        {"name": "b", "value": 1000.0},
        {"name": "c", "value": "off"},
    ]


def test_a_relative_time_is_none() -> None:
    assert decoded({"n": "a", "t": -60, "v": 1}) == [{"name": "a", "value": 1.0}]


def test_a_record_without_a_value_is_left_out() -> None:
    assert decoded({"n": "a", "s": 5}, {"n": "b", "vd": "AQID"}) == []


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        ("{}", "bad_frame"),
        ("[1]", "bad_frame"),
        ("[", "bad_frame"),
        ('[{"n": "a", "v": 1' + "0" * 400 + "}]", "bad_frame"),
        ('[{"n": 3, "v": 1}]', "bad_frame"),
        ('[{"n": "a", "v": "1"}]', "bad_frame"),
        ('[{"n": "a", "v": true}]', "bad_frame"),
        ('[{"bver": 11, "n": "a", "v": 1}]', "unsupported_frame"),
        ('[{"bver": {}, "n": "a", "v": 1}]', "unsupported_frame"),
        (json.dumps([{}] * (RECORDS_LIMIT + 1)), "bad_frame"),
    ],
)
def test_what_is_no_senml_is_refused(payload: str, reason: str) -> None:
    with pytest.raises(DecodeError) as refused:
        decode_senml(payload.encode())
    assert refused.value.reason == reason


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(
            st.sampled_from(["bn", "bt", "bu", "bv", "n", "u", "t", "v", "vs", "vb"]), inner
        )
    ),
)


@given(JSON)
def test_nothing_but_decode_error(value: object) -> None:
    refused = None
    try:
        records = decode_senml(json.dumps(value).encode())["records"]
    except DecodeError as error:
        records, refused = [], error.reason
    assert refused in (None, "bad_frame", "unsupported_frame")
    assert all(isinstance(record["name"], str) for record in records)


@given(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=20), st.floats(-1e9, 1e9))
def test_values_are_base_plus_own(values: list[float], base: float) -> None:
    records = [{"n": str(i), "v": value} for i, value in enumerate(values)]
    records[0] |= {"bv": base}
    assert [record["value"] for record in decoded(*records)] == [base + value for value in values]
