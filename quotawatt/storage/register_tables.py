"""The tables of the register, one a kind; their columns are those of ``quotawatt.register.model``."""

from collections.abc import Mapping
from types import MappingProxyType

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Float,
    Index,
    Integer,
    String,
    Table,
    Text,
    false,
)

from quotawatt.storage.schema import Id, Instant, metadata


def _text(name: str, length: int) -> Column[str]:
    """A short text that may be empty, added after the first version of its table."""
    return Column(name, String(length), nullable=False, server_default="")


def _status() -> Column[str]:
    return Column("status", String(16), nullable=False, server_default="in_use")


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
    Column("vehicle_quota", Integer),
    Column("classified", Boolean, nullable=False, server_default=false()),
    _status(),
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
    _text("city", 64),
    _text("climate_zone", 32),
    _text("country", 8),
    _status(),
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
    Column("data_centre_area_m2", Float),
    Column("kitchen_area_m2", Float),
    Column("excluded_area_m2", Float),
    _text("comfort_class", 1),
    Column("hours_of_use", Float),
    _text("heating", 32),
    _status(),
)
spaces = Table(
    "spaces",
    metadata,
    Column("code", String(64), primary_key=True),
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("building", String(64), nullable=False),
    Column("use", String(32), nullable=False),
    Column("area_m2", Float),
    _text("floor", 16),
    Column("organisation", String(64)),
    _text("post", 64),
    Column("occupants", Integer),
    _status(),
)
equipment = Table(
    "equipment",
    metadata,
    Column("code", String(64), primary_key=True),
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("kind", String(64), nullable=False),
    Column("organisation", String(64), nullable=False),
    Column("building", String(64)),
    Column("space", String(64)),
    Column("serves", String(64)),
    Column("rated_power_kw", Float),
    Column("value_cny", Float),
    Column("acquired", Date),
    _status(),
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
    Column("serves", String(64)),
    _status(),
)
virtual_meters = Table(
    "virtual_meters",
    metadata,
    Column("code", String(64), primary_key=True),
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("building", String(64), nullable=False),
    Column("quantity", String(64), nullable=False),
    Column("formula", Text, nullable=False),
    Column("serves", String(64)),
    _status(),
)
pv_plants = Table(
    "pv_plants",
    metadata,
    Column("code", String(64), primary_key=True),
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("building", String(64), nullable=False),
    Column("peak_power_kw", Float, nullable=False),
    _status(),
)
chargers = Table(
    "chargers",
    metadata,
    Column("code", String(64), primary_key=True),
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("building", String(64), nullable=False),
    Column("rated_power_kw", Float),
    _status(),
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
    Column("quota_l_per_100km", Float),
    Column("quota_kwh_per_100km", Float),
    Column("home_site", String(64)),
    _text("driver_pool", 64),
    Column("tracking_exempt", Boolean, nullable=False, server_default=false()),
    Column("acquired", Date),
    Column("home_area", String(64)),
    Column("permitted_area", String(64)),
    Column("speed_limit_kmh", Float),
    Column("service_every_km", Float),
    Column("service_every_months", Integer),
    Column("value_cny", Float),
    _status(),
)
geofences = Table(
    "geofences",
    metadata,
    Column("code", String(64), primary_key=True),
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("organisation", String(64), nullable=False),
    Column("use", String(32), nullable=False),
    # A GeoJSON geometry (RFC 7946, WGS84): Polygon, MultiPolygon, or Point with ``radius_m``.
    Column("outline", Text, nullable=False),
    Column("radius_m", Float),
    Column("speed_limit_kmh", Float),
    _status(),
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
duties = Table(
    "duties",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("asset", String(64), nullable=False),
    Column("duty", String(16), nullable=False),
    Column("name_zh", Text, nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_until", Date),
    Column("rank", Integer, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("account", String(64), nullable=False),
    Column("email", String(254), nullable=False),
    Column("mobile", String(32), nullable=False),
    Column("chat", String(128), nullable=False),
    Column("language", String(8), nullable=False),
)
former_values = Table(
    "former_values",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("asset", String(64), nullable=False),
    Column("attribute", String(64), nullable=False),
    Column("value", Text, nullable=False),
    Column("valid_until", Date, nullable=False),
    Index("former_values_of_asset", "asset", "attribute", "valid_until", unique=True),
)
retired_codes = Table(
    # Codes of assets that were removed: they may come back for the same asset, and for no other.
    "retired_codes",
    metadata,
    Column("code", String(64), primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("retired_at", Instant, nullable=False),
)

REGISTER_TABLES: Mapping[str, Table] = MappingProxyType(
    {
        table.name: table
        for table in (
            organisations,
            headcounts,
            sites,
            buildings,
            spaces,
            equipment,
            meters,
            virtual_meters,
            pv_plants,
            chargers,
            vehicles,
            geofences,
            bindings,
            base_values,
            duties,
            former_values,
        )
    }
)
"""All of them by name."""
