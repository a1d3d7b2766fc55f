"""Line protocol and InfluxQL literals: what a name may hold and how it is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotawatt.readings import RESULTS, Grain, Quality, Reading, readings_table
from quotawatt.storage.influx_lines import (
    decode_tag,
    encode_tag,
    literal,
    reading_lines,
    result_lines,
    tag,
    text_field,
)
from tests.quotawatt.storage.test_duckdb import T0


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


def test_a_reading_has_all_its_fields_and_a_revision_tag_only_as_a_correction() -> None:
    first = Reading("m 1", "", "heat_gj", T0, 0.1, T0)
    second = Reading("m", "L1", "heat_gj", T0, -1e300, T0, 2, Quality.SUSPECT, "far", True)
    assert list(reading_lines(readings_table([first, second]))) == [
        r"readings,device=m\ 1,quantity=heat_gj value=0.1,arrived=1672531200000000i,"
        r'quality="measured",reason="",timed_by_server=f 1672531200000000',
        "readings,device=m,channel=L1,quantity=heat_gj,revision=2 value=-1e+300,"
        'arrived=1672531200000000i,quality="suspect",reason="far",timed_by_server=t'
        " 1672531200000000",
    ]


def test_a_result_has_two_tags_and_no_value_where_there_is_none() -> None:
    row = {
        "subject": "BLD-1",
        "measure": "heat_gj",
        "start": T0,
        "value": None,
        "quality": "missing",
        "coverage": 0.0,
        "revision": 1,
        "withdrawn": False,
    }
    table = RESULTS.empty_table().from_pylist([row], schema=RESULTS)
    assert list(result_lines(Grain.DAY, table)) == [
        'results_day,subject=BLD-1,measure=heat_gj quality="missing",coverage=0.0,revision=1i,'
        "withdrawn=f 1672531200000000"
    ]
