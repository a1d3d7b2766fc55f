"""Identifiers in the reader's words."""

import pytest

from quotawatt.app.naming import (
    component_word,
    denominator_unit,
    measure_unit,
    measure_word,
    unit_word,
)


def test_units_by_head_are_chinese_in_chinese() -> None:
    assert unit_word("kgce/person", "zh") == "kgce/人"
    assert unit_word("m³/person", "en") == "m³/person"


def test_measures_have_words_and_units_and_others_stay_as_they_are() -> None:
    assert measure_word("heat_gj", "zh") == "用热量"
    assert measure_word("cost_cny", "zh") == "cost_cny"
    assert (measure_unit("heat_gj"), measure_unit("green")) == ("GJ", "")


@pytest.mark.parametrize(
    ("component", "chinese", "english"),
    [("gross_area_m2", "建筑面积", "Gross area"), ("in_post", "在编", "in post")],
)
def test_what_a_denominator_is_made_of(component: str, chinese: str, english: str) -> None:
    assert component_word(component, "zh") == chinese
    assert component_word(component, "en") == english


def test_what_a_denominator_is_counted_in() -> None:
    names = ("heated_area_m2", "headcount", "it_electricity_kwh", "none")
    assert [denominator_unit(name, "zh") for name in names] == ["m²", "人", "kWh", ""]
