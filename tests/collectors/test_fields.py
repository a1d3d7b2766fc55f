"""Applying a profile's fields to a payload."""

from typing import Any

import pytest

from collectors.decoded import Problem
from collectors.fields import compile_groups, extract, look_up, split_path
from collectors.profile import FieldSpec, GroupSpec

Found = list[tuple[str, str, float]]


def found(payload: object, *groups: GroupSpec, channel: str = "") -> tuple[Found, list[str]]:
    problems: list[Problem] = []
    blocks = extract(compile_groups(groups), payload, channel, (0, False), problems)
    assert all(block.times_us == [0] for block in blocks)
    shown = [(b.channel, b.quantity, b.values[0]) for b in blocks]
    return shown, [p.reason for p in problems]


def group(at: str = "", **field: Any) -> GroupSpec:
    return GroupSpec(at=at, fields=[FieldSpec(**{"quantity": "voltage_v", "path": "u", **field})])


def test_values_are_scaled() -> None:
    assert found({"u": 2300}, group(scale=0.1)) == ([("", "voltage_v", 230.0)], [])


@pytest.mark.parametrize("payload", [{}, {"u": None}, {"u": "unavailable"}, None, [], 5])
def test_what_is_not_there_is_neither_a_value_nor_a_problem(payload: object) -> None:
    assert found(payload, group()) == ([], [])


@pytest.mark.parametrize("value", [True, {}, [230], "high"])
def test_what_is_no_number_is_a_problem(value: object) -> None:
    assert found({"u": value}, group()) == ([], ["bad_value"])


def test_a_group_repeats_for_every_key_that_fits() -> None:
    payload = {"ph:a": {"u": 1}, "ph:b": {"u": 2}, "ph:": {"u": 3}, "other": {"u": 4}, "ph:c": 5}
    assert found(payload, group(at="ph:{channel}"))[0] == [
        ("a", "voltage_v", 1.0),
        ("b", "voltage_v", 2.0),
    ]


def test_any_key_keeps_the_channel_of_the_topic() -> None:
    assert found({"x": {"u": 1}}, group(at="*"), channel="7")[0] == [("7", "voltage_v", 1.0)]


def test_a_field_may_name_its_channel() -> None:
    two = GroupSpec(
        fields=[
            FieldSpec(path="ua", quantity="voltage_v", channel="{channel}:a"),
            FieldSpec(path="ub", quantity="voltage_v", channel="b"),
        ]
    )
    shown, _ = found({"ua": 1, "ub": 2}, two, channel="0")
    assert [channel for channel, _, _ in shown] == ["0:a", "b"]


def test_a_list_of_channels() -> None:
    shown, problems = found({"u": [1, None, "x", 4]}, group(array="channels"), channel="0")
    assert [(channel, value) for channel, _, value in shown] == [("0:1", 1.0), ("0:4", 4.0)]
    assert problems == ["bad_value"]


@pytest.mark.parametrize(
    ("like", "channels"),
    [([1, 2], ["1", "2"]), ([1, 2, 3], [""]), (5, [""]), (None, [""])],
)
def test_a_list_is_one_of_channels_where_its_sibling_is(like: object, channels: list[str]) -> None:
    payload = {"u": [10, 20], "p": like}
    shown, _ = found(payload, group(array="first", channels_like="p"))
    assert [channel for channel, _, _ in shown] == channels
    assert shown[0][2] == 10.0


def test_the_first_of_an_empty_list_is_nothing() -> None:
    assert found({"u": []}, group(array="first")) == ([], [])


def test_texts_stand_for_numbers() -> None:
    spec = group(quantity="online", map={"up": 1.0, "down": 0.0})
    assert found({"u": "up"}, spec)[0] == [("", "online", 1.0)]
    assert found({"u": "sideways"}, spec)[1] == ["bad_value"]
    assert found({"u": 1}, spec)[1] == ["bad_value"]


def test_paths_may_be_chinese_and_the_empty_one_is_the_place_itself() -> None:
    assert look_up({"电": {"量": 5}}, split_path("电.量")) == 5
    assert look_up(5, split_path("")) == 5
    assert look_up([1], split_path("0")) is None
