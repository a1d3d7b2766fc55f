"""A change is judged by its neighbours as it is by the whole register."""

from collections.abc import Callable
from dataclasses import fields
from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from quotawatt.register.changes import changes_between
from quotawatt.register.editing import problems_added, problems_between, rows_of
from quotawatt.register.heritage import inherit
from quotawatt.register.model import FormerValue, Register
from quotawatt.register.neighbours import neighbours
from quotawatt.register.operations import change
from quotawatt.register.rows import KINDS, column_of, records_of
from tests.quotawatt.register.estate import ESTATE, START, with_records

DATED = with_records(
    ESTATE,
    former_values=[
        FormerValue("HALL", "organisation", "WATER", date(2022, 1, 1)),
        FormerValue("M1", "parent", "", date(2022, 3, 1)),
        FormerValue("EDU", "region_parent", "WATER", date(2022, 5, 1)),
        FormerValue("PRN", "space", "", date(2022, 7, 1)),
    ],
)
_CODES = [*ESTATE.assets, "NOBODY", ""]
_COLUMNS = sorted({field.name for record in KINDS.values() for field in fields(record)})
_VALUES = st.sampled_from(
    [*_CODES, "disposed", "sold", 0.0, 70.0, 9000.0, None, "gas", "鲁Z 00001", "dev-1", "in_post"]
)
_Edit = Callable[[Register], Register]


@st.composite
def _edits(draw: st.DrawFn) -> _Edit:
    """Removes a record, puts another value into one, or adds a former value."""
    what = draw(st.sampled_from(["remove", "put", "put", "former"]))
    kind = draw(st.sampled_from(sorted(KINDS)))
    position, value = draw(st.integers(0, 9)), draw(_VALUES)
    column = draw(st.sampled_from(_COLUMNS))
    former = FormerValue(
        draw(st.sampled_from(_CODES)),
        column,
        str(value or ""),
        draw(st.dates(date(2021, 1, 1), date(2023, 1, 1))),
    )

    def edit(register: Register) -> Register:
        if what == "former":
            return with_records(register, former_values=[*register.former_values, former])
        records: list[Any] = list(records_of(register)[kind])
        if not records:
            return register
        gone = records.pop(position % len(records))
        if what == "put":
            values = {f.name: getattr(gone, f.name) for f in fields(gone)}
            if column in values and _fits(kind, column, value):
                values[column] = value
            records.append(type(gone)(**values))
        return with_records(register, **{kind: records})

    return edit


def _fits(kind: str, name: str, value: Any) -> bool:
    """Whether a cell of this column could be read as the value."""
    column = column_of(kind, name)
    if value is None:
        return not column.required and column.default is None
    return type(value) is column.type


@settings(max_examples=60)
@given(st.lists(_edits(), min_size=1, max_size=4))
def test_what_is_inherited_is_what_would_be_derived(edits: list[_Edit]) -> None:
    register = DATED
    for edit in edits:
        after = edit(register)
        neighbours(register, register, changes_between(register, after))  # derives what it needs
        inherit(after, register, changes_between(register, after))
        fresh = with_records(after)
        for code in _CODES:
            assert set(after.formers_of(code)) == set(fresh.formers_of(code))
            assert after.mentioning(code) >= fresh.mentioning(code)
            assert after.bindings_of(code) == fresh.bindings_of(code)
            assert after.headcounts_of(code) == fresh.headcounts_of(code)
            assert after.base_values_of(code) == fresh.base_values_of(code)
        for plate in ("鲁Z00001", "鲁Z00002"):
            assert after.bearing(plate) >= fresh.bearing(plate)
        assert after.change_days(date.min, date.max) == fresh.change_days(date.min, date.max)
        register = after


@settings(max_examples=60)
@given(st.lists(_edits(), min_size=1, max_size=3), st.lists(_edits(), max_size=2))
def test_the_same_problems_are_found_as_in_the_whole(
    edits: list[_Edit], earlier: list[_Edit]
) -> None:
    before = DATED
    for edit in earlier:
        before = edit(before)
    after = before
    for edit in edits:
        after = edit(after)
    whole = problems_added(rows_of(before), rows_of(after))
    assert set(problems_between(before, after)) == set(whole)


def test_what_has_nothing_to_do_with_it_is_left_aside() -> None:
    after = change(ESTATE, "CAR", {"organisation": "WATER"}, START.date() + timedelta(days=9))
    old, new = neighbours(ESTATE, after, changes_between(ESTATE, after))
    assert {kind: len(records) for kind, records in new.items() if records} == {
        **{"organisations": 4, "vehicles": 1, "geofences": 1, "sites": 1, "bindings": 1},
        "former_values": 1,
    }
    assert old["vehicles"] == [ESTATE.vehicles["CAR"]]
