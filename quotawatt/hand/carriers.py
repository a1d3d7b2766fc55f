"""Which quantities may be entered of which asset, and which one is meant where none is said."""

from quotawatt.hand.entries import BILL, PURCHASE, READING
from quotawatt.quantities import COUNTERS
from quotawatt.register.model import (
    Asset,
    Building,
    Charger,
    Meter,
    Organisation,
    PvPlant,
    Vehicle,
)

_OF_CARRIER = {
    "electricity": (
        "electricity_import_kwh",
        "electricity_export_kwh",
        "electricity_reactive_import_kvarh",
        "electricity_reactive_export_kvarh",
    ),
    "water": ("water_m3", "reclaimed_water_m3"),
    "heat": ("heat_gj", "cooling_gj", "steam_t", "coal_kg", "diesel_l"),
    "gas": ("gas_m3", "gas_kwh", "lpg_kg"),
}
_OF_VEHICLE = ("fuel_used_l", "charge_energy_kwh", "odometer_km")

KINDS_OF: dict[str, tuple[tuple[type, ...], tuple[str, str]]] = {
    READING: (
        (Meter, PvPlant, Charger, Vehicle),
        ("a meter, PV plant, charger or vehicle", "计量器具、光伏电站、充电桩或车辆"),
    ),
    BILL: (
        (Meter, PvPlant, Charger, Vehicle, Building, Organisation),
        (
            "a meter, PV plant, charger, vehicle, building or organisation",
            "计量器具、光伏电站、充电桩、车辆、建筑或单位",
        ),
    ),
    PURCHASE: (
        (Meter, Vehicle, Building, Organisation),
        ("a meter, vehicle, building or organisation", "计量器具、车辆、建筑或单位"),
    ),
}
"""By kind of entry: the assets it can be of, and their names in English and Chinese."""


def quantities_of(asset: Asset) -> tuple[str, ...]:
    """The quantities that may be entered of an asset; those of no vehicle for buildings and organisations."""
    if isinstance(asset, Meter):
        return _OF_CARRIER.get(asset.carrier, ())
    if isinstance(asset, PvPlant):
        return ("pv_generation_kwh",)
    if isinstance(asset, Charger):
        return ("charge_energy_kwh", "electricity_import_kwh")
    if isinstance(asset, Vehicle):
        return _OF_VEHICLE
    if isinstance(asset, Building | Organisation):
        return tuple(sorted(COUNTERS.difference(_OF_VEHICLE)))
    return ()
