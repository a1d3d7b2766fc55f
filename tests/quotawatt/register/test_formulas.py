"""Formulas of virtual meters: read, refused with the place, and held against the register."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotawatt.register.check import check_rows
from quotawatt.register.editing import problems_between, rows_of
from quotawatt.register.formula_faults import Fault, RegisterBooks, formula_fault
from quotawatt.register.formulas import (
    Share,
    Term,
    codes_in,
    parse_formula,
    parts_first,
    terms_by_code,
)
from quotawatt.register.model import FormerValue, Register, VirtualMeter
from quotawatt.register.problems import CellError
from tests.quotawatt.register.estate import ESTATE, changed, with_records

KWH = "electricity_import_kwh"


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("MTR-1", [Term(1, "MTR-1")]),
        ("MTR-1 - MTR-2", [Term(1, "MTR-1"), Term(-1, "MTR-2")]),
        ("MTR-1-MTR-2", [Term(1, "MTR-1-MTR-2")]),
        ("-MTR-1+0.5*MTR.2", [Term(-1, "MTR-1"), Term(0.5, "MTR.2")]),
        ("2×表_1", [Term(2, "表_1")]),
        ("12 + 2*3", [Term(1, "12"), Term(2, "3")]),
        ("share(A,area,R) - 2*share(B, people, O)",
         [Term(1, "A", Share("area", "R")), Term(-2, "B", Share("people", "O"))]),
        ("share + area", [Term(1, "share"), Term(1, "area")]),
        ("甲表－0.5×乙表 ＋share（总-1，面积，101室）−A-1",
         [Term(1, "甲表"), Term(-0.5, "乙表"), Term(1, "总-1", Share("area", "101室")), Term(-1, "A-1")]),
        ("share(面积, 人数, 人数)", [Term(1, "面积", Share("people", "人数"))]),
    ],
)  # fmt: skip
def test_a_formula_is_read(text: str, terms: list[Term]) -> None:
    assert list(parse_formula(text)) == terms


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "with a code at sign 1, where the end stands"),
        ("A +", "with a code at sign 4, where the end stands"),
        ("A B", "with +, - or the end at sign 3, where 'B' stands"),
        ("A * 2", "with +, - or the end at sign 3, where '*' stands"),
        ("A + + B", "with a code at sign 5, where '+' stands"),
        ("2*", "with a code at sign 3, where the end stands"),
        ("__import__('os')", "with +, - or the end at sign 11, where '(' stands"),
        ("share(A, size, R)", "with area or people at sign 10, where 'size' stands"),
        ("share(A, area R)", "with , at sign 15, where 'R' stands"),
        ("share(A, area, R", "with ) at sign 17, where the end stands"),
    ],
)
def test_what_is_no_formula_is_refused_with_the_place(text: str, message: str) -> None:
    with pytest.raises(CellError) as refused:
        parse_formula(text)
    assert str(refused.value).endswith(message)
    assert codes_in(text) == ()


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    terms = terms_by_code([("V", text)])
    if terms:
        assert terms["V"] == parse_formula(text)
        assert set(codes_in(text)) >= {term.part for term in terms["V"]}
    else:
        with pytest.raises(CellError, match="must be like MTR-1"):
            parse_formula(text)


_CODES = st.from_regex(r"[A-Z]{2}(-[0-9]{1,3})?", fullmatch=True)


@given(
    st.lists(
        st.tuples(st.sampled_from([1.0, -1.0]), st.integers(1, 10**6), _CODES, st.booleans()),
        min_size=1,
        max_size=6,
    )
)
def test_what_is_written_is_what_is_read(terms: list[tuple[float, int, str, bool]]) -> None:
    written = " ".join(
        f"{'-' if sign < 0 else '+'} {n / 1000:.3f}*" + (f"share({c}, area, R)" if s else c)
        for sign, n, c, s in terms
    )
    expected = [
        Term(sign * (n / 1000), c, Share("area", "R") if s else None) for sign, n, c, s in terms
    ]
    assert list(parse_formula(written)) == expected


def test_parts_come_first_and_circles_are_told() -> None:
    parts = {"A": ["B", "M"], "B": ["C"], "C": [], "X": ["Y"], "Y": ["X"], "Z": ["X", "C"]}
    order, circular = parts_first(parts)
    assert order == ["C", "B", "A"]
    assert circular == {"X", "Y", "Z"}
    deep = {f"V{n}": [f"V{n + 1}"] for n in range(5000)}
    assert len(parts_first(deep)[0]) == 5000


def test_a_formula_may_be_long() -> None:
    codes = [f"MTR-{n:04d}" for n in range(200)]
    register = with_formulas(" + ".join(["M0", *codes]))
    assert "and MTR-0000 is none" in str(check_rows(rows_of(register))[0])
    assert check_rows(rows_of(with_formulas(" + ".join(["M0", "M1"] * 100)))) == []


def with_formulas(*formulas: str, **values: Any) -> Register:
    meters = [
        replace(ESTATE.virtual_meters["VM"], code=f"V{n}", formula=formula, **values)
        for n, formula in enumerate(formulas, 1)
    ]
    return with_records(ESTATE, virtual_meters=meters)


WRONG = [
    (("M0 + NOBODY",), Fault("unknown_part", "NOBODY"), "and NOBODY is none"),
    (("M0 + R101",), Fault("unknown_part", "R101"), "and R101 is none"),
    (("share(M0, area, M1)",), Fault("unknown_part", "M1"), "and M1 is none"),
    (("V1 + M0",), Fault("in_circle", "V1"), "and does by V1"),
    (("V2 + M0", "V1"), Fault("in_circle", "V2"), "and does by V2"),
    (("M0 + PV",), Fault("quantities_differ", "PV"), f"has {KWH}, and PV has it not"),
    (("share(M0, area, R201)",), Fault("share_elsewhere", "R201"), "and R201 is none of it"),
    (("share(M0, people, WATER)",), Fault("share_elsewhere", "WATER"), "and WATER is none of it"),
]


@pytest.mark.parametrize(("formulas", "fault", "message"), WRONG)
def test_what_a_formula_must_not_say(formulas: tuple[str, ...], fault: Fault, message: str) -> None:
    register = with_formulas(*formulas)
    terms = terms_by_code((c, m.formula) for c, m in register.virtual_meters.items())
    circular = parts_first({c: [t.part for t in ts] for c, ts in terms.items()})[1]
    assert formula_fault(RegisterBooks(register), "V1", circular) == fault
    problems = check_rows(rows_of(register))
    assert message in str(problems[0])
    assert all("formula" in str(problem) for problem in problems)
    # At entry it is judged by its neighbours, and no less is found.
    assert str(problems[0]) in [str(p) for p in problems_between(ESTATE, register)]


@pytest.mark.parametrize(
    "formula",
    ["M0 - M1", "HALL - 0.5*M1", "share(M0, area, R101)", "share(M0, people, EDU)", "M0 + M2"],
)
def test_what_a_formula_may_say(formula: str) -> None:
    register = with_formulas(formula)
    assert check_rows(rows_of(register)) == []
    assert problems_between(ESTATE, register) == []


def test_water_and_electricity_are_not_added() -> None:
    register = with_formulas("M0", quantity="water_m3")
    assert "has water_m3, and M0 has it not" in str(check_rows(rows_of(register))[0])
    plants = with_formulas("PV", quantity="pv_generation_kwh")
    assert check_rows(rows_of(plants)) == []


def test_an_organisation_in_a_room_of_the_building_may_share() -> None:
    register = with_records(
        changed(ESTATE, "R101", organisation="WATER"),
        virtual_meters=[VirtualMeter("V1", "分", "S", "HALL", KWH, "share(M0, area, WATER)")],
    )
    assert check_rows(rows_of(register)) == []
    assert problems_between(changed(ESTATE, "R101", organisation="WATER"), register) == []


def test_a_part_that_is_removed_is_missed_by_its_formula() -> None:
    without = with_records(
        ESTATE,
        meters=[m for m in ESTATE.meters.values() if m.code != "M1"],
        bindings=[b for b in ESTATE.bindings if b.asset != "M1"],
    )
    assert any("M1 is none" in str(p) for p in problems_between(ESTATE, without))


def test_a_former_formula_must_have_been_right_too() -> None:
    former = [FormerValue("VM", "formula", "M0 - NOBODY", date(2022, 1, 1))]
    problems = check_rows(rows_of(with_records(ESTATE, former_values=former)))
    assert "NOBODY is none (as it was until 2022-01-01)" in str(problems[0])
    former = [FormerValue("VM", "formula", "M0 -", date(2022, 1, 1))]
    problems = check_rows(rows_of(with_records(ESTATE, former_values=former)))
    assert "with a code at sign 5" in str(problems[0])


def test_a_virtual_meter_has_no_device() -> None:
    binding = replace(ESTATE.bindings[0], device="new", asset="VM")
    problems = check_rows(rows_of(with_records(ESTATE, bindings=[*ESTATE.bindings, binding])))
    assert len(problems) == 1
    assert "must be a code of" in str(problems[0])
