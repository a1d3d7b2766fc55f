"""A small estate with every kind of asset, right by all rules, for tests that change one thing."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from quotawatt.register.model import (
    Binding,
    Building,
    Charger,
    Equipment,
    Geofence,
    Headcount,
    Meter,
    Organisation,
    PvPlant,
    Register,
    Site,
    Space,
    Vehicle,
    VirtualMeter,
)
from quotawatt.register.rows import records_of

START = datetime(2020, 12, 31, 16, tzinfo=UTC)
"""The beginning of 2021 at the site."""

ESTATE = Register(
    organisations=[
        Organisation("CITY", "市", "City", "party_government", "city"),
        Organisation("SYSTEM", "系统", "System", "party_government", "province"),
        Organisation("EDU", "教育局", "Education", "party_government", "city", "CITY", "SYSTEM"),
        Organisation("WATER", "水利局", "Water", "party_government", "city", "CITY"),
    ],
    headcounts=[Headcount("EDU", "in_post", 80, START.date())],
    sites=[Site("YARD", "大院", "Yard", "Asia/Shanghai", "shandong", "B")],
    buildings=[
        Building("HALL", "主楼", "Hall", "YARD", "EDU", 5000.0, 4000.0, 1999, 100.0, 80.0),
        Building("ANNEX", "附楼", "Annex", "YARD", "WATER", 900.0),
    ],
    spaces=[
        Space("R101", "101 室", "Room 101", "HALL", "office", 24.0, "1", None, "division_head", 2),
        Space("R201", "201 室", "Room 201", "ANNEX", "storage", 30.0),
    ],
    equipment=[Equipment("PRN", "打印机", "Printer", "printer_a4", "EDU", "HALL", "R101", "R101")],
    meters=[
        Meter("M0", "总表", "Main", "HALL", "electricity", "", None, 400.0),
        Meter("M1", "照明", "Lights", "HALL", "electricity", "A1", "M0", 100.0, "R101"),
        Meter("M2", "附楼", "Annex", "ANNEX", "electricity"),
    ],
    virtual_meters=[
        VirtualMeter("VM", "其余", "Rest", "HALL", "electricity_import_kwh", "M0 - 0.5*M1"),
    ],
    pv_plants=[PvPlant("PV", "光伏", "Plant", "HALL", 50.0)],
    chargers=[Charger("CH", "充电桩", "Charger", "ANNEX", 60.0)],
    vehicles=[
        Vehicle(
            *("CAR", "公务车", "Car", "EDU", "鲁Z·00001", "car", "petrol"),
            home_site="YARD",
            home_area="LOT",
        ),
        Vehicle("VAN", "面包车", "Van", "WATER", "鲁Z·00002", "van", "electric"),
    ],
    geofences=[
        Geofence(
            *("LOT", "停车场", "Car park", "EDU", "parking"),
            '{"type":"Point","coordinates":[117.02,36.66]}',
            radius_m=150.0,
        )
    ],
    bindings=[
        Binding("dev-0", "M0", START, multiplier=40.0, register_size=100000.0),
        Binding("dev-1", "M1", START),
        Binding("dev-2", "M2", START),
        Binding("dev-car", "CAR", START),
    ],
)


def changed(register: Register, code: str, **values: Any) -> Register:
    """The register with other values in the row of an asset, whatever the rules say."""
    asset = replace(register.assets[code], **values)
    return with_records(
        register,
        **{
            kind: [asset if getattr(r, "code", None) == code else r for r in records]
            for kind, records in records_of(register).items()
        },
    )


def with_records(register: Register, **kinds: Any) -> Register:
    """The register with other records of some kinds."""
    records: dict[str, Any] = {**records_of(register), **kinds}
    return Register(**records, adopted=register.adopted)
