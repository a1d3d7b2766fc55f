"""Paths into payloads."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.paths import PLACES_LIMIT, compile_steps, expand, key_pattern, look_up, split_path
from quotawatt.errors import DecodeError, InputError

PAYLOAD = {
    "电": {"量": 5},
    "a.b": {"c": 1},
    "list": [{"v": 1}, {"v": 2}, 3],
    "em1:0": {"v": 10},
    "em1:1": {"v": 11},
    "nested": [[1, 2], [3]],
}


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("电.量", 5),
        (["a.b", "c"], 1),
        ("list.1.v", 2),
        (["list", 0, "v"], 1),
        ("list.9", None),
        ("list.x", None),
        ("list.-1", None),
        ("nested.0.1", 2),
        ("电.量.more", None),
        ("absent.key", None),
    ],
)
def test_look_up(written: object, value: object) -> None:
    assert look_up(PAYLOAD, split_path(written)) == value


def test_the_empty_path_is_the_place_itself() -> None:
    assert look_up(5, split_path("")) == 5


@pytest.mark.parametrize("written", ["a..b", ".", ["a", ""], [None], [True], 5, None, {}])
def test_what_is_no_path_is_refused_with_the_rule_first(written: object) -> None:
    with pytest.raises(InputError, match=r"^a path must be .*, got "):
        split_path(written)


@pytest.mark.parametrize(
    ("written", "places"),
    [
        ("list[]", [({"v": 1}, "t", ("0",)), ({"v": 2}, "t", ("1",)), (3, "t", ("2",))]),
        ("em1:{channel}", [({"v": 10}, "0", ("em1:0",)), ({"v": 11}, "1", ("em1:1",))]),
        ("em1:*.v", [(10, "t", ("em1:0",)), (11, "t", ("em1:1",))]),
        ("nested[][]", [(1, "t", ("0", "0")), (2, "t", ("0", "1")), (3, "t", ("1", "0"))]),
        ("电.*", [(5, "t", ("量",))]),
        ("电.{channel}", [(5, "量", ("量",))]),
        ("list.*.v", [(1, "t", ("0",)), (2, "t", ("1",))]),
        ("absent[]", []),
        ("电[]", []),
    ],
)
def test_expand(written: str, places: list[Any]) -> None:
    assert [tuple(p) for p in expand(PAYLOAD, compile_steps(split_path(written)), "t")] == places


def test_entries_of_a_list_that_is_the_payload() -> None:
    steps = compile_steps(split_path("[].v"))
    assert [p.node for p in expand([{"v": 1}, {}, {"v": 2}], steps, "")] == [1, 2]


def test_places_are_limited() -> None:
    steps = compile_steps(split_path("[]"))
    assert len(expand([0] * PLACES_LIMIT, steps, "")) == PLACES_LIMIT
    with pytest.raises(DecodeError) as error:
        expand([0] * (PLACES_LIMIT + 1), steps, "")
    assert error.value.reason == "bad_payload"


def test_a_key_captures_one_channel_only() -> None:
    with pytest.raises(InputError, match="at most one"):
        key_pattern("{channel}-{channel}")


@given(st.text(), st.booleans())
def test_keys_without_wildcards_fit_themselves(key: str, ignore_case: bool) -> None:
    plain = key.replace("*", "").replace("{channel}", "")
    assert key_pattern(plain, ignore_case).fullmatch(plain)
