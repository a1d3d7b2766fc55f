"""Sparkplug B: payloads written field by field in the wire format of Protocol Buffers."""

import math
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.frames.sparkplug import decode_sparkplug_b
from tests.collectors.frames.checks import outcome, refused

(
    INT8,
    INT16,
    INT32,
    INT64,
    UINT8,
    UINT16,
    UINT32,
    UINT64,
    FLOAT,
    DOUBLE,
    BOOLEAN,
    STRING,
    DATETIME,
) = range(1, 14)
TEXT, UUID, DATASET, BYTES = 14, 15, 16, 17
NOON = 1_784_606_400_000


def varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*out, number])


def number(field: int, value: int) -> bytes:
    return varint(field << 3) + varint(value)


def text(field: int, value: bytes | str) -> bytes:
    data = value.encode() if isinstance(value, str) else value
    return varint(field << 3 | 2) + varint(len(data)) + data


def single(field: int, value: float) -> bytes:
    return varint(field << 3 | 5) + struct.pack("<f", value)


def double(field: int, value: float) -> bytes:
    return varint(field << 3 | 1) + struct.pack("<d", value)


def payload(*metrics: bytes) -> bytes:
    return number(1, NOON) + b"".join(text(2, metric) for metric in metrics) + number(3, 5)


def value_of(datatype: int, content: bytes) -> object:
    metric = text(1, "m") + number(4, datatype) + content
    (found,) = decode_sparkplug_b(payload(metric))["metrics"]
    return found["value"]


def test_a_birth() -> None:
    properties = text(1, "engUnit") + text(1, "low") + text(2, number(1, STRING) + text(8, "kWh"))
    properties += text(2, number(1, INT32) + number(3, 2**32 - 40))
    metric = (
        text(1, "Energy/Import")
        + number(2, 7)
        + number(3, NOON - 1)
        + number(4, DOUBLE)
        + number(5, 1)
    )
    assert decode_sparkplug_b(payload(metric + text(9, properties) + double(13, 1234.5))) == {
        "timestamp": NOON,
        "seq": 5,
        "metrics": [
            {
                "name": "Energy/Import",
                "alias": 7,
                "timestamp": NOON - 1,
                "is_historical": True,
                "value": 1234.5,
                "properties": {"engUnit": "kWh", "low": -40},
            }
        ],
    }


def test_data_by_alias() -> None:
    found = decode_sparkplug_b(
        payload(number(2, 7) + single(12, 1.5), number(2, 8) + number(14, 1))
    )
    assert found["metrics"] == [{"alias": 7, "value": 1.5}, {"alias": 8, "value": True}]


@given(st.sampled_from([(INT8, 8), (INT16, 16), (INT32, 32)]), st.data())
def test_signed_integers(kind: tuple[int, int], data: st.DataObject) -> None:
    datatype, bits = kind
    value = data.draw(st.integers(-(2 ** (bits - 1)), 2 ** (bits - 1) - 1))
    # Some senders extend the sign to 32 bits, others send the type's own bits.
    assert value_of(datatype, number(10, value % 2**32)) == value
    assert value_of(datatype, number(10, value % 2**bits)) == value


@given(st.integers(-(2**63), 2**63 - 1))
def test_signed_integers_of_64_bits(value: int) -> None:
    assert value_of(INT64, number(11, value % 2**64)) == value


@pytest.mark.parametrize(
    ("datatype", "content", "value"),
    [
        (UINT8, number(10, 255), 255),
        (UINT16, number(10, 65535), 65535),
        (UINT32, number(10, 2**32 - 1), 2**32 - 1),
        (UINT32, number(11, 2**32 - 1), 2**32 - 1),
        (UINT64, number(11, 2**64 - 1), 2**64 - 1),
        (DATETIME, number(11, NOON), NOON),
        (BOOLEAN, number(14, 0), False),
        (STRING, text(15, "开"), "开"),
        (TEXT, text(15, ""), ""),
        (UUID, text(15, "0c1d"), "0c1d"),
        (DOUBLE, double(13, 1e308), 1e308),
        (DOUBLE, number(7, 1) + double(13, 1.0), None),
        (DOUBLE, number(7, 1), None),
        (DOUBLE, b"", None),
        (DOUBLE, number(7, 0) + double(13, 0.0), 0.0),
    ],
)
def test_values(datatype: int, content: bytes, value: object) -> None:
    found = value_of(datatype, content)
    assert found == value
    assert type(found) is type(value)


