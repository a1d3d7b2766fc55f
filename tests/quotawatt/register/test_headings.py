"""Every kind and column has a name in both languages, and none means two things."""

import pytest

from quotawatt.register.headings import (
    headings,
    kind_of_sheet,
    meanings,
    read_heading,
    sheet_name,
    spelled,
)
from quotawatt.register.rows import KINDS, columns
from quotawatt.register.rules import VOCABULARIES


@pytest.mark.parametrize("kind", KINDS)
def test_names_lead_back_to_what_they_name(kind: str) -> None:
    for language in ("zh", "en"):
        assert kind_of_sheet(sheet_name(kind, language)) == kind
        for column in columns(kind):
            heading = headings(kind)[column.name]
            assert read_heading(kind, heading.title(language)).column == column.name
            assert read_heading(kind, f" {heading.title(language)} * ").unit == ""
            assert heading.note(language)
    assert all(read_heading(kind, column.name).column == column.name for column in columns(kind))


@pytest.mark.parametrize("kind", KINDS)
def test_no_name_is_that_of_two_columns(kind: str) -> None:
    owners: dict[str, set[str]] = {}
    for column, heading in headings(kind).items():
        for name in (column, heading.zh, heading.en, *heading.aka):
            owners.setdefault(spelled(name), set()).add(column)
    assert {name: found for name, found in owners.items() if len(found) > 1} == {}


def test_no_word_means_two_things_and_closed_vocabularies_have_words_for_all() -> None:
    for kind in KINDS:
        for column, heading in headings(kind).items():
            words = [spelled(w) for said in heading.words.values() for w in {*map(spelled, said)}]
            assert len(words) == len(set(words)), (kind, column)
            closed = set(VOCABULARIES.get((kind, column), ())) - {""}
            if heading.words and closed:
                assert set(heading.words) == closed
            assert all(meanings(kind, column)[spelled(name)] == name for name in heading.words)


def test_units_behind_headings() -> None:
    assert read_heading("buildings", "建筑面积（㎡）").unit == ""
    assert read_heading("buildings", "建筑面积(平方米)").unit == ""
    assert read_heading("buildings", "建筑面积 (必填)").unit == ""
    assert read_heading("buildings", "建筑面积(亩)").unit == "亩"
    assert read_heading("buildings", "占地面积(㎡)").column is None
    assert kind_of_sheet("3、车辆") == "vehicles"
    assert kind_of_sheet("Sheet1") is None
