"""The tables of the register, one a kind; their columns are those of ``quotawatt.register.model``."""

from collections.abc import Mapping
from types import MappingProxyType

from sqlalchemy import Boolean, Column, Date, Float, Integer, String, Table, Text, false

from quotawatt.storage.schema import Id, Instant, metadata

organisations = Table(
    "organisations",
    metadata,
    Column("code", String(64), primary_key=True),
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("kind", String(32), nullable=False),
    Column("level", String(32), nullable=False),
    Column("region_parent", String(64)),
    Column("system_parent", String(64)),
    Column("owner_zh", Text, nullable=False, default=""),
    Column("owner_en", Text, nullable=False, default=""),
)
headcounts = Table(
    "headcounts",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("organisation", String(64), nullable=False),
    Column("component", String(32), nullable=False),
    Column("people", Float, nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_until", Date),
)
sites = Table(
    "sites",
    metadata,
    Column("code", String(64), primary_key=True),
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("timezone", String(64), nullable=False),
    Column("province", String(64), nullable=False),
    Column("quota_zone", String(16), nullable=False),
    Column("latitude_deg", Float),
    Column("longitude_deg", Float),
)
buildings = Table(
    "buildings",
    metadata,
    Column("code", String(64), primary_key=True),
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("site", String(64), nullable=False),
    Column("organisation", String(64), nullable=False),
    Column("gross_area_m2", Float),
    Column("heated_area_m2", Float),
    Column("year_built", Integer),
)
meters = Table(
    "meters",
    metadata,
    Column("code", String(64), primary_key=True),
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("building", String(64), nullable=False),
    Column("carrier", String(32), nullable=False),
    Column("item", String(16), nullable=False, default=""),
    Column("parent", String(64)),
    Column("rated_power_kw", Float),
)
pv_plants = Table(
    "pv_plants",
    metadata,
    Column("code", String(64), primary_key=True),
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("building", String(64), nullable=False),
    Column("peak_power_kw", Float, nullable=False),
)
vehicles = Table(
    "vehicles",
    metadata,
    Column("code", String(64), primary_key=True),
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("organisation", String(64), nullable=False),
    Column("plate", String(32), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("energy", String(16), nullable=False),
    Column("tank_l", Float),
    Column("battery_kwh", Float),
)
bindings = Table(
    "bindings",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("device", String(128), nullable=False),
    Column("channel", String(64), nullable=False, default=""),
    Column("quantity", String(64), nullable=False, default=""),
    Column("asset", String(64), nullable=False),
    Column("point_quantity", String(64), nullable=False, default=""),
    Column("valid_from", Instant, nullable=False),
    Column("valid_until", Instant),
    Column("multiplier", Float, nullable=False, default=1.0),
    Column("register_size", Float),
    Column("datum", String(16), nullable=False, server_default="wgs84"),
    # Made or ended by an adoption, and named by no import since. No field of the record.
    Column("adopted", Boolean, nullable=False, server_default=false()),
)
base_values = Table(
    "base_values",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("asset", String(64), nullable=False),
    Column("measure", String(64), nullable=False),
    Column("year", Integer, nullable=False),
    Column("value", Float, nullable=False),
    Column("source", Text, nullable=False),
)

REGISTER_TABLES: Mapping[str, Table] = MappingProxyType(
    {
        table.name: table
        for table in (
            organisations,
            headcounts,
            sites,
            buildings,
            meters,
            pv_plants,
            vehicles,
            bindings,
            base_values,
        )
    }
)
"""All of them by name."""
