"""Cells as people fill them: what is understood, what is refused, and that what is written is read back."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotawatt.register.problems import CellError
from quotawatt.register.reading import reader_of
from quotawatt.register.rows import KINDS, Column, column_of, columns, parse_cell
from quotawatt.register.writing import text_of


def read(kind: str, name: str, raw: Any) -> Any:
    return reader_of(kind, column_of(kind, name))(raw)


def broken(kind: str, name: str, raw: Any) -> str:
    with pytest.raises(CellError) as caught:
        read(kind, name, raw)
    return caught.value.rule.code


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (" 8000 ", 8000.0),
        ("８０００．５", 8000.5),
        ("1,234.5", 1234.5),
        ("1,234", 1234.0),
        ("8000㎡", 8000.0),
        ("８０００ 平方米", 8000.0),
        ("1,234,567", 1234567.0),
        ("'8000", 8000.0),
        ("1e3", 1000.0),
        ("无", None),
        ("-", None),
        ("", None),
        (None, None),
        (12.0, 12.0),
    ],
)
def test_numbers(text: Any, value: float | None) -> None:
    assert read("buildings", "gross_area_m2", text) == value


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("12,34.5", "number"),
        ("1.234,5", "number"),
        ("8000亩", "number"),
        ("0.8万平方米", "number"),
        ("约8000", "number"),
        ("nan", "number"),
        (True, "number"),
        (date(2024, 1, 5), "number"),
        (timedelta(hours=1), "number"),
    ],
)
def test_numbers_that_may_mean_something_else(raw: Any, code: str) -> None:
    assert broken("buildings", "gross_area_m2", raw) == code


@pytest.mark.parametrize(
    "raw",
    [
        *(
            "2024-01-05",
            "2024-1-5",
            "2024/1/5",
            "2024.1.5",
            "2024年1月5日",
            "２０２４／０１／０５",
            "20240105",
        ),
        *(20240105.0, date(2024, 1, 5), datetime.fromisoformat("2024-01-05")),
    ],
)
def test_dates(raw: Any) -> None:
    assert read("headcounts", "valid_from", raw) == date(2024, 1, 5)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        *((wrong, "date") for wrong in ("1/5/2024", "2024-13-01", "2024-1/5", "5.1.2024")),
        *((wrong, "no_day") for wrong in ("2024年1月", "2024-1", "2024/01", "2024年", "2024")),
        ("", "required"),
        (45296.0, "serial_day"),
        (True, "serial_day"),
        (time(8, 30), "serial_day"),
        (datetime.fromisoformat("2024-01-05T08:30"), "whole_day"),
    ],
)
def test_dates_that_may_mean_something_else(raw: Any, code: str) -> None:
    assert broken("headcounts", "valid_from", raw) == code


def test_until_now_is_no_end() -> None:
    assert read("headcounts", "valid_until", "至今") is None
    assert read("bindings", "valid_until", "—") is None


def test_instants_keep_their_zone_or_have_none() -> None:
    assert read("bindings", "valid_from", "2024-01-05T08:30:00+08:00") == datetime(
        2024, 1, 5, 0, 30, tzinfo=UTC
    )
    for text in ("2024-01-05 08:30", "2024/1/5 8:30", "2024年1月5日 8:30:00"):
        assert read("bindings", "valid_from", text).isoformat() == "2024-01-05T08:30:00"
    assert read("bindings", "valid_from", "2024-1-5").isoformat() == "2024-01-05T00:00:00"
    assert broken("bindings", "valid_from", "2024-01-05 25:00") == "instant"


@pytest.mark.parametrize(
    ("kind", "column", "word", "value"),
    [
        ("meters", "carrier", "电", "electricity"),
        ("vehicles", "energy", "电", "electric"),
        ("vehicles", "energy", "汽油", "petrol"),
        ("buildings", "status", "在用", "in_use"),
        ("buildings", "status", "In use", "in_use"),
        ("buildings", "comfort_class", "Ａ 类", "A"),
        ("vehicles", "tracking_exempt", "是", True),
        ("vehicles", "tracking_exempt", 0.0, False),
        ("equipment", "kind", "A4打印机", "printer_a4"),
        ("equipment", "kind", "冰箱", "冰箱"),
        ("equipment", "kind", "'A4打印机", "A4打印机"),
        ("former_values", "attribute", "建筑面积", "gross_area_m2"),
        ("former_values", "value", date(2020, 1, 1), "2020-01-01"),
        ("organisations", "vehicle_quota", 6.0, 6),
    ],
)
def test_words(kind: str, column: str, word: Any, value: Any) -> None:
    assert read(kind, column, word) == value


def test_a_part_of_a_person_is_no_whole_number() -> None:
    assert broken("organisations", "vehicle_quota", 6.5) == "whole_number"
    assert broken("vehicles", "tracking_exempt", "也许") == "truth"


_COLUMNS = [(kind, column) for kind in KINDS for column in columns(kind)]
_SIGNS = st.sampled_from("Aa1-+=@'’ 电在用无,./年—０")


@given(st.sampled_from(_COLUMNS), st.text(_SIGNS | st.characters(codec="utf-8"), max_size=12))
def test_what_is_written_is_read_back(place: tuple[str, Column], text: str) -> None:
    kind, column = place
    try:
        value = parse_cell(column, text)
    except CellError:
        return
    for language in (None, "zh", "en"):
        written = text_of(kind, column, value, language)
        assert reader_of(kind, column)(written) == value


@given(st.sampled_from(["=", "+", "-", "@"]), st.text(_SIGNS, max_size=8))
def test_a_spreadsheet_takes_nothing_for_a_formula(sign: str, rest: str) -> None:
    value = parse_cell(column_of("buildings", "name_zh"), sign + rest)
    written = text_of("buildings", column_of("buildings", "name_zh"), value)
    assert written.startswith("'") or written.lstrip("+-").replace(".", "", 1).isdigit()
