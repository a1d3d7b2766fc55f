"""An example of each kind of record, for the API's description: together a register without faults."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from types import MappingProxyType

from quotawatt.register.kinds import (
    BaseValue,
    Binding,
    Building,
    Charger,
    Duty,
    Equipment,
    FormerValue,
    Geofence,
    Headcount,
    Meter,
    Organisation,
    PvPlant,
    Site,
    Space,
    Vehicle,
    VirtualMeter,
)
from quotawatt.register.rows import Record

_NEW_YEAR = datetime(2023, 12, 31, 16, tzinfo=UTC)

EXAMPLES: Mapping[str, Record] = MappingProxyType(
    {
        "organisations": Organisation(
            code="ORG-7",
            name_zh="市档案馆",
            name_en="City Archives",
            kind="party_government",
            level="city",
            owner_zh="办公室主任",
            owner_en="Head of the general office",
            vehicle_quota=4,
        ),
        "headcounts": Headcount("ORG-7", "in_post", 85.0, date(2024, 1, 1)),
        "sites": Site(
            "SITE-7",
            "档案馆院",
            "Archives compound",
            "Asia/Shanghai",
            "shandong",
            "B",
            36.66,
            117.02,
        ),
        "buildings": Building(
            code="BLD-7",
            name_zh="档案馆主楼",
            name_en="Archives, main building",
            site="SITE-7",
            organisation="ORG-7",
            gross_area_m2=6200.0,
            heated_area_m2=5400.0,
            year_built=2009,
            data_centre_area_m2=80.0,
            comfort_class="B",
        ),
        "spaces": Space(
            code="SPC-701",
            name_zh="七〇一室",
            name_en="Room 701",
            building="BLD-7",
            use="office",
            area_m2=24.0,
            floor="7",
            post="division_head",
            occupants=1,
        ),
        "equipment": Equipment(
            code="EQP-71",
            name_zh="一号冷水机组",
            name_en="Chiller 1",
            kind="chiller",
            organisation="ORG-7",
            building="BLD-7",
            rated_power_kw=120.0,
            value_cny=380000.0,
            acquired=date(2019, 5, 20),
        ),
        "meters": Meter(
            code="MTR-7",
            name_zh="主楼总电表",
            name_en="Main building, electricity",
            building="BLD-7",
            carrier="electricity",
            rated_power_kw=400.0,
        ),
        "virtual_meters": VirtualMeter(
            code="VMT-7",
            name_zh="七〇一室电量（按面积分摊）",
            name_en="Room 701, electricity by area",
            building="BLD-7",
            quantity="electricity_import_kwh",
            formula="share(MTR-7, area, SPC-701)",
            serves="SPC-701",
        ),
        "pv_plants": PvPlant("PV-7", "屋顶光伏", "Roof PV", "BLD-7", 60.0),
        "chargers": Charger("CHG-7", "一号充电桩", "Charger 1", "BLD-7", 60.0),
        "vehicles": Vehicle(
            code="VEH-7",
            name_zh="公务用车七号",
            name_en="Official car 7",
            organisation="ORG-7",
            plate="鲁A00007",
            kind="sedan",
            energy="electric",
            battery_kwh=57.0,
            quota_kwh_per_100km=16.0,
            home_site="SITE-7",
            acquired=date(2022, 3, 1),
        ),
        "geofences": Geofence(
            code="FENCE-7",
            name_zh="主楼停车场",
            name_en="Car park of the main building",
            organisation="ORG-7",
            use="parking",
            outline='{"type":"Point","coordinates":[117.0207,36.6683]}',
            radius_m=150.0,
        ),
        "bindings": Binding(
            "meter-00417", "MTR-7", _NEW_YEAR, multiplier=80.0, register_size=1000000.0
        ),
        "base_values": BaseValue(
            "BLD-7", "carbon_kgco2_per_m2", 2020, 48.5, "Energy statistics return of 2020"
        ),
        "duties": Duty(
            "ORG-7",
            "owner",
            "能源管理员",
            date(2024, 1, 1),
            name_en="Energy officer",
            email="energy@example.org",
        ),
        "former_values": FormerValue("BLD-7", "gross_area_m2", "5800.0", date(2024, 3, 1)),
    }
)
"""By kind."""
