"""DL/T 645-2007: frames."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.frames.dlt645 import decode_dlt645
from tests.collectors.frames.checks import every_cut_is_refused, every_flip_is_refused, refused

METER = "000204061357"


def frame(control: int, data: str = "", meter: str = METER) -> bytes:
    """A frame as a meter sends it; ``data`` in the order of sending, before 33H is added."""
    plain = bytes.fromhex(data)
    body = b"\x68" + bytes.fromhex(meter)[::-1] + b"\x68"
    body += bytes([control, len(plain)]) + bytes((byte + 0x33) % 256 for byte in plain)
    return body + bytes([sum(body) % 256, 0x16])


def test_forward_active_energy() -> None:
    # 004827.35 kWh, lowest digits first, behind the identifier 00010000, lowest byte first.
    found = decode_dlt645(frame(0x91, "00000100 35274800"))
    assert found == {"address": METER, "control": 0x91, "data": {"00010000": 4827.35}}


def test_a_whole_frame_byte_by_byte() -> None:
    # 33 33 34 33 is 00010000 and 68 5A 7B 33 is 004827.35, each with 33H added and lowest byte first.
    whole = bytes.fromhex("FEFEFEFE 68 571306040200 68 91 08 33333433 685A7B33 1C 16")
    assert decode_dlt645(whole)["data"] == {"00010000": 4827.35}


def test_a_block_of_phases() -> None:
    found = decode_dlt645(frame(0x91, "00FF0102 0523 1523 FFFF"))
    assert found["data"] == {"0201FF00": [230.5, 231.5, None]}


def test_a_block_cut_at_whole_values_says_that_more_follows() -> None:
    assert decode_dlt645(frame(0xB1, "00FF0100 01000000 02000000"))["control"] == 0xB1


def test_frames_of_one_poll_are_joined() -> None:
    poll = [
        frame(0x11, "00000100"),
        b"\xfe\xfe" + frame(0x91, "00000100 35274800"),
        frame(0x91, "00000302 003512"),
        b"\xfe" + frame(0xD1, "02"),
    ]
    found = decode_dlt645(b"".join(poll))
    assert found["data"] == {"00010000": 4827.35, "02030000": 12.35}
    assert found["error"] == 2
    assert "request" not in found


def test_frames_of_two_meters_are_refused() -> None:
    two = frame(0x91, "00000100 35274800") + frame(0x91, "00000100 35274800", "000204061358")
    refused(decode_dlt645, two, "of one meter")


def test_a_request_holds_no_data() -> None:
    found = decode_dlt645(frame(0x11, "00000100", "AAAAAAAAAAAA"))
    assert found == {"address": "AAAAAAAAAAAA", "control": 0x11, "request": True}


@pytest.mark.parametrize(
    ("control", "data"), [(0x93, METER), (0x94, ""), (0x9C, "")], ids=["address", "write", "switch"]
)
def test_answers_that_measure_nothing(control: int, data: str) -> None:
    assert decode_dlt645(frame(control, data)) == {"address": METER, "control": control}


@pytest.mark.parametrize("control", [0x81, 0xC1, 0x01, 0x02])
def test_the_edition_of_1997_is_named(control: int) -> None:
    refused(decode_dlt645, frame(control, "1090"), "edition of 2007", "unsupported_frame")


def test_unknown_functions_and_later_parts_are_not_read() -> None:
    refused(decode_dlt645, frame(0x9F), "one of DL/T 645-2007", "unsupported_frame")
    refused(decode_dlt645, frame(0x92, "00FF0100 01000000 01"), "in one frame", "unsupported_frame")


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"\xfe\xfe\xfe", "must hold a frame"),
        (frame(0x91, "0000"), "name its data item"),
        (frame(0xD1, "0102"), "one byte"),
        (frame(0xD1), "one byte"),
        (frame(0x91, "00000100 3A274800"), "digits 0 to 9"),
        (frame(0x91, "00000100 352748"), "4 bytes a value"),
        (frame(0x91, "00000100"), "4 bytes a value"),
        (frame(0x91, "00000100 35274800") + b"\x00", "must begin with 68"),
        (b"\x00" + frame(0x91, "00000100 35274800"), "must begin with 68"),
        (frame(0x91, "00000100 35274800")[:-1] + b"\x17", "its sum and 16"),
    ],
)
def test_wrong_frames_are_refused(data: bytes, rule: str) -> None:
    refused(decode_dlt645, data, rule)


def test_damage_is_refused() -> None:
    whole = frame(0x91, "00000100 35274800")
    every_cut_is_refused(decode_dlt645, whole)
    every_flip_is_refused(decode_dlt645, whole)


@given(
    st.text("0123456789", min_size=12, max_size=12),
    st.lists(st.integers(0, 99_999_999), min_size=1, max_size=40),
    st.integers(0, 4),
)
def test_blocks_of_energy_come_back(meter: str, energies: list[int], wake: int) -> None:
    data = "00FF0100" + "".join(bytes.fromhex(f"{energy:08d}")[::-1].hex() for energy in energies)
    found = decode_dlt645(b"\xfe" * wake + frame(0x91, data, meter))
    assert found["address"] == meter
    assert found["data"] == {"0001FF00": [energy / 100 for energy in energies]}
