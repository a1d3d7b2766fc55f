"""The tree of scopes (the shape of JS/T 303-2026) and which meter's fuel goes to which of its nodes."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from analytics.totals.segments import counts
from quotawatt.register.model import Meter, Register

BOILERS = "s1.boilers"
KITCHENS = "s1.kitchens"
GENERATORS = "s1.generators"
VEHICLES = "s1.vehicles"
GRID = "s2.grid"
HEAT = "s2.heat"
EV_CHARGING = "s2.ev_charging"

EMITTING: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"s1": (BOILERS, KITCHENS, GENERATORS, VEHICLES), "s2": (GRID, HEAT, EV_CHARGING)}
)
"""Scopes and their nodes. Refrigerants have none: there is no measure of what leaks."""

DEFAULT_NODE: Mapping[str, str] = MappingProxyType(
    {
        "gas_m3": BOILERS,
        "gas_kwh": BOILERS,
        "coal_kg": BOILERS,
        "lpg_kg": KITCHENS,
        "petrol_l": VEHICLES,
        "diesel_l": VEHICLES,
        "heat_gj": HEAT,
        "cooling_gj": HEAT,
        "steam_t": HEAT,
    }
)
"""Where a carrier's use goes that no meter says more of. Fuels of a building's own go to generators."""

FUELS = ("gas_m3", "gas_kwh", "coal_kg", "lpg_kg", "petrol_l", "diesel_l")
OIL = ("petrol_l", "diesel_l")

_OF_SPACE = {"kitchen": KITCHENS}
_OF_EQUIPMENT = {
    "boiler": BOILERS,
    "heater": BOILERS,
    "stove": KITCHENS,
    "kitchen": KITCHENS,
    "generator": GENERATORS,
}


def sub_metered(building: str, register: Register) -> Iterator[tuple[str, str]]:
    """Meters of a building that say by themselves where their fuel goes, each with its node.

    A meter says it by what it serves: a kitchen, or a piece of equipment whose kind names a boiler, a
    heater, a stove or a generator. Of meters behind one another the top-most that says it counts.
    """
    said = {
        meter.code: node
        for meter in register.meters_of(building)
        if counts(register, meter.code) and (node := _node_of(meter, register)) is not None
    }
    for code, node in said.items():
        if not any(above in said for above in _above(code, register)):
            yield code, node


def _node_of(meter: Meter, register: Register) -> str | None:
    space = register.spaces.get(meter.serves or "")
    if space is not None:
        return _OF_SPACE.get(space.use)
    equipment = register.equipment.get(meter.serves or "")
    if equipment is None:
        return None
    return next((node for word, node in _OF_EQUIPMENT.items() if word in equipment.kind), None)


def _above(code: str, register: Register) -> Iterator[str]:
    """The meters that a meter stands behind; a ring of them ends where it closes."""
    seen = {code}
    parent = register.meters[code].parent
    while parent is not None and parent in register.meters and parent not in seen:
        seen.add(parent)
        yield parent
        parent = register.meters[parent].parent
