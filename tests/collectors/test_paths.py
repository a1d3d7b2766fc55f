"""Paths into payloads."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.paths import KEY_LIMIT, getter, key_pattern, look_up, split_path
from quotawatt.errors import InputError

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
    path = split_path(written)
    assert look_up(PAYLOAD, path) == getter(path)(PAYLOAD) == value


def test_the_empty_path_is_the_place_itself() -> None:
    assert look_up(5, split_path("")) == 5


@pytest.mark.parametrize("written", ["a..b", ".", ["a", ""], [None], [True], 5, None, {}])
def test_what_is_no_path_is_refused_with_the_rule_first(written: object) -> None:
    with pytest.raises(InputError, match=r"^a path must be .*, got "):
        split_path(written)


@given(st.text(), st.booleans())
def test_keys_without_wildcards_fit_themselves(key: str, ignore_case: bool) -> None:
    plain = "k" + key.replace("*", "").replace("{channel}", "")[: KEY_LIMIT - 1]
    assert key_pattern(plain, ignore_case).fit(plain) == (None,)


@pytest.mark.parametrize(
    ("pattern", "key", "channel"),
    [
        ("*", "a", None),
        ("{channel}", "a", "a"),
        ("P{channel}", "P12", "12"),
        ("*_{channel}_total", "energy_a_total", "a"),
    ],
)
def test_keys_that_fit_a_pattern(pattern: str, key: str, channel: str | None) -> None:
    assert key_pattern(pattern).fit(key) == (channel,)


@pytest.mark.parametrize(
    ("pattern", "key"),
    [("*", ""), ("{channel}", ""), ("P{channel}", "P"), ("P*", "Q"), ("*", "k" * (KEY_LIMIT + 1))],
)
def test_keys_that_do_not(pattern: str, key: str) -> None:
    assert key_pattern(pattern).fit(key) is None
