"""CSV as payload."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.csvtext import ROWS_LIMIT, read_csv
from quotawatt.errors import DecodeError


def test_the_first_line_names_the_columns() -> None:
    assert read_csv('time, kwh\n1,2\n\n3,"4,5"\r\n') == {
        "rows": [{"time": "1", "kwh": "2"}, {"time": "3", "kwh": "4,5"}]
    }


def test_named_columns_and_another_separator() -> None:
    assert read_csv("1;2", ";", ["a", "b"]) == {"rows": [{"a": "1", "b": "2"}]}


@pytest.mark.parametrize("text", ["a,b\n1", "a,b\n1,2,3"])
def test_lines_have_as_many_columns_as_there_are_names(text: str) -> None:
    with pytest.raises(DecodeError, match=r"^a line must have 2 columns, got "):
        read_csv(text)


def test_a_comma_before_the_decimals() -> None:
    cells = "2024-03-01;12,5;-0,75;1,2,3;a,b;7"
    names = list("abcdef")
    (row,) = read_csv(cells, ";", names, decimal=",")["rows"]
    assert list(row.values()) == ["2024-03-01", "12.5", "-0.75", "1,2,3", "a,b", "7"]


def test_a_column_is_named_once() -> None:
    with pytest.raises(DecodeError, match="must name each column once, got "):
        read_csv("time,kwh,kwh\n1,2,3")


def test_lines_are_limited() -> None:
    with pytest.raises(DecodeError, match="at most"):
        read_csv("1\n" * (ROWS_LIMIT + 1), columns=["a"])


@given(st.text())
def test_any_text(text: str) -> None:
    refused, cells = "", []
    try:
        cells = [cell for row in read_csv(text)["rows"] for cell in row.values()]
    except DecodeError as error:
        refused = error.reason
    assert refused in ("", "bad_payload")
    assert all(isinstance(cell, str) for cell in cells)