def test_not_a_number_stays_what_it_is() -> None:
    found = value_of(FLOAT, single(12, math.nan))
    assert isinstance(found, float)
    assert math.isnan(found)


@pytest.mark.parametrize(
    ("content", "value"),
    [(number(10, 2**31 - 1), 2**31 - 1), (number(10, 2**31), None), (number(11, 2**63 - 1), 2**63 - 1),
     (number(11, 2**64 - 5), None)],
)  # fmt: skip
def test_an_integer_without_a_type_is_not_guessed(content: bytes, value: int | None) -> None:
    assert decode_sparkplug_b(payload(number(2, 1) + content))["metrics"][0]["value"] == value


@pytest.mark.parametrize("field", [16, 17, 18, 19])
def test_metrics_of_many_values_are_left_out(field: int) -> None:
    table = text(1, "table") + number(4, DATASET) + text(field, b"\x08\x01")
    plain = text(1, "m") + number(4, INT32) + number(10, 3)
    found = decode_sparkplug_b(payload(table, plain))
    assert found["metrics"] == [{"name": "m", "value": 3}]


def test_properties_of_properties_are_left_out() -> None:
    nested = text(1, "more") + text(1, "engUnit") + text(2, text(9, b"\x0a\x00"))
    nested += text(2, text(8, "V"))
    metric = text(1, "m") + single(12, 230.0) + text(9, nested)
    assert decode_sparkplug_b(payload(metric))["metrics"][0]["properties"] == {"engUnit": "V"}


def test_a_death_has_no_seq() -> None:
    death = number(1, NOON) + text(2, text(1, "bdSeq") + number(4, INT64) + number(11, 3))
    found = decode_sparkplug_b(death)
    assert found == {"timestamp": NOON, "metrics": [{"name": "bdSeq", "value": 3}]}


def test_fields_that_nobody_knows_are_skipped() -> None:
    assert decode_sparkplug_b(payload() + text(4, "uuid") + text(100, "more")) == {
        "timestamp": NOON,
        "seq": 5,
        "metrics": [],
    }


@pytest.mark.parametrize(
    "data",
    [
        payload(text(1, "m"))[:-4],
        b"\x08",
        b"STATE offline",
        b"{}",
        b'{"timestamp": 1}',
    ],
    ids=["cut", "half", "text of a host", "json", "json with a time"],
)
def test_what_is_not_sparkplug_is_refused(data: bytes) -> None:
    refused(decode_sparkplug_b, data, "must be Sparkplug B")


@pytest.mark.parametrize(
    "metric",
    [
        text(1, b"\xff\xfe") + single(12, 1.0),
        text(1, "m") + text(15, b"\xff"),
        text(1, "m") + text(9, text(1, b"\xff") + text(2, text(8, "kWh"))),
        text(1, "m") + text(9, text(1, "engUnit") + text(2, text(8, b"\xff"))),
    ],
    ids=["name", "value", "key", "property"],
)
def test_text_that_is_not_utf8_is_refused(metric: bytes) -> None:
    refused(decode_sparkplug_b, payload(metric), "must be UTF-8")


@pytest.mark.parametrize("data", [b"", text(100, "more"), text(4, "uuid")])
def test_a_payload_that_states_nothing_is_refused(data: bytes) -> None:
    refused(decode_sparkplug_b, data, "must have a timestamp, a seq or metrics")


@given(st.data())
def test_damage_is_refused_or_stays_plain(data: st.DataObject) -> None:
    whole = payload(
        text(1, "Power") + number(4, DOUBLE) + double(13, 42.5), text(1, "名") + number(10, 9)
    )
    at = data.draw(st.integers(0, len(whole) - 1))
    damaged = whole[:at] + bytes([data.draw(st.integers(0, 255))]) + whole[at + 1 :]
    for changed in (damaged, whole[:at]):
        found = outcome(decode_sparkplug_b, changed)
        assert found is None or isinstance(found["metrics"], list)
