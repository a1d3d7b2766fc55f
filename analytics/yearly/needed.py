"""Which daily results the yearly accounts of a register rest on."""

from collections.abc import Iterable, Iterator

from analytics.carbon.reach import power_pairs
from analytics.yearly.items import Items
from quotawatt.hand.entries import subject_of
from quotawatt.register.model import Register, Vehicle
from quotawatt.rulebook.indicators import IT_ELECTRICITY, KM_100, Indicator
from quotawatt.rulebook.model import Rulebook

ODOMETER = "odometer_km"
IT_PURPOSE = "it_equipment"
"""The purpose whose items stand below the line of an EUE."""


def account_series(register: Register, rulebook: Rulebook) -> set[tuple[str, str]]:
    """All (subject, measure) pairs that any account of any indicator or target of the rulebook may ask for.

    Subjects are organisations and what was entered of them, buildings and their metered items, vehicles
    with a limit, and what says who draws whose power (see ``analytics.carbon.power``).
    """
    indicators = tuple(rulebook.indicators.values())
    found = {
        *_carriers("organisation", register.organisations, indicators),
        *_carriers("building", register.buildings, indicators),
    }
    found |= {(subject_of(o, register), n) for o, n in found if o in register.organisations}
    found |= power_pairs(register)
    found.update(_shared(register))
    items = Items(register, rulebook)
    purposes = [p for i in indicators for p in (*i.takes_in, *i.leaves_out)]
    for building in register.buildings:
        for purpose in dict.fromkeys([*purposes, IT_PURPOSE]):
            found.update((one.subject, one.measure) for one in items.of(building, (purpose,)))
    for vehicle in register.vehicles.values():
        for indicator in indicators:
            if limit_of(vehicle, indicator) is not None:
                found.update((vehicle.code, name) for name in (*indicator.carriers, ODOMETER))
    return found


def account_holders(register: Register, rulebook: Rulebook) -> list[str]:
    """Who can have an account: organisations, buildings, and vehicles whose register row sets a limit."""
    limited = [
        code
        for code, vehicle in register.vehicles.items()
        if any(limit_of(vehicle, i) is not None for i in rulebook.indicators.values())
    ]
    return sorted([*register.organisations, *register.buildings, *limited])


def limit_of(vehicle: Vehicle, indicator: Indicator) -> float | None:
    """What the register lets a vehicle use by this indicator, in its unit; None: nothing is said."""
    if not indicator.limit_column or "vehicle" not in indicator.assets:
        return None
    value = getattr(vehicle, indicator.limit_column)
    return float(value) if value else None


def denominator_measure(denominator: str) -> str | None:
    """The measure of a denominator that is used up like the use itself; None: it is none such."""
    return {KM_100: ODOMETER, IT_ELECTRICITY: "electricity_import_kwh"}.get(denominator)


def _shared(register: Register) -> Iterator[tuple[str, str]]:
    """Virtual meters that serve, or once served, an organisation: its part of a building."""
    for meter in register.virtual_meters.values():
        once = (held.value for held in register.history_of(meter.code).get("serves", ()))
        if not register.organisations.keys().isdisjoint([meter.serves, *once]):
            yield meter.code, meter.quantity


def _carriers(
    kind: str, codes: Iterable[str], indicators: Iterable[Indicator]
) -> set[tuple[str, str]]:
    names = {name for i in indicators if kind in i.assets for name in i.carriers}
    return {(code, name) for code in codes for name in names}
