"""GB/T 32960.3-2016: information types, byte by byte from annex B."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.frames.gbt32960_infos import decode_infos
from collectors.frames.reader import Reader
from quotawatt.errors import DecodeError

VEHICLE = "01 01 03 01 01F4 00012345 0E10 2774 4B 01 2E 03E8 10 00"
MOTOR = "01 01 5A 61A8 4E20 5F 0E10 2710"


def infos(text: str) -> list[dict[str, Any]]:
    return decode_infos(Reader(bytes.fromhex(text), "data"))


def test_vehicle() -> None:
    assert infos(VEHICLE) == [
        {
            "Type": "Vehicle",
            "Status": 1,
            "Charging": 3,
            "Mode": 1,
            "Speed": 500,
            "Mileage": 74565,
            "Voltage": 3600,
            "Current": 10100,
            "SOC": 75,
            "DC": 1,
            "Gear": 46,
            "Resistance": 1000,
            "AcceleratorPedal": 16,
            "BrakePedal": 0,
        }
    ]


def test_drive_motors() -> None:
    motor = {
        "No": 1,
        "Status": 1,
        "CtrlTemp": 90,
        "Rotating": 25000,
        "Torque": 20000,
        "MotorTemp": 95,
        "InputVoltage": 3600,
        "DCBusCurrent": 10000,
    }
    assert infos("02 02" + MOTOR * 2) == [
        {"Type": "DriveMotor", "Number": 2, "Motors": [motor, motor]}
    ]


def test_fuel_cell() -> None:
    assert infos("03 0FA0 03E8 0064 0002 5051 0320 01 0064 02 015E 03 01") == [
        {
            "Type": "FuelCell",
            "CellVoltage": 4000,
            "CellCurrent": 1000,
            "FuelConsumption": 100,
            "ProbeNum": 2,
            "ProbeTemps": [80, 81],
            "H_MaxTemp": 800,
            "H_TempProbeCode": 1,
            "H_MaxConc": 100,
            "H_ConcSensorCode": 2,
            "H_MaxPress": 350,
            "H_PressSensorCode": 3,
            "DCStatus": 1,
        }
    ]


def test_engine_and_location() -> None:
    assert infos("04 01 07D0 0320 05 01 06EE2D40 02616A00") == [
        {"Type": "Engine", "Status": 1, "CrankshaftSpeed": 2000, "FuelConsumption": 800},
        {"Type": "Location", "Status": 1, "Longitude": 116272448, "Latitude": 39938560},
    ]


def test_extremes() -> None:
    found = infos("06 01 02 0FA0 03 04 0ED8 05 06 41 07 08 3C")[0]
    assert list(found.values()) == ["Extreme", 1, 2, 4000, 3, 4, 3800, 5, 6, 65, 7, 8, 60]
    assert (found["MaxBatteryVoltage"], found["MaxTemp"], found["MinTemp"]) == (4000, 65, 60)


def test_alarms() -> None:
    assert infos("07 02 00000201 01 000000C8 00 02 0000006F 00010002 00") == [
        {
            "Type": "Alarm",
            "MaxAlarmLevel": 2,
            "GeneralAlarmFlag": 513,
            "FaultChargeableDeviceNum": 1,
            "FaultChargeableDeviceList": ["00C8"],
            "FaultDriveMotorNum": 0,
            "FaultDriveMotorList": [],
            "FaultEngineNum": 2,
            "FaultEngineList": ["006F", "10002"],
            "FaultOthersNum": 0,
            "FaultOthersList": [],
        }
    ]


def test_voltages_and_temperatures_of_subsystems() -> None:
    assert infos("08 01 01 0E10 2774 0060 0001 02 0FA0 0FA1 09 01 01 0003 414243") == [
        {
            "Type": "ChargeableVoltage",
            "Number": 1,
            "SubSystems": [
                {
                    "ChargeableSubsysNo": 1,
                    "ChargeableVoltage": 3600,
                    "ChargeableCurrent": 10100,
                    "CellsTotal": 96,
                    "FrameCellsIndex": 1,
                    "FrameCellsCount": 2,
                    "CellsVoltage": [4000, 4001],
                }
            ],
        },
        {
            "Type": "ChargeableTemp",
            "Number": 1,
            "SubSystems": [{"ChargeableSubsysNo": 1, "ProbeNum": 3, "ProbesTemp": [65, 66, 67]}],
        },
    ]


@pytest.mark.parametrize("count", ["FE", "FF"])
def test_a_count_that_is_abnormal_or_invalid_counts_nothing(count: str) -> None:
    number = int(count, 16)
    assert infos(f"02 {count}") == [{"Type": "DriveMotor", "Number": number, "Motors": []}]
    assert infos(f"09 {count}") == [{"Type": "ChargeableTemp", "Number": number, "SubSystems": []}]
    probes = infos(f"03 0FA0 03E8 0064 FF{count} 0320 01 0064 02 015E 03 01")[0]
    assert (probes["ProbeTemps"], probes["DCStatus"]) == ([], 1)


def test_what_a_maker_adds_is_skipped() -> None:
    assert [info["Type"] for info in infos("80 0003 010203" + VEHICLE + "FE 0000")] == ["Vehicle"]


@pytest.mark.parametrize("code", ["00", "0A", "30", "7F", "FF"])
def test_a_type_without_a_length_is_not_read(code: str) -> None:
    with pytest.raises(DecodeError, match=f"information type must be .*, got {code}") as error:
        infos(VEHICLE + code + "0001 00")
    assert error.value.reason == "unsupported_frame"


@pytest.mark.parametrize(
    "text", [VEHICLE, "02 01" + MOTOR, "07 02 00000201 00 00 00 00", "80 0002 0102"]
)
def test_information_that_ends_early_is_refused(text: str) -> None:
    whole = bytes.fromhex(text)
    for length in range(1, len(whole)):
        with pytest.raises(DecodeError, match="must hold") as error:
            decode_infos(Reader(whole[:length], "data"))
        assert error.value.reason == "bad_frame"


@given(st.lists(st.integers(0, 65533), max_size=80), st.integers(0, 65535), st.integers(0, 65535))
def test_cell_voltages_come_back(cells: list[int], voltage: int, current: int) -> None:
    data = bytes([8, 1, 1]) + voltage.to_bytes(2, "big") + current.to_bytes(2, "big")
    data += bytes.fromhex("0060 0001") + bytes([len(cells)])
    data += b"".join(cell.to_bytes(2, "big") for cell in cells)
    (subsystem,) = infos(data.hex())[0]["SubSystems"]
    assert subsystem["CellsVoltage"] == cells
    assert (subsystem["ChargeableVoltage"], subsystem["ChargeableCurrent"]) == (voltage, current)
