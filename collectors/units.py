"""Devices' units and what converts them into the unit of a quantity.

A unit belongs to a dimension, and converts only within it: watts are no energy, vars are no power. The
factors are those of the SI brochure (9th edition, 2019, tables 2 to 8) and, for units outside it, of NIST
Special Publication 811 (2008), appendix B.
"""

from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from quotawatt.errors import InputError
from quotawatt.quantities import QUANTITIES


class Unit(NamedTuple):
    """``value in the dimension's base unit = value * factor + offset``."""

    dimension: str
    factor: Fraction
    offset: Fraction = Fraction(0)


class Conversion(NamedTuple):
    """``value in the quantity's unit = value * factor + offset``."""

    factor: float
    offset: float


_NAME_LIMIT = 40

# Factors to the first unit of each line. Several names of one unit stand behind one factor.
_TABLE: Mapping[str, Mapping[str, str]] = {
    "energy": {
        "Wh": "1", "kWh": "1e3", "MWh": "1e6", "GWh": "1e9", "mWh": "1e-3", "Wmin": "1/60",
        "J Ws": "1/3600", "kJ": "1e3/3600", "MJ": "1e6/3600", "GJ": "1e9/3600", "TJ": "1e12/3600",
        "mJ": "1e-3/3600", "kcal": "4184/3600", "Gcal": "4184e6/3600", "BTU": "1055.05585262/3600",
    },
    "power": {
        "W": "1", "kW": "1e3", "MW": "1e6", "GW": "1e9", "mW": "1e-3", "hp": "745.69987158227022",
        "PS": "735.49875", "BTU/h": "1055.05585262/3600", "kJ/h": "1/3.6", "MJ/h": "1e3/3.6",
    },
    "apparent power": {"VA": "1", "kVA": "1e3", "MVA": "1e6", "mVA": "1e-3"},
    "reactive power": {"var": "1", "kvar": "1e3", "Mvar": "1e6", "mvar": "1e-3"},
    "apparent energy": {"VAh": "1", "kVAh": "1e3", "MVAh": "1e6"},
    "reactive energy": {"varh": "1", "kvarh": "1e3", "Mvarh": "1e6"},
    "voltage": {"V": "1", "kV": "1e3", "MV": "1e6", "mV": "1e-3", "uV": "1e-6"},
    "current": {"A": "1", "kA": "1e3", "MA": "1e6", "mA": "1e-3", "uA": "1e-6"},
    "charge": {"Ah": "1", "mAh": "1e-3"},
    "resistance": {"Ω Ohm": "1", "kΩ kOhm": "1e3"},
    "frequency": {"Hz": "1", "kHz": "1e3", "MHz": "1e6", "mHz": "1e-3", "GHz": "1e9"},
    "rotation": {"1/min rpm r/min min-1 min^-1 rev/min": "1", "1/s": "60"},
    "volume": {
        "m3 cbm": "1", "L ℓ l liter litre liters litres dm3": "1e-3", "hL": "0.1", "mL": "1e-6",
        "cm3": "1e-6", "kL": "1", "ft3 cf cuft": "0.028316846592", "CCF": "2.8316846592",
        "gal gallon gallons": "0.003785411784",
    },
    "flow": {
        "m3/h": "1", "L/h": "1e-3", "L/min": "0.06", "L/s": "3.6", "m3/s": "3600", "m3/min": "60",
        "mL/min": "6e-5", "gal/min gpm": "0.22712470704", "ft3/min cfm": "1.69901079552",
    },
    "mass": {
        "kg": "1", "g": "1e-3", "mg": "1e-6", "t ton tonne": "1e3", "lb lbs": "0.45359237",
    },
    "length": {
        "m": "1", "km": "1e3", "cm": "1e-2", "mm": "1e-3", "dam": "10", "hm": "100", "mi mile miles":
        "1609.344", "ft": "0.3048", "in": "0.0254", "yd": "0.9144", "nmi": "1852",
    },
    "speed": {
        "km/h kmh kph": "1", "m/s": "3.6", "mph mi/h": "1.609344", "kn kt knot knots": "1.852",
        "cm/s": "0.036",
    },
    "angle": {"° deg degree degrees": "1", "rad": "57.295779513082320876798"},
    "ratio": {"1 ratio": "1", "% percent pct %RH": "1e-2", "‰": "1e-3"},
    "concentration": {"ppm": "1", "ppb": "1e-3"},
    "illuminance": {"lx lux lm/m2": "1", "klx klux": "1e3", "fc": "10.763910416709722"},
    "irradiance": {"W/m2": "1", "kW/m2": "1e3", "mW/cm2": "10"},
    "level": {"dBm": "1"},
    "gain": {"dB": "1"},
    "pressure": {
        "Pa": "1", "kPa": "1e3", "MPa": "1e6", "hPa": "100", "bar": "1e5", "mbar": "100", "psi":
        "6894.757293168",
    },
    "time": {"s sec": "1", "ms": "1e-3", "min": "60", "h hour hours": "3600", "d": "86400"},
    "data": {"B": "1", "kB": "1e3", "MB": "1e6", "GB": "1e9"},
    "density": {"kg/m3": "1", "g/m3": "1e-3", "mg/m3": "1e-6", "ug/m3": "1e-9"},
}  # fmt: skip

