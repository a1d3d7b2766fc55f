"""The examples of ``profiles/SITE.md`` work as they stand there, before the built-in profiles."""

import base64
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from collectors.decode import Decoder
from collectors.profile import PROFILES, load_profiles, parse_profile
from quotawatt.errors import DecodeError, InputError

ARRIVED = datetime(2024, 3, 1, 3, tzinfo=UTC)
EXAMPLES = re.findall(
    r"```yaml\n(id: (\w+)\n.*?)```", (PROFILES / "SITE.md").read_text("utf-8"), re.DOTALL
)
SITE = Decoder(
    [*(parse_profile(text, f"{name}.yaml") for text, name in EXAMPLES), *load_profiles()],
    ZoneInfo("Asia/Shanghai"),
)


def read(topic: str, payload: bytes) -> list[tuple[str, str, float]]:
    """Channel, quantity and value of what a message becomes at the site."""
    decoded = SITE.decode(topic, payload, ARRIVED)
    assert not decoded.problems
    return [(b.channel, b.quantity, round(b.values[0], 6)) for b in decoded.blocks]


def point(number: int, value: float) -> bytes:
    message = {"data_source_id": 3, "point_id": number, "value": value}
    return json.dumps(message | {"utc_date_time": "2024-03-01T01:30:00"}).encode()


def test_points_become_what_the_site_says() -> None:
    assert read("building/points", point(18, 812.5)) == [("18", "electricity_import_kwh", 812.5)]
    assert read("building/points", point(23, 4500)) == [("23", "water_m3", 4.5)]


def test_the_time_of_a_point_is_utc() -> None:
    block = SITE.decode("building/points", point(17, 1), ARRIVED).blocks[0]
    assert datetime.fromtimestamp(block.times_us[0] / 1e6, UTC) == datetime(
        2024, 3, 1, 1, 30, tzinfo=UTC
    )


def test_a_point_that_the_site_does_not_name_is_refused() -> None:
    with pytest.raises(DecodeError, match="must be mapped") as refused:
        SITE.decode("building/points", point(99, 1), ARRIVED)
    assert refused.value.reason == "unmapped"


@pytest.mark.parametrize("written", [bytes.hex, base64.b64encode, bytes])
def test_registers_of_a_meter(written: Callable[[bytes], str | bytes]) -> None:
    # 01 03, 20 bytes: 123456, -1500, 230.5 (words swapped), ..., 955; CRC by the specification's algorithm.
    registers = "0001E240FFFFFA248000436600000000000003BB"
    frame = _with_crc(bytes.fromhex("010314" + registers))
    payload = written(frame)
    sent = payload.encode() if isinstance(payload, str) else payload
    assert read("dtu/868000000000009", sent) == [
        ("1", "electricity_import_kwh", 1234.56),
        ("1", "electricity_power_kw", -1.5),
        ("1", "voltage_v", 230.5),
        ("1", "power_factor", 0.955),
    ]


def test_another_block_of_registers_is_refused() -> None:
    with pytest.raises(DecodeError) as refused:
        SITE.decode(
            "dtu/868000000000009", _with_crc(bytes.fromhex("01030203E8")).hex().encode(), ARRIVED
        )
    assert refused.value.reason == "unmapped"


def test_a_question_to_the_meter_is_no_reading() -> None:
    assert (
        read("dtu/868000000000009", _with_crc(bytes.fromhex("01030000000A")).hex().encode()) == []
    )


def test_tags_of_a_gateway() -> None:
    values = {"M3_EP": 5123.5, "M3_P": 1250, "CH_COLD": 2, "SPARE": 7}
    message = {
        "timestamp": 1709258400000,
        "node": "plc",
        "group": "g",
        "values": values,
        "errors": {},
    }
    assert read("/neuron/gw1/plc/g", json.dumps(message).encode()) == [
        ("3", "electricity_import_kwh", 5123.5),
        ("3", "electricity_power_kw", 1.25),
        ("plc", "cooling_gj", 7.2),
    ]


def _with_crc(frame: bytes) -> bytes:
    crc = 0xFFFF
    for byte in frame:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0xA001 if crc & 1 else 0)
    return frame + crc.to_bytes(2, "little")


def test_a_group_reads_fields_or_quantities() -> None:
    head = "id: p\ntitle_zh: p\ntitle_en: p\nmessages:\n  - topics: [t]\n    groups:\n"
    with pytest.raises(InputError, match=r"p\.yaml:7 .*a group must have fields or quantities"):
        parse_profile(head + "      - at: x\n", "p.yaml")
    decoder = Decoder([parse_profile(head + "      - quantities: x\n", "p.yaml")], ZoneInfo("UTC"))
    blocks = decoder.decode("t", b'{"x": {"water_m3": 2, "foo": 3}, "gas_m3": 4}', ARRIVED).blocks
    assert [(block.quantity, block.values) for block in blocks] == [("water_m3", [2])]


def test_lines_of_a_logger() -> None:
    decoded = SITE.decode(
        "log/l1", b"2024-03-01;09:30;12,5;3,75\r\n2024-03-01;09:45;13,0;\r\n", ARRIVED
    )
    assert [(r.quantity, r.value, r.time.isoformat()) for r in decoded.readings()] == [
        ("electricity_import_kwh", 12.5, "2024-03-01T01:30:00+00:00"),
        ("gas_m3", 3.75, "2024-03-01T01:30:00+00:00"),
        ("electricity_import_kwh", 13.0, "2024-03-01T01:45:00+00:00"),
    ]
