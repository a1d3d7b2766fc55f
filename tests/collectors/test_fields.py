"""Fields of profiles: from what stands in a payload to a number in the quantity's unit."""

import struct
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from collectors.fields import LIST_LIMIT, compile_field, entries, given_conversion
from collectors.fieldspecs import FieldSpec
from quotawatt.errors import InputError


def value(raw: object, place: object = None, **spec: Any) -> float | None:
    field = compile_field(FieldSpec(**{"path": "p", "quantity": "electricity_power_kw", **spec}))
    return field.value(raw, place)


@pytest.mark.parametrize(
    ("raw", "spec", "expected"),
    [
        (2300, {"scale": 0.1}, 230),
        ("41.5", {"unit": "W"}, 0.0415),
        (500, {"scale": 0.1, "offset": -1000}, -950),
        (212, {"quantity": "temperature_c", "unit": "F"}, 100),
        (None, {}, None),
        ("unavailable", {}, None),
        ("Online", {"map": {"Online": 1, "3": 7}}, 1),
        (3.0, {"map": {"Online": 1, "3": 7}}, 7),
        ("unavailable", {"map": {"Online": 1}}, None),
        ("unknown", {"split": {"by": ",", "index": 1}}, None),
        (254, {"map": {"1": 1}, "invalid": [254]}, None),
        (3, {"map": {"Online": 1, "3": 7}}, 7),
        (True, {"map": {"true": 5}}, 5),
        (True, {"quantity": "switch_on"}, 1),
        (5, {"bit": 0}, 1),
        ("5", {"bit": 1}, 0),
        ("54.1,25.2", {"split": {"by": ",", "index": 1}}, 25.2),
        (65535, {"invalid": [65535, -1]}, None),
        ("65535.0", {"invalid": [65535]}, None),
        ("FFFF", {"invalid": ["FFFF"]}, None),
        (-1, {"invalid": [65535]}, -1),
        (251, {"valid": {"min": 0, "max": 250}}, None),
        (-1, {"valid": {"min": 0}}, None),
        (250, {"valid": {"max": 250}, "scale": 0.5}, 125),
    ],
)
def test_value(raw: object, spec: dict[str, Any], expected: float | None) -> None:
    assert value(raw, **spec) == (None if expected is None else pytest.approx(expected))


@pytest.mark.parametrize(
    ("raw", "spec"),
    [
        ("high", {}), ([1], {}), ({}, {}), (True, {}), (10**400, {}), ("1e308", {"scale": 1000}),
        ("Offline", {"map": {"Online": 1}}), ([], {"map": {"Online": 1}}), (1.5, {"bit": 0}),
        ("54.1", {"split": {"by": ",", "index": 1}}), (7, {"split": {"by": ",", "index": 0}}),
        (5, {"words": {"at": 0, "type": "u16"}}), ([70000], {"words": {"at": 0, "type": "u16"}}),
        (["x"], {"words": {"at": 0, "type": "u16"}}),
    ],
)  # fmt: skip
def test_what_is_no_value_is_refused(raw: object, spec: dict[str, Any]) -> None:
    with pytest.raises(InputError, match=" must "):
        value(raw, **spec)


def test_a_sign_may_stand_in_a_bit() -> None:
    spec = {"quantity": "latitude_deg", "negative_if": {"path": "status", "bit": 2}}
    assert value(31.5, {"status": 4}, **spec) == -31.5
    assert value(31.5, {"status": 3}, **spec) == 31.5


def test_sums_need_all_their_terms() -> None:
    place = {"a": 2, "b": "3.5", "c": 1}
    assert value(place, place, path="", sum=["a", "b", "-c"]) == 4.5
    assert value({"a": 2}, {"a": 2}, path="", sum=["a", "b"]) is None


ORDERS = {
    "big": lambda b: b,
    "little": lambda b: b[::-1],
    "word_swapped": lambda b: b"".join(b[i : i + 2] for i in range(len(b) - 2, -1, -2)),
    "byte_swapped": lambda b: b"".join(b[i : i + 2][::-1] for i in range(0, len(b), 2)),
}
TYPES = {"u16": ">H", "s16": ">h", "u32": ">I", "s32": ">i", "f32": ">f", "f64": ">d", "u64": ">Q"}


@given(
    st.data(), st.sampled_from(sorted(TYPES)), st.sampled_from(sorted(ORDERS)), st.integers(0, 3)
)
def test_words_are_read_as_they_were_written(data: Any, kind: str, order: str, at: int) -> None:
    form = TYPES[kind]
    if kind in ("f32", "f64"):
        number = data.draw(st.floats(-(2.0**99), 2.0**99, width=32))
    else:
        bits = int(kind[1:])
        low, high = (
            (0, 2**bits - 1) if kind[0] == "u" else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)
        )
        number = data.draw(st.integers(low, high))
    raw = ORDERS[order](struct.pack(form, number))
    words = [0xFFFF] * at + [int.from_bytes(raw[i : i + 2], "big") for i in range(0, len(raw), 2)]
    spec = {"words": {"at": at, "type": kind, "order": order}}
    assert value(words, **spec) == pytest.approx(float(number))
    assert value(words[:-1], **spec) is None


def test_not_a_number_is_no_value() -> None:
    assert value([0x7FC0, 0], words={"at": 0, "type": "f32"}) is None


@pytest.mark.parametrize(
    ("like", "suffixes"), [([1, 2], ["1", "2"]), ([1, 2, 3], [""]), (5, [""]), (None, [""])]
)
def test_a_list_is_one_of_channels_where_its_sibling_is(like: object, suffixes: list[str]) -> None:
    spec = FieldSpec(path="u", quantity="voltage_v", array="first", channels_like="p")
    found = entries(compile_field(spec), [10, 20], {"p": like})
    assert [suffix for suffix, _ in found] == suffixes
    assert found[0][1] == 10


def test_the_first_of_an_empty_list_is_nothing() -> None:
    spec = FieldSpec(path="u", quantity="voltage_v", array="first")
    assert entries(compile_field(spec), [], {}) == []


def test_a_list_is_no_longer_than_any_device_has_phases() -> None:
    field = compile_field(FieldSpec(path="u", quantity="voltage_v", array="channels"))
    assert len(entries(field, [230] * LIST_LIMIT, {})) == LIST_LIMIT
    with pytest.raises(InputError, match="at most 1000 values, got 1001"):
        entries(field, [230] * (LIST_LIMIT + 1), {})


def test_units_that_devices_give() -> None:
    assert given_conversion("MWh", "electricity_import_kwh") == (1000.0, 0.0)
    assert given_conversion("W", "electricity_import_kwh") is None
    with pytest.raises(InputError):
        given_conversion("florps", "electricity_import_kwh")


@pytest.mark.parametrize(
    "spec",
    [
        {"unit": "W", "scale": 2.0},
        {"unit": "kWh"},
        {"map": {"a": 1}, "bit": 0},
        {"sum": ["a"]},
        {"path": "", "sum": ["a*"]},
        {"path": "a*.b"},
        {"path": "a[]"},
        {"channel": "{addr}"},
        {"channels_like": "x"},
        {"split": {"by": ",", "index": 0}, "words": {"at": 0, "type": "u16"}},
        {"quantity": None, "scale": 2.0},
        {"unit_given": True, "scale": 2.0},
        {"negative_if": {"starts": "00"}},
    ],
)
def test_options_that_do_not_go_together(spec: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        FieldSpec(**{"path": "p", "quantity": "electricity_power_kw", **spec})
