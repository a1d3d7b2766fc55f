"""Problems know their place and their rule, and speak two languages."""

from datetime import date

from quotawatt.errors import RegisterError
from quotawatt.register.problems import Problem, Rule, Where

WORD = Rule("word", "must be one of {words}", "须为 {words} 之一")


def test_a_place_is_a_sheet_a_row_or_a_cell() -> None:
    row = Where("meters.csv", 5)
    assert [str(Where("meters.csv")), str(row)] == ["meters.csv", "meters.csv:5"]
    assert str(row.at("carrier")) == "meters.csv:5 carrier"
    assert str(Where("meters.csv").at("carrier")) == "meters.csv carrier"


def test_terms_are_filled_in_by_language() -> None:
    filled = WORD.of(words=("one, two", "一、二"))
    assert (filled.code, filled.en, filled.zh) == (
        "word",
        "must be one of one, two",
        "须为 一、二 之一",
    )
    assert WORD.of(words=7).zh == "须为 7 之一"


def test_the_rule_comes_first_and_then_the_value() -> None:
    problem = Problem(Where("s", 2, "c"), WORD.of(words="a"), "b")
    assert str(problem) == problem.text("en") == "s:2 c: must be one of a, got 'b'"
    assert problem.text("zh") == "s:2 c：须为 a 之一，此处为“b”"


def test_dates_nothing_and_long_texts_are_shown_as_people_read_them() -> None:
    where, rule = Where("s"), Rule("r", "must", "须")
    assert Problem(where, rule, date(2024, 3, 1)).text() == "s: must, got '2024-03-01'"
    assert Problem(where, rule).text() == "s: must, got none"
    assert Problem(where, rule).text("zh") == "s：须，此处没有"
    assert len(Problem(where, rule, "x" * 10**6).text()) < 150


def test_an_error_holds_them_and_plain_texts_alike() -> None:
    problem = Problem(Where("s", 2), WORD.of(words="a"), "b")
    error = RegisterError([problem, "plain"])
    assert error.problems == ("s:2: must be one of a, got 'b'", "plain")
    assert error.found == (problem, "plain")
    assert error.texts("zh") == ("s:2：须为 a 之一，此处为“b”", "plain")
    assert str(error) == "s:2: must be one of a, got 'b'\nplain"
