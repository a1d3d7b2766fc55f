"""GB/T 32960.3-2016: frames."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.frames.gbt32960 import decode_gbt32960
from tests.collectors.frames.checks import (
    every_cut_is_refused,
    every_flip_is_refused,
    outcome,
    refused,
)

VIN = "LTESTA10000000042"
TIME = "1A 07 15 0E 1E 05"
TIME_READ = {"Year": 26, "Month": 7, "Day": 21, "Hour": 14, "Minute": 30, "Second": 5}
LOCATION = "05 00 06EE2D40 02 616A00".replace(" ", "")


def frame(
    command: int, data: str = "", answer: int = 0xFE, cipher: int = 1, vin: str = VIN
) -> bytes:
    """A frame as a terminal sends it."""
    content = bytes.fromhex(data)
    body = bytes([command, answer]) + vin.encode("latin-1").ljust(17, b"\0") + bytes([cipher])
    body += len(content).to_bytes(2, "big") + content
    check = 0
    for byte in body:
        check ^= byte
    return b"##" + body + bytes([check])


@pytest.mark.parametrize("command", [2, 3])
def test_realtime_information_and_what_is_sent_again(command: int) -> None:
    found = decode_gbt32960(frame(command, TIME + LOCATION))
    assert found == {
        "Cmd": command,
        "Encrypt": 1,
        "Vin": VIN,
        "Data": {
            "Time": TIME_READ,
            "Infos": [
                {"Type": "Location", "Status": 0, "Longitude": 116272448, "Latitude": 39938560}
            ],
        },
    }


def test_login_and_logout() -> None:
    login = frame(1, TIME + "0007" + b"89860000000000000042".hex() + "01 02 4142")
    seq = {"Time": TIME_READ, "Seq": 7}
    assert decode_gbt32960(login)["Data"] == seq | {"ICCID": "89860000000000000042"}
    assert decode_gbt32960(frame(4, TIME + "0007"))["Data"] == seq


def test_login_of_a_platform() -> None:
    password = b"someone".ljust(12, b"\0").hex() + b"secret".ljust(20, b"\0").hex() + "01"
    found = decode_gbt32960(frame(5, TIME + "0001" + password, vin="PLATFORM1"))
    assert found["Vin"] == "PLATFORM1"
    assert found["Data"] == {"Time": TIME_READ, "Seq": 1}


@pytest.mark.parametrize("command", [7, 8, 0x80, 0x81, 0x82])
def test_messages_that_hold_nothing(command: int) -> None:
    assert decode_gbt32960(frame(command))["Data"] == {}


def test_an_answer_holds_no_information() -> None:
    assert decode_gbt32960(frame(2, TIME + LOCATION, answer=1))["Data"] == {"Time": TIME_READ}
    assert decode_gbt32960(frame(2, answer=3))["Data"] == {}


def test_the_edition_of_2025_is_named() -> None:
    newer = b"$$" + frame(2, TIME)[2:]
    refused(decode_gbt32960, newer, "2016, got one of the edition of 2025", "unsupported_frame")


@pytest.mark.parametrize(
    ("cipher", "name"), [(2, "RSA"), (3, "AES"), (4, "cipher"), (0xFE, "abnormal"), (9, "9")]
)
def test_encrypted_data_are_not_read(cipher: int, name: str) -> None:
    data = frame(2, TIME, cipher=cipher)
    refused(decode_gbt32960, data, f"must not be encrypted, got .*{name}", "unsupported_frame")


def test_unknown_commands_are_not_read() -> None:
    refused(decode_gbt32960, frame(0x0B, TIME), "a command must be", "unsupported_frame")


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (frame(2, TIME + "05 00"), "must hold 4 more bytes"),
        (frame(2, "1A 07"), "must hold 6 more bytes"),
        (frame(2, TIME) + b"\0", "must have 31 bytes"),
        (frame(2, TIME) * 2, "must have 31 bytes"),
        (frame(2, TIME, vin="L\x01"), "must be printable ASCII"),
        (frame(2, TIME, vin="L\xe9"), "must be printable ASCII"),
        (frame(2, TIME)[:-1] + b"\0", "check byte"),
        (b"#" + frame(2, TIME), "must hold|check byte"),
    ],
)
def test_wrong_frames_are_refused(data: bytes, rule: str) -> None:
    refused(decode_gbt32960, data, rule)


def test_damage_is_refused() -> None:
    whole = frame(2, TIME + LOCATION)
    every_cut_is_refused(decode_gbt32960, whole)
    every_flip_is_refused(decode_gbt32960, whole)


@given(st.binary(max_size=200))
def test_any_data_in_a_sound_frame_are_decoded_or_refused(data: bytes) -> None:
    found = outcome(decode_gbt32960, frame(2, TIME + data.hex()))
    assert found is None or found["Data"]["Time"] == TIME_READ