_CELSIUS = "°C C ℃ degC celsius"
_KELVIN = "K kelvin"
_FAHRENHEIT = "°F F ℉ degF fahrenheit"

_SPELLINGS = str.maketrans(
    {"³": "3", "²": "2", "µ": "u", "μ": "u", "㎥": "m3", "㎡": "m2", "^": "", "·": "", " ": ""}
)
# Other names, as devices and their documents write them.
_WORDS = {
    "kwhr": "kWh", "whr": "Wh", "m3/hr": "m3/h", "l/hr": "L/h", "watt": "W", "watts": "W", "volt": "V",
    "volts": "V", "amp": "A", "amps": "A", "ampere": "A", "amperes": "A", "hertz": "Hz",
    "千瓦时": "kWh", "千瓦": "kW", "瓦": "W", "伏": "V", "安": "A", "立方米": "m3", "吨": "t", "升": "L",
    "公里": "km", "米": "m", "勒克斯": "lx", "摄氏度": "°C",
}  # fmt: skip


def _fraction(text: str) -> Fraction:
    top, _, bottom = text.partition("/")
    return Fraction(top) / Fraction(bottom or "1")


def _units() -> dict[str, Unit]:
    found = {
        name: Unit(dimension, _fraction(factor))
        for dimension, line in _TABLE.items()
        for names, factor in line.items()
        for name in names.split()
    }
    temperatures = (
        (_CELSIUS, Unit("temperature", Fraction(1))),
        (_KELVIN, Unit("temperature", Fraction(1), Fraction("-273.15"))),
        (_FAHRENHEIT, Unit("temperature", Fraction(5, 9), Fraction(-160, 9))),
    )
    found |= {name: unit for names, unit in temperatures for name in names.split()}
    return found | {word: found[name] for word, name in _WORDS.items()}


UNITS: Mapping[str, Unit] = _units()


def _folded() -> dict[str, Unit]:
    """Units by their names in small letters, as far as one name is left: not mW and MW."""
    names: dict[str, set[Unit]] = {}
    for name, unit in UNITS.items():
        names.setdefault(name.casefold(), set()).add(unit)
    return {name: units.pop() for name, units in names.items() if len(units) == 1}


_FOLDED: Mapping[str, Unit] = _folded()


def unit(name: str) -> Unit | None:
    """The unit of that name; None where there is none. Case is ignored where it tells nothing apart."""
    if len(name) > _NAME_LIMIT:
        return None
    plain = name.strip().translate(_SPELLINGS)
    return UNITS.get(name) or UNITS.get(plain) or _FOLDED.get(plain.casefold())


@lru_cache(maxsize=4096)
def conversion(name: str, quantity: str) -> Conversion | None:
    """What converts values in unit ``name`` into those of a quantity.

    None where the unit is one of another dimension. Raises InputError where there is no such unit.
    """
    given = unit(name)
    if given is None:
        raise InputError(f"a unit must be one of collectors/units.py, got {name!r}")
    wanted = canonical(quantity)
    if given.dimension != wanted.dimension:
        return None
    factor = given.factor / wanted.factor
    return Conversion(float(factor), float((given.offset - wanted.offset) / wanted.factor))


def canonical(quantity: str) -> Unit:
    """The unit in which a quantity is kept."""
    found = unit(QUANTITIES[quantity].unit)
    assert found is not None, quantity
    return found
