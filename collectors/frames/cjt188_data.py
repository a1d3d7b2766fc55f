"""The reading of a CJ/T 188 meter (data item 901F) and its units."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from collectors.frames.digits import digits, low_first
from collectors.frames.errors import bad, unsupported
from collectors.frames.reader import Reader

# Code, unit that it is turned into, and the power of ten between them. A base code is followed by its tenfold
# and its hundredfold, except J (01H) and J/h (40H).
_BASES = (
    (0x02, "kWh", -3),
    (0x05, "kWh", 0),
    (0x08, "kWh", 3),
    (0x0B, "GJ", -6),
    (0x0E, "GJ", -3),
    (0x11, "GJ", 0),
    (0x14, "kW", -3),
    (0x17, "kW", 0),
    (0x1A, "kW", 3),
    (0x29, "m3", -3),
    (0x2C, "m3", 0),
    (0x32, "m3/h", -3),
    (0x35, "m3/h", 0),
    (0x43, "GJ/h", -6),
    (0x46, "GJ/h", -3),
    (0x49, "GJ/h", 0),
)
_UNITS: Mapping[int, tuple[str, int]] = MappingProxyType(
    {base + step: (unit, power + step) for base, unit, power in _BASES for step in range(3)}
    | {0x01: ("GJ", -9), 0x40: ("GJ/h", -9)}
)
_ENERGY = frozenset({"kWh", "GJ"})
_VOLUME = frozenset({"m3"})
_POWER = frozenset({"kW", "GJ/h"})
_FLOW = frozenset({"m3/h"})
_KW_PER_GJ_H = 1e6 / 3600

_COUNT_LENGTH = 5
_TIME_LENGTH = 7
_STATE_LENGTH = 2
# Totals of now and of the settlement day, clock, state; makers leave parts off at the end.
_FLOW_LENGTHS = (5, 10, 17, 19)
_HEAT_LENGTH = 43
# The five quantities with a unit that begin the reading of a heat meter.
_HEAT_UNITS = (_ENERGY, _ENERGY, _POWER, _FLOW, _VOLUME)


def flow_reading(data: bytes) -> dict[str, Any]:
    """The reading of a water, gas or other meter: XXXXXX.XX and unit; the settlement day's; clock; state."""
    if len(data) not in _FLOW_LENGTHS:
        raise unsupported(f"a reading must have one of {_FLOW_LENGTHS} bytes", data)
    reader = Reader(data, "a reading")
    total, unit = _count(reader, 2, _VOLUME | _ENERGY)
    result: dict[str, Any] = {"total": total, "unit": unit}
    if len(data) >= _FLOW_LENGTHS[2]:
        reader.take(_COUNT_LENGTH)
        result["time"] = _time(reader.take(_TIME_LENGTH))
    return result


def heat_reading(data: bytes) -> dict[str, Any]:
    """The reading of a heat or cooling meter.

    Heat of the settlement day, heat, power, flow (XXXX.XXXX), volume, temperatures (XXXX.XX), hours of
    work, clock, state. Meters mark a negative power, flow or temperature by the highest bit. A unit
    follows its number; some makers put it before. They are told by the units, which only one way all fit.
    """
    if len(data) != _HEAT_LENGTH:
        raise unsupported(f"a reading of a heat meter must have {_HEAT_LENGTH} bytes", data)
    reader = Reader(_units_behind(data), "a reading of a heat meter")
    reader.take(_COUNT_LENGTH)
    heat, heat_unit = _count(reader, 2, _ENERGY)
    power = _rate(reader, 2, _POWER)
    flow = _rate(reader, 4, _FLOW)
    total, unit = _count(reader, 2, _VOLUME)
    supply, back = (low_first(reader.take(3), 2, signed=True) for _ in range(2))
    reader.take(3)
    return {
        "heat": heat,
        "heat_unit": heat_unit,
        "power_kw": power,
        "flow_m3h": flow,
        "total": total,
        "unit": unit,
        "supply_temperature_c": supply,
        "return_temperature_c": back,
        "time": _time(reader.take(_TIME_LENGTH)),
    }


def _units_behind(data: bytes) -> bytes:
    """The reading with each unit behind its number, where all units stand before it, else as it is."""
    end = _COUNT_LENGTH * len(_HEAT_UNITS)
    counts = [data[at : at + _COUNT_LENGTH] for at in range(0, end, _COUNT_LENGTH)]
    before = _are_units([count[0] for count in counts])
    if not before or _are_units([count[-1] for count in counts]):
        return data
    return b"".join(count[1:] + count[:1] for count in counts) + data[end:]


def _are_units(codes: list[int]) -> bool:
    return all(
        _UNITS.get(code, ("", 0))[0] in units
        for code, units in zip(codes, _HEAT_UNITS, strict=True)
    )


def _count(reader: Reader, decimals: int, units: frozenset[str]) -> tuple[float | None, str]:
    """A total and its unit. Raises DecodeError for a unit of something else: a total is never guessed."""
    value, code = reader.take(4), reader.u8()
    unit, power = _UNITS.get(code, ("", 0))
    if unit not in units:
        raise bad(f"the unit of a total must be one of {sorted(units)}", f"code {code:02X}")
    return low_first(value, decimals - power), unit


def _rate(reader: Reader, decimals: int, units: frozenset[str]) -> float | None:
    """A rate in kW or m3/h; None where its unit is unknown."""
    value, code = reader.take(4), reader.u8()
    unit, power = _UNITS.get(code, ("", 0))
    if unit not in units:
        return None
    rate = low_first(value, decimals - power, signed=True)
    return rate * _KW_PER_GJ_H if rate is not None and unit == "GJ/h" else rate


def _time(data: bytes) -> str | None:
    """Second to century, lowest first, as "YYYYMMDDhhmmss"; None where the clock is not set."""
    if data in (b"\x00" * _TIME_LENGTH, b"\xff" * _TIME_LENGTH):
        return None
    return digits(data[::-1])
