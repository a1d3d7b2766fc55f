"""Conditions of profiles."""

from typing import Any

import pytest

from collectors.conditions import compile_condition
from collectors.fieldspecs import ConditionSpec

NODE = {"method": "NotifyStatus", "eui": "24E124A1", "n": 512, "f": 1.5, "t": True, "null": None,
        "whole": 3.0, "text": "7", "list": []}  # fmt: skip


@pytest.mark.parametrize(
    ("spec", "holds"),
    [
        ({"path": "method", "in": ["NotifyStatus", "x"]}, True),
        ({"path": "method", "in": ["notifystatus"]}, False),
        ({"path": "eui", "in": ["24E124*"]}, True),
        ({"path": "eui", "in": ["*A1", "z"]}, True),
        ({"path": "eui", "in": ["24E1.4*"]}, False),
        ({"path": "n", "in": [512]}, True),
        ({"path": "n", "in": ["512"]}, True),
        ({"path": "whole", "in": [3]}, True),
        ({"path": "whole", "in": ["3"]}, True),
        ({"path": "t", "in": [True]}, True),
        ({"path": "t", "in": [1]}, False),
        ({"path": "absent", "in": ["*"]}, False),
        ({"path": "list", "in": ["*"]}, False),
        ({"path": "n", "present": True}, True),
        ({"path": "null", "present": True}, False),
        ({"path": "null", "present": False}, True),
        ({"path": "n", "bit": 9}, True),
        ({"path": "n", "bit": 9, "is": 0}, False),
        ({"path": "n", "bit": 0, "is": 0}, True),
        ({"path": "text", "bit": 2}, True),
        ({"path": "f", "bit": 0}, False),
        ({"path": "absent", "bit": 0, "is": 0}, False),
        ({"path": "n", "at_least": 512}, True),
        ({"path": "n", "at_least": 513}, False),
        ({"path": "text", "at_most": 7}, True),
        ({"path": "method", "at_most": 7}, False),
        ({"path": "null", "at_least": 0}, False),
    ],
)
def test_holds(spec: dict[str, Any], holds: bool) -> None:
    assert compile_condition(ConditionSpec(**spec)).holds(NODE) is holds


@pytest.mark.parametrize(
    ("text", "holds"), [("2323" * 1000, True), ("2323", True), ("232", False), ("a2323", False)]
)
def test_one_star_takes_texts_of_any_length(text: str, holds: bool) -> None:
    assert compile_condition(ConditionSpec(in_=["23*23"])).holds(text) is holds


@pytest.mark.parametrize(("text", "holds"), [("a1b2c", True), ("a" * 200_000, False)])
def test_several_stars_in_a_long_text_take_no_time(text: str, holds: bool) -> None:
    assert compile_condition(ConditionSpec(in_=["*a*b*c"])).holds(text) is holds


def test_the_first_bytes() -> None:
    condition = compile_condition(ConditionSpec(starts="2323"))
    assert condition.holds({}, b"##\x01")
    assert not condition.holds({}, b"#$")


def test_the_last_bytes() -> None:
    condition = compile_condition(ConditionSpec(ends="8a16"))
    assert condition.holds({}, b"h\x8a\x16")
    assert not condition.holds({}, b"h\x16")
    assert (condition.of_bytes, condition.needs) == (True, None)
