"""Outlines as text: what they say, and which rule each wrong one breaks."""

import json
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quotawatt.geography.outlines import is_circle, parse_outline, plain_outline
from quotawatt.register.problems import CellError
from tests.quotawatt.geography.given import YARD, box, outline

BOX = box(117.0, 36.0, 118.0, 37.0)
BOW_TIE = [[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]


def test_what_is_right_is_read_as_it_stands() -> None:
    yard = parse_outline(YARD)
    assert (yard.kind, len(yard.polygons[0]), yard.middle) == ("Polygon", 2, None)
    assert json.loads(yard.text()) == json.loads(YARD)
    middle = parse_outline(outline("Point", [117.02, 36.66]))
    assert (middle.middle, middle.text()) == (
        (117.02, 36.66),
        '{"type":"Point","coordinates":[117.02,36.66]}',
    )
    two = outline("MultiPolygon", [[BOX], [box(119, 36, 120, 37)]])
    assert parse_outline(two).text() == two


def test_blanks_heights_and_other_members_say_nothing() -> None:
    drawn = '{"type": "Point", "bbox": [1], \n "coordinates": [117.02, 36.66, 55.5]}'
    assert plain_outline(drawn) == '{"type":"Point","coordinates":[117.02,36.66]}'
    assert plain_outline(plain_outline(YARD)) == plain_outline(YARD)
    assert plain_outline("nonsense") == "nonsense"


WRONG = {
    "no json": ("not json", "outline_json"),
    "a number": ("12", "outline_json"),
    "no coordinates": ('{"type":"Polygon"}', "outline_json"),
    "no rings": (outline("Polygon", []), "outline_json"),
    "nested for ever": ("[" * 20_000, "outline_json"),
    "not a number": ('{"type":"Point","coordinates":[NaN,36]}', "outline_json"),
    "a line": (outline("LineString", BOX), "outline_type"),
    "a feature": ('{"type":"Feature","geometry":null}', "outline_type"),
    "latitude first": (outline("Point", [36.6, 117.0]), "outline_position"),
    "east of the world": (outline("Point", [180.1, 0.0]), "outline_position"),
    "endless": ('{"type":"Point","coordinates":[1e999,36]}', "outline_position"),
    "huge": (outline("Point", [10**400, 36]), "outline_position"),
    "truths": (outline("Point", [True, False]), "outline_position"),
    "words": (outline("Point", ["117", "36"]), "outline_position"),
    "four numbers": (outline("Point", [1, 2, 3, 4]), "outline_position"),
    "positions for rings": (outline("Polygon", BOX), "outline_position"),
    "an open ring": (outline("Polygon", [BOX[:-1]]), "outline_ring"),
    "three positions": (outline("Polygon", [[[0, 0], [1, 1], [0, 0]]]), "outline_ring"),
    "an open hole": (outline("Polygon", [BOX, BOX[:-1]]), "outline_ring"),
    "a bow tie": (outline("Polygon", [BOW_TIE]), "outline_crossing"),
    "a hole outside": (outline("Polygon", [BOX, box(0, 0, 1, 1)]), "outline_crossing"),
    "no area": (outline("Polygon", [[[0, 0], [1, 1], [2, 2], [0, 0]]]), "outline_crossing"),
    "a spot": (outline("Polygon", [[[0, 0]] * 4]), "outline_crossing"),
    "overlapping": (outline("MultiPolygon", [[BOX], [BOX]]), "outline_crossing"),
    "over the date line": (outline("Polygon", [box(-179.5, 0, 179.5, 1)]), "outline_wide"),
}


@pytest.mark.parametrize(("text", "code"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_breaks_a_rule(text: str, code: str) -> None:
    with pytest.raises(CellError) as caught:
        parse_outline(text)
    assert caught.value.rule.code == code


def test_the_rule_names_what_breaks_it() -> None:
    said = {}
    for name in ("latitude first", "an open hole", "a bow tie", "over the date line"):
        with pytest.raises(CellError) as caught:
            parse_outline(WRONG[name][0])
        said[name] = str(caught.value)
    assert said["latitude first"].endswith("one is [36.6, 117.0]")
    assert said["an open hole"].endswith("ring 2 has not")
    assert said["a bow tie"].endswith("at [0.5 0.5]")
    assert said["over the date line"].endswith("spans -179.5 to 179.5")


def test_what_is_cut_at_the_date_line_is_right() -> None:
    cut = outline("MultiPolygon", [[box(179, 0, 180, 1)], [box(-180, 0, -179, 1)]])
    assert len(parse_outline(cut).polygons) == 2


def test_circles_are_told_from_areas() -> None:
    assert is_circle(outline("Point", [1, 2])) is True
    assert is_circle(YARD) is False
    assert is_circle("") is None


@settings(max_examples=40)
@given(
    st.text(max_size=40)
    | st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(st.sampled_from(["type", "coordinates"]), inner, max_size=2)
        ),
    ).map(json.dumps)
)
def test_nothing_else_than_a_rule_is_raised(text: str) -> None:
    try:
        read = parse_outline(text)
    except CellError:
        return
    assert math.isfinite(sum(read.middle or (0.0,)))
