"""DL/T 645-2007: data items."""

import pytest

from collectors.frames.dlt645_items import decode_item
from quotawatt.errors import DecodeError


@pytest.mark.parametrize(
    ("item", "sent", "value"),
    [
        ("00000000", "50120080", -12.5),  # both directions together: signed
        ("00010000", "50120080", 800012.5),  # one direction: a digit like any other
        ("00020001", "99999999", 999999.99),  # a settlement day
        ("00030000", "01000080", -0.01),
        ("00150000", "00100000", 10.0),  # phase A
        ("00170000", "00100080", -10.0),
        ("0001FF00", "01000000 02000000", [0.01, 0.02]),
        ("000100FF", "01000000 FFFFFFFF", [0.01, None]),
        ("02010100", "0523", 230.5),
        ("02020200", "345612", 125.634),
        ("02020200", "345692", -125.634),
        ("02030000", "785634", 34.5678),
        ("02030000", "7856B4", -34.5678),
        ("02040000", "100080", -0.001),
        ("02050000", "100000", 0.001),
        ("02060000", "9989", -0.999),
        ("0206FF00", "9909 9909 0010 FFFF", [0.999, 0.999, 1.0, None]),
        ("02070100", "0012", 120.0),
        ("02800002", "0150", 50.01),
        ("02800001", "050000", 0.005),
        ("02800007", "5582", -25.5),
        ("0280000A", "03000000", 3.0),
    ],
)
def test_forms_of_the_annex(item: str, sent: str, value: object) -> None:
    assert decode_item(item, bytes.fromhex(sent)) == value


@pytest.mark.parametrize(
    "item", ["04000101", "04000102", "03110001", "02010101", "0280FF02", "01010000", "00FF0000"]
)
def test_items_without_a_measured_value_are_text(item: str) -> None:
    assert decode_item(item, bytes.fromhex("010203")) == "030201"


@pytest.mark.parametrize(
    ("item", "sent"),
    [("00010000", "01000000 02000000"), ("00010000", ""), ("00010000", "010000"), ("0001FF00", "0100000002"),
     ("02010100", "052300"), ("02010100", "0A23")],
)  # fmt: skip
def test_bytes_that_do_not_fit_the_item_are_refused(item: str, sent: str) -> None:
    with pytest.raises(DecodeError, match=r"must .*, got ") as error:
        decode_item(item, bytes.fromhex(sent))
    assert error.value.reason == "bad_frame"
