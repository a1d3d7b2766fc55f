"""Line protocol and InfluxQL literals: what a name may hold and how it is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotawatt.storage.influx_lines import (
    decode_tag,
    encode_tag,
    literal,
    tag,
    text_field,
)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("meter-1", ",device=meter-1"),
        ("电表 一号", r",device=电表\ 一号"),
        ("a,b=c", r",device=a\,b\=c"),
        ("'\"", ",device='\""),
        ("end\\", ",device=end%5C"),
        ("two\nlines", ",device=two%0Alines"),
        ("5%", ",device=5%25"),
        ("", ""),
    ],
)
def test_tags_are_escaped_and_empty_ones_left_out(value: str, written: str) -> None:
    assert tag("device", value) == written


@given(st.text())
def test_every_name_comes_back_and_holds_nothing_that_a_tag_cannot(value: str) -> None:
    encoded = encode_tag(value)
    assert decode_tag(encoded) == value
    assert not set(encoded) & set("\\\n\r\t\0")


def test_ordinary_names_stay_as_they_are() -> None:
    for name in ("asset:MTR-1", "岚泉市/三楼", "shellies/pm-3 kitchen", "BLD-1/QUOTA/2023"):
        assert encode_tag(name) == name


def test_text_fields_and_literals_are_quoted() -> None:
    assert text_field('say "no" \\') == r'"say \"no\" \\"'
    assert literal("it's") == r"'it\'s'"
    assert literal("a\\") == "'a%5C'"
