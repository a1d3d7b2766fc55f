"""An estate of any size with all kinds of assets, and years of dated changes of it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random

from quotawatt.register.model import (
    Binding,
    Building,
    Charger,
    Equipment,
    FormerValue,
    Headcount,
    Meter,
    Organisation,
    PvPlant,
    Register,
    Site,
    Space,
    Vehicle,
)
from quotawatt.register.rows import records_of

FIRST_DAY = date(2015, 1, 1)
DAYS = 3653
"""The changes lie within ten years from the first day on."""

_BOUND_FROM = datetime(2015, 1, 1, tzinfo=UTC)


def day_of(chance: Random) -> date:
    """Any of the days within the ten years."""
    return FIRST_DAY + timedelta(days=chance.randrange(DAYS))


def estate(assets: int) -> Register:
    """A register of that many assets (at least 500), nearly half of them meters, each with a device."""
    organisations = [_organisation(n) for n in range(assets // 50)]
    sites = [_site(n) for n in range(assets // 250)]
    buildings = [
        Building(
            f"B-{n}",
            f"{n} 号楼",
            f"Building {n}",
            sites[n % len(sites)].code,
            organisations[n % len(organisations)].code,
            gross_area_m2=1000.0 + n % 977,
            heated_area_m2=800.0,
            year_built=1980 + n % 40,
        )
        for n in range(assets * 2 // 25)
    ]
    count = len(buildings)
    spaces = [_space(n, count) for n in range(assets * 3 // 10)]
    equipment = [_equipment(n, count, len(organisations)) for n in range(assets // 10)]
    vehicles = [_vehicle(n, len(organisations)) for n in range(assets // 25)]
    plants = [PvPlant(f"P-{n}", "光伏", "PV", f"B-{n}", 50.0) for n in range(assets // 500)]
    chargers = [Charger(f"C-{n}", "充电桩", "Charger", f"B-{n}", 7.0) for n in range(assets // 100)]
    others = (organisations, sites, buildings, spaces, equipment, vehicles, plants, chargers)
    meters = [_meter(n, count) for n in range(assets - sum(len(kind) for kind in others))]
    return Register(
        organisations=organisations,
        headcounts=[Headcount(o.code, "in_post", 40.0, FIRST_DAY) for o in organisations],
        sites=sites,
        buildings=buildings,
        spaces=spaces,
        equipment=equipment,
        meters=meters,
        pv_plants=plants,
        chargers=chargers,
        vehicles=vehicles,
        bindings=[Binding(f"dev-{n}", meter.code, _BOUND_FROM) for n, meter in enumerate(meters)],
    )


def with_changes(register: Register, changes: int, seed: int) -> Register:
    """The same register with that many former values, over ten years and all over the assets."""
    chance = Random(seed)
    # Each asset as likely as any other, so that a kind has as many changes as it has assets.
    assets = [(kind, code) for kind in _CHANGED for code in getattr(register, kind)]
    organisations = len(register.organisations)
    found: dict[tuple[str, str, date], FormerValue] = {}
    while len(found) < changes:
        kind, code = chance.choice(assets)
        attribute, value = _CHANGED[kind](chance, code, organisations)
        until = day_of(chance)
        found[code, attribute, until] = FormerValue(code, attribute, value, until)
    records = {**records_of(register), "former_values": list(found.values())}
    return Register(**records)  # type: ignore[arg-type]


_Changed = Callable[[Random, str, int], tuple[str, str]]
_CHANGED: dict[str, _Changed] = {
    # An upper organisation has a lower number, so that no change closes a circle.
    "organisations": lambda chance, code, _: (
        "region_parent",
        f"O-{chance.randrange(number)}" if (number := int(code[2:])) else "",
    ),
    "buildings": lambda chance, _, count: chance.choice(
        (
            ("gross_area_m2", str(chance.randrange(800, 9000))),
            ("organisation", f"O-{chance.randrange(count)}"),
        )
    ),
    "spaces": lambda chance, _, count: ("organisation", f"O-{chance.randrange(count)}"),
    "equipment": lambda chance, _, count: ("organisation", f"O-{chance.randrange(count)}"),
    "vehicles": lambda chance, _, count: ("organisation", f"O-{chance.randrange(count)}"),
    "meters": lambda chance, _, __: ("status", chance.choice(("planned", "idle"))),
}
"""What changes of which kind: (a random choice, the code, how many organisations) -> column and value."""


def _organisation(number: int) -> Organisation:
    name = f"第 {number} 局", f"Office {number}"
    top = Organisation(f"O-{number}", *name, "party_government", "city")
    if not number:
        return top
    region, system = f"O-{(number - 1) // 6}", f"O-{(number - 1) // 9}"
    return replace(top, region_parent=region, system_parent=system)


def _site(number: int) -> Site:
    name = f"第 {number} 院", f"Compound {number}"
    return Site(f"S-{number}", *name, "Asia/Shanghai", "shandong", "B")


def _space(number: int, buildings: int) -> Space:
    name = f"{number} 室", f"Room {number}"
    return Space(f"R-{number}", *name, f"B-{number % buildings}", "office", 20.0, floor="3")


def _equipment(number: int, buildings: int, organisations: int) -> Equipment:
    name = f"设备 {number}", f"Equipment {number}"
    return Equipment(
        f"E-{number}",
        *name,
        "chiller",
        f"O-{number % organisations}",
        f"B-{number % buildings}",
        value_cny=5000.0,
        acquired=FIRST_DAY,
    )


def _vehicle(number: int, organisations: int) -> Vehicle:
    owner = f"O-{number % organisations}"
    name = f"{number} 号车", f"Car {number}"
    return Vehicle(f"V-{number}", *name, owner, f"鲁A{number:05d}", "car", "petrol", tank_l=50.0)


def _meter(number: int, buildings: int) -> Meter:
    """The first meter of a building is its main one, the others stand behind it."""
    place, building = divmod(number, buildings)
    name = f"{building} 号楼 {place} 号表", f"Meter {place} of building {building}"
    meter = Meter(f"M-{number}", *name, f"B-{building}", "electricity", rated_power_kw=100.0)
    return replace(meter, item="A", parent=f"M-{building}") if place else meter
