"""The tables of the record store as they were before its versions were counted: revision 0001.

Frozen. What the store holds today is said in the ``*_tables`` modules; the revisions lead from here to there.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

INSTANT = DateTime(timezone=True)
ID = BigInteger().with_variant(Integer, "sqlite")

metadata = MetaData()

Table(
    "organisations",
    metadata,
    Column("code", String(64), primary_key=True),
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("kind", String(32), nullable=False),
    Column("level", String(32), nullable=False),
    Column("region_parent", String(64)),
    Column("system_parent", String(64)),
    Column("owner_zh", Text, nullable=False),
    Column("owner_en", Text, nullable=False),
)
Table(
    "headcounts",
    metadata,
    Column("id", ID, primary_key=True, autoincrement=True),
    Column("organisation", String(64), nullable=False),
    Column("component", String(32), nullable=False),
    Column("people", Float, nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_until", Date),
)
Table(
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
Table(
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
Table(
    "meters",
    metadata,
    Column("code", String(64), primary_key=True),
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("building", String(64), nullable=False),
    Column("carrier", String(32), nullable=False),
    Column("item", String(16), nullable=False),
    Column("parent", String(64)),
    Column("rated_power_kw", Float),
)
Table(
    "pv_plants",
    metadata,
    Column("code", String(64), primary_key=True),
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("building", String(64), nullable=False),
    Column("peak_power_kw", Float, nullable=False),
)
Table(
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
Table(
    "bindings",
    metadata,
    Column("id", ID, primary_key=True, autoincrement=True),
    Column("device", String(128), nullable=False),
    Column("channel", String(64), nullable=False),
    Column("quantity", String(64), nullable=False),
    Column("asset", String(64), nullable=False),
    Column("point_quantity", String(64), nullable=False),
    Column("valid_from", INSTANT, nullable=False),
    Column("valid_until", INSTANT),
    Column("multiplier", Float, nullable=False),
    Column("register_size", Float),
    Column("datum", String(16), nullable=False, server_default="wgs84"),
    Column("adopted", Boolean, nullable=False, server_default=false()),
)
Table(
    "base_values",
    metadata,
    Column("id", ID, primary_key=True, autoincrement=True),
    Column("asset", String(64), nullable=False),
    Column("measure", String(64), nullable=False),
    Column("year", Integer, nullable=False),
    Column("value", Float, nullable=False),
    Column("source", Text, nullable=False),
)
Table(
    "touched",
    metadata,
    Column("device", String(128), primary_key=True),
    Column("channel", String(64), primary_key=True),
    Column("quantity", String(64), primary_key=True),
    Column("hour", INSTANT, primary_key=True),
    Column("generation", BigInteger, nullable=False),
)
Table(
    "dead_letters",
    metadata,
    Column("id", ID, primary_key=True, autoincrement=True),
    Column("arrived", INSTANT, nullable=False),
    Column("topic", Text, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Column("reason", String(64), nullable=False),
    Column("message", Text, nullable=False),
    Column("payload_bytes", BigInteger, nullable=False, server_default="0"),
    sqlite_autoincrement=True,
)
Table(
    "seen_devices",
    metadata,
    Column("device", String(128), primary_key=True),
    Column("profile", String(64), nullable=False),
    Column("topic", Text, nullable=False),
    Column("first_seen", INSTANT, nullable=False),
    Column("last_seen", INSTANT, nullable=False),
    Column("messages", BigInteger, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Column("payload_bytes", BigInteger, nullable=False),
    Column("offers", JSON, nullable=False),
    Column("earliest_reading", INSTANT),
    Column("kept", BigInteger, nullable=False),
    Column("kept_bytes", BigInteger, nullable=False),
    Column("dropped", BigInteger, nullable=False),
)
Table(
    "kept_messages",
    metadata,
    Column("id", ID, primary_key=True, autoincrement=True),
    Column("device", String(128), nullable=False),
    Column("arrived", INSTANT, nullable=False),
    Column("topic", Text, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Index("kept_messages_of_device", "device", "id"),
    sqlite_autoincrement=True,
)
Table(
    "announcements",
    metadata,
    Column("profile", String(64), primary_key=True),
    Column("device", String(128), primary_key=True),
    Column("key", String(256), primary_key=True),
    Column("name", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("arrived", INSTANT),
)
Table(
    "jobs",
    metadata,
    Column("id", ID, primary_key=True, autoincrement=True),
    Column("kind", String(32), nullable=False),
    Column("arguments", JSON, nullable=False),
    Column("state", String(16), nullable=False),
    Column("requested_by", String(128), nullable=False),
    Column("requested_at", INSTANT, nullable=False),
    Column("worker", String(256), nullable=False),
    Column("lease_until", INSTANT),
    Column("started_at", INSTANT),
    Column("finished_at", INSTANT),
    Column("result", JSON, nullable=False),
    Column("error", Text, nullable=False),
    Index("jobs_to_do", "state", "kind"),
)
Table(
    "subscriptions",
    metadata,
    Column("client_id", String(256), primary_key=True),
    Column("topic", Text, primary_key=True),
    Column("granted", Boolean, nullable=False),
)
Table(
    "device_families",
    metadata,
    Column("device", String(128), primary_key=True),
    Column("profile", String(64), primary_key=True),
)
Table(
    "counters",
    metadata,
    Column("name", String(128), primary_key=True),
    Column("total", BigInteger, nullable=False),
)
Table(
    "findings",
    metadata,
    Column("id", ID, primary_key=True, autoincrement=True),
    Column("code", String(64), nullable=False),
    Column("subject", String(256), nullable=False),
    Column("key", String(256), nullable=False),
    Column("detail", JSON, nullable=False),
    Column("first_seen", INSTANT, nullable=False),
    Column("last_seen", INSTANT, nullable=False),
    UniqueConstraint("code", "subject", "key"),
)
Table(
    "alerts",
    metadata,
    Column("id", ID, primary_key=True, autoincrement=True),
    Column("rule", String(64), nullable=False),
    Column("subject", String(256), nullable=False),
    Column("asset", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    Column("severity", String(16), nullable=False),
    Column("value", Float),
    Column("pending_since", INSTANT),
    Column("firing_since", INSTANT),
    Column("clear_since", INSTANT),
    Column("resolved_at", INSTANT),
    Column("acknowledged_at", INSTANT),
    Column("acknowledged_by", String(128)),
    Column("evaluated_at", INSTANT, nullable=False),
    Column("no_data_since", INSTANT),
    Column("detail", JSON, nullable=False),
    UniqueConstraint("rule", "subject"),
)
Table(
    "outbox",
    metadata,
    Column("id", ID, primary_key=True, autoincrement=True),
    Column("key", String(256), nullable=False, unique=True),
    Column("alert", BigInteger, nullable=False),
    Column("channel", String(32), nullable=False),
    Column("body", JSON, nullable=False),
    Column("created_at", INSTANT, nullable=False),
    Column("next_try_at", INSTANT, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("delivered_at", INSTANT),
    Column("failed_at", INSTANT),
    Column("last_error", Text, nullable=False),
    Index("outbox_due", "delivered_at", "failed_at", "next_try_at"),
)
Table(
    "ledger",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("at", INSTANT, nullable=False),
    Column("actor", String(128), nullable=False),
    Column("action", String(64), nullable=False),
    Column("subject", String(256), nullable=False),
    Column("detail", Text, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)
Table(
    "ledger_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("seq", BigInteger, nullable=False),
    Column("hash", String(64), nullable=False),
)
Table(
    "role_states",
    metadata,
    Column("role", String(16), primary_key=True),
    Column("instance", String(128), primary_key=True),
    Column("at", INSTANT, nullable=False),
    Column("ok", Boolean, nullable=False),
    Column("detail", JSON, nullable=False),
)
Table(
    "state",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("value", JSON, nullable=False),
)
