"""The information types of GB/T 32960.3-2016, annex B.2 to B.3, as raw integers."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from collectors.frames.errors import unsupported
from collectors.frames.reader import Reader

_OWN_FROM, _OWN_TO = 0x80, 0xFE
# Counts above these mean "abnormal" and "invalid": nothing follows.
_MOST_U8 = 0xFD
_MOST_U16 = 0xFFFD

_Fields = tuple[tuple[str, int], ...]

_VEHICLE: _Fields = (
    ("Status", 1),
    ("Charging", 1),
    ("Mode", 1),
    ("Speed", 2),
    ("Mileage", 4),
    ("Voltage", 2),
    ("Current", 2),
    ("SOC", 1),
    ("DC", 1),
    ("Gear", 1),
    ("Resistance", 2),
    ("AcceleratorPedal", 1),
    ("BrakePedal", 1),
)
_MOTOR: _Fields = (
    ("No", 1),
    ("Status", 1),
    ("CtrlTemp", 1),
    ("Rotating", 2),
    ("Torque", 2),
    ("MotorTemp", 1),
    ("InputVoltage", 2),
    ("DCBusCurrent", 2),
)
_FUEL_CELL: _Fields = (
    ("CellVoltage", 2),
    ("CellCurrent", 2),
    ("FuelConsumption", 2),
    ("ProbeNum", 2),
)
_HYDROGEN: _Fields = (
    ("H_MaxTemp", 2),
    ("H_TempProbeCode", 1),
    ("H_MaxConc", 2),
    ("H_ConcSensorCode", 1),
    ("H_MaxPress", 2),
    ("H_PressSensorCode", 1),
    ("DCStatus", 1),
)
_ENGINE: _Fields = (("Status", 1), ("CrankshaftSpeed", 2), ("FuelConsumption", 2))
_LOCATION: _Fields = (("Status", 1), ("Longitude", 4), ("Latitude", 4))
_EXTREME: _Fields = (
    ("MaxVoltageBatterySubsysNo", 1),
    ("MaxVoltageBatteryCode", 1),
    ("MaxBatteryVoltage", 2),
    ("MinVoltageBatterySubsysNo", 1),
    ("MinVoltageBatteryCode", 1),
    ("MinBatteryVoltage", 2),
    ("MaxTempSubsysNo", 1),
    ("MaxTempProbeNo", 1),
    ("MaxTemp", 1),
    ("MinTempSubsysNo", 1),
    ("MinTempProbeNo", 1),
    ("MinTemp", 1),
)
_SUBSYSTEM: _Fields = (
    ("ChargeableSubsysNo", 1),
    ("ChargeableVoltage", 2),
    ("ChargeableCurrent", 2),
    ("CellsTotal", 2),
    ("FrameCellsIndex", 2),
    ("FrameCellsCount", 1),
)
_FAULTS = ("FaultChargeableDevice", "FaultDriveMotor", "FaultEngine", "FaultOthers")


def decode_infos(reader: Reader) -> list[dict[str, Any]]:
    """All information of a report, in its order; a maker's own (80H to FEH) is skipped by its length.

    Raises DecodeError for a type without a known length: what follows it cannot be read.
    """
    infos = []
    while reader.left:
        code = reader.u8()
        if _OWN_FROM <= code <= _OWN_TO:
            reader.take(reader.u16())
        elif code in _TYPES:
            name, decode = _TYPES[code]
            infos.append({"Type": name} | decode(reader))
        else:
            raise unsupported("an information type must be one of GB/T 32960.3-2016", f"{code:02X}")
    return infos


def _fields(reader: Reader, fields: _Fields) -> dict[str, Any]:
    return {name: int.from_bytes(reader.take(length), "big") for name, length in fields}


def _times(count: int, most: int) -> range:
    return range(count if count <= most else 0)


def _plain(fields: _Fields) -> Callable[[Reader], dict[str, Any]]:
    return lambda reader: _fields(reader, fields)


def _motors(reader: Reader) -> dict[str, Any]:
    number = reader.u8()
    return {"Number": number, "Motors": [_fields(reader, _MOTOR) for _ in _times(number, _MOST_U8)]}


def _fuel_cell(reader: Reader) -> dict[str, Any]:
    result = _fields(reader, _FUEL_CELL)
    result["ProbeTemps"] = list(reader.take(len(_times(result["ProbeNum"], _MOST_U16))))
    return result | _fields(reader, _HYDROGEN)


def _alarm(reader: Reader) -> dict[str, Any]:
    result: dict[str, Any] = {"MaxAlarmLevel": reader.u8(), "GeneralAlarmFlag": reader.u32()}
    for name in _FAULTS:
        number = reader.u8()
        result[f"{name}Num"] = number
        result[f"{name}List"] = [f"{reader.u32():04X}" for _ in _times(number, _MOST_U8)]
    return result


def _voltages(reader: Reader) -> dict[str, Any]:
    number = reader.u8()
    return {"Number": number, "SubSystems": [_voltage(reader) for _ in _times(number, _MOST_U8)]}


def _voltage(reader: Reader) -> dict[str, Any]:
    result = _fields(reader, _SUBSYSTEM)
    cells = _times(result["FrameCellsCount"], _MOST_U8)
    return result | {"CellsVoltage": [reader.u16() for _ in cells]}


def _temperatures(reader: Reader) -> dict[str, Any]:
    number = reader.u8()
    return {
        "Number": number,
        "SubSystems": [_temperature(reader) for _ in _times(number, _MOST_U8)],
    }


def _temperature(reader: Reader) -> dict[str, Any]:
    result: dict[str, Any] = {"ChargeableSubsysNo": reader.u8(), "ProbeNum": reader.u16()}
    return result | {"ProbesTemp": list(reader.take(len(_times(result["ProbeNum"], _MOST_U16))))}


_TYPES: Mapping[int, tuple[str, Callable[[Reader], dict[str, Any]]]] = MappingProxyType(
    {
        0x01: ("Vehicle", _plain(_VEHICLE)),
        0x02: ("DriveMotor", _motors),
        0x03: ("FuelCell", _fuel_cell),
        0x04: ("Engine", _plain(_ENGINE)),
        0x05: ("Location", _plain(_LOCATION)),
        0x06: ("Extreme", _plain(_EXTREME)),
        0x07: ("Alarm", _alarm),
        0x08: ("ChargeableVoltage", _voltages),
        0x09: ("ChargeableTemp", _temperatures),
    }
)
