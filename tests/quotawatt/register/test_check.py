"""What must hold over rows: named once, where it is wrong, in both languages."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from quotawatt.register.check import check_rows
from quotawatt.register.editing import rows_of
from quotawatt.register.model import FormerValue, Register
from quotawatt.register.rows import CODED, KINDS, Row
from quotawatt.register.rules import ITEMS, POSITIVE, RANGES, REFERENCES, VOCABULARIES
from tests.quotawatt.register.estate import ESTATE, changed, with_records

MARCH = date(2024, 3, 1)


def _found(register: Register) -> list[str]:
    return [str(problem) for problem in check_rows(rows_of(register))]


def _one(register: Register) -> str:
    (problem,) = _found(register)
    return problem


def _former(*former: FormerValue) -> Register:
    return with_records(ESTATE, former_values=former)


def test_the_estate_is_right() -> None:
    assert _found(ESTATE) == []


def test_rules_name_columns_that_there_are() -> None:
    from quotawatt.register.rows import column_of

    for kind, column in (*REFERENCES, *RANGES, *POSITIVE, *VOCABULARIES):
        assert column_of(kind, column).name == column


@pytest.mark.parametrize(
    ("code", "values", "problem"),
    [
        ("R101", {"building": "HULL"}, "spaces R101 building: must be a code of buildings"),
        (
            "R101",
            {"organisation": "HALL"},
            "spaces R101 organisation: must be a code of organisations",
        ),
        ("R101", {"use": "bar"}, "spaces R101 use: must be one of office, meeting"),
        ("R101", {"area_m2": 0.0}, "spaces R101 area_m2: must be above 0, got 0.0"),
        ("PRN", {"serves": "M0"}, "equipment PRN serves: must be a code of buildings or spaces"),
        (
            "PRN",
            {"space": "R201"},
            "equipment PRN space: must be a space of the building HALL, got 'R201'",
        ),
        (
            "PRN",
            {"acquired": date(1492, 1, 1)},
            "must be 1900-01-01 to 2200-12-31, got '1492-01-01'",
        ),
        ("CH", {"building": "YARD"}, "chargers CH building: must be a code of buildings"),
        ("CAR", {"home_site": "HALL"}, "vehicles CAR home_site: must be a code of sites"),
        (
            "M1",
            {"serves": "HALL"},
            "meters M1 serves: must be a code of spaces or equipment or chargers",
        ),
        ("M1", {"item": "A4"}, "meters M1 item: must be one of empty, A, A1, A2, A3, B,"),
        (
            "M1",
            {"building": "ANNEX", "serves": None},
            "meters M1 building: must be that of the parent M0, got 'ANNEX'",
        ),
        ("HALL", {"comfort_class": "C"}, "must be one of empty, A, B, got 'C'"),
        (
            "HALL",
            {"heated_area_m2": 5001.0},
            "must not be above the gross area of 5000 m², got 5001.0",
        ),
        ("HALL", {"excluded_area_m2": 4900.0}, "and are 5080 m², got 5000.0"),
        ("CAR", {"status": "sold"}, "must be one of planned, in_use, idle, transferred, disposed"),
        ("CAR", {"plate": "鲁Z00002"}, "vehicles VAN plate: a plate must belong to one vehicle"),
        ("EDU", {"system_parent": "EDU"}, "system_parent: must not lead back to the row itself"),
    ],
)
def test_each_broken_rule_is_named_once(code: str, values: dict[str, Any], problem: str) -> None:
    assert problem in _one(changed(ESTATE, code, **values))


def test_every_item_of_the_national_list_is_known() -> None:
    for item in ITEMS:
        assert _found(changed(ESTATE, "M1", item=item)) == []


def test_head_counts_have_the_known_components() -> None:
    wrong = replace(ESTATE.headcounts[0], component="cats")
    assert "must be one of in_post, non_establishment, service, students, beds, visitors" in _one(
        with_records(ESTATE, headcounts=[wrong])
    )


def test_a_plate_goes_on_to_another_vehicle_once_the_first_is_gone() -> None:
    same = changed(ESTATE, "VAN", plate="鲁Z 00001")
    assert len(_found(same)) == 1
    assert _found(changed(same, "CAR", status="disposed")) == []
    assert _found(changed(same, "CAR", status="transferred")) == []


def test_no_plate_is_of_two_vehicles_on_any_day() -> None:
    same = changed(ESTATE, "VAN", plate="鲁Z 00001")
    day = date(2030, 1, 1)
    # Given away from a day on that lies ahead, it bears the plate until then.
    given_away = with_records(
        changed(same, "CAR", status="transferred"),
        former_values=[FormerValue("CAR", "status", "in_use", day)],
    )
    assert "is that of former_values CAR/status/2030-01-01 value too" in _one(given_away)
    taken_on = [*given_away.former_values, FormerValue("VAN", "plate", "鲁Z00002", day)]
    assert _found(with_records(given_away, former_values=taken_on)) == []
    early = [*given_away.former_values, FormerValue("VAN", "plate", "鲁Z00002", date(2029, 12, 31))]
    assert "a plate must belong to one vehicle" in _one(
        with_records(given_away, former_values=early)
    )


def test_what_stands_in_a_room_or_measures_it_is_in_its_building() -> None:
    told = [
        ("equipment PRN space", "PRN must be a space of"),
        ("meters M1 serves", "M1 must stand in"),
    ]
    now = _found(changed(ESTATE, "R101", building="ANNEX"))
    before = _found(_former(FormerValue("R101", "building", "ANNEX", MARCH)))
    for (where, rule), one_now, one_before in zip(
        told, sorted(now), sorted(before, reverse=True), strict=True
    ):
        assert one_now.startswith(where)
        assert f"value: {rule} the building HALL (as it was until 2024-03-01)" in one_before
    assert len(now) == len(before) == 2


def test_a_text_in_each_language() -> None:
    (problem,) = check_rows(rows_of(changed(ESTATE, "R101", use="bar")))
    assert problem.rule.code == "word"
    assert problem.text("zh").startswith("spaces R101 use：须为 办公室、会议室、")
    assert problem.text("zh").endswith("之一，此处为“bar”")
    assert (problem.where.column, problem.value) == ("use", "bar")


# --- one wrong cell, one problem -------------------------------------------------------------------


def _without(rows: dict[str, list[Row]], kind: str, code: str, column: str) -> None:
    """As if the cell could not have been read."""
    rows[kind] = [
        Row(r.where, {n: v for n, v in r.cells.items() if n != column})
        if r.cells["code"] == code
        else r
        for r in rows[kind]
    ]


@pytest.mark.parametrize("kind", CODED)
def test_a_code_that_could_not_be_read_is_missed_by_nobody(kind: str) -> None:
    rows = rows_of(ESTATE)
    code = rows[kind][0].cells["code"]
    _without(rows, kind, code, "code")
    assert check_rows(rows) == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_that_could_not_be_read_is_missed_by_nobody(kind: str) -> None:
    rows = rows_of(ESTATE)
    del rows[kind]
    assert check_rows(rows) == []


def test_more_missing_codes_than_unread_ones_are_named() -> None:
    rows = rows_of(changed(ESTATE, "VAN", organisation="NOBODY"))
    _without(rows, "organisations", "EDU", "code")
    assert {str(p.value) for p in check_rows(rows)} == {"EDU", "NOBODY"}


@pytest.mark.parametrize("column", ["building", "carrier"])
def test_a_parent_with_a_wrong_cell_is_named_and_not_its_sub_meters(column: str) -> None:
    problem = _one(changed(ESTATE, "M0", **{column: "ANEX"}))
    assert problem.startswith(f"meters M0 {column}:")


# --- former values ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("former", "problem"),
    [
        (("NOBODY", "status", "idle"), "asset: must be a code of organisations or sites or"),
        (
            ("HALL", "code", "X"),
            "attribute: must be a column of buildings other than code, got 'code'",
        ),
        (
            ("HALL", "plate", "X"),
            "attribute: must be a column of buildings other than code, got 'plate'",
        ),
        (("HALL", "gross_area_m2", "big"), "value: must be a number with a decimal point"),
        (("HALL", "gross_area_m2", "-5"), "value: must be above 0, got '-5'"),
        (("HALL", "site", ""), "value: must not be empty, got ''"),
        (("HALL", "status", "sold"), "value: must be one of planned, in_use"),
        (("HALL", "organisation", "M0"), "value: must be a code of organisations, got 'M0'"),
        (
            ("HALL", "gross_area_m2", "3000"),
            "must not be above the gross area of 3000 m² (as it was until",
        ),
        (
            ("CITY", "region_parent", "EDU"),
            "value: must not lead back to the row itself (as it was until",
        ),
        (
            ("M0", "building", "ANNEX"),
            "value: M1 must be that of the parent M0 (as it was until 2024-03-01)",
        ),
        (
            ("M1", "parent", "M2"),
            "value: M1 must be that of the parent M2 (as it was until 2024-03-01)",
        ),
    ],
)
def test_a_former_value_is_judged_like_the_row_on_its_last_day(
    former: tuple[str, str, str], problem: str
) -> None:
    assert problem in _one(_former(FormerValue(*former, MARCH)))


def test_a_circle_of_other_times_is_none() -> None:
    # CITY hung below EDU only while EDU hung nowhere.
    hung = FormerValue("CITY", "region_parent", "EDU", MARCH)
    assert len(_found(_former(hung))) == 1
    apart = FormerValue("EDU", "region_parent", "", MARCH)
    assert _found(_former(hung, apart)) == []
    later = FormerValue("EDU", "region_parent", "", date(2024, 2, 1))
    assert len(_found(_former(hung, later))) == 1


def test_two_former_values_do_not_end_on_one_day() -> None:
    twice = _former(
        FormerValue("HALL", "status", "idle", MARCH),
        FormerValue("HALL", "status", "planned", MARCH),
    )
    assert "must end on a day of its own" in _one(twice)


def test_an_unreadable_former_cell_has_no_followers() -> None:
    rows = rows_of(_former(FormerValue("HALL", "status", "idle", MARCH)))
    for column in ("asset", "attribute", "value", "valid_until"):
        (row,) = rows["former_values"]
        cells = {name: value for name, value in row.cells.items() if name != column}
        assert check_rows({**rows, "former_values": [Row(row.where, cells)]}) == []
