"""The tables of the record store (SQLite or PostgreSQL) beside those of the register. Instants are UTC."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from quotawatt.storage import (  # noqa: F401  (they belong to the same metadata)
    access_tables,
    analytics_tables,
    assessment_tables,
    assigned_tables,
    carbon_tables,
    case_tables,
    fleet_tables,
    hand_tables,
    issued_tables,
    ledger_tables,
    money_tables,
    performance_tables,
    pool_tables,
    register_tables,
    returns_tables,
    rules_tables,
)
from quotawatt.storage.schema import Id, Instant, metadata

# --- the way of a reading --------------------------------------------------------------------------

touched = Table(
    # What written readings touched and results do not yet reflect. A mark clears only at the
    # generation it was taken at, so a reading that arrives during the computation is not forgotten.
    "touched",
    metadata,
    Column("device", String(128), primary_key=True),
    Column("channel", String(64), primary_key=True),
    Column("quantity", String(64), primary_key=True),
    Column("hour", Instant, primary_key=True),
    Column("generation", BigInteger, nullable=False),
)
dead_letters = Table(
    "dead_letters",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("arrived", Instant, nullable=False),
    Column("topic", Text, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Column("reason", String(64), nullable=False),
    Column("message", Text, nullable=False),
    # Of the payload as it came; more than is kept of it where it was cut.
    Column("payload_bytes", BigInteger, nullable=False, server_default="0"),
    # So that the number of a letter that is gone is never that of another.
    sqlite_autoincrement=True,
)
seen_devices = Table(
    # A device that sends what no binding names: all of it (an unknown device) or some of its channels.
    "seen_devices",
    metadata,
    Column("device", String(128), primary_key=True),
    Column("profile", String(64), nullable=False),
    Column("topic", Text, nullable=False),
    Column("first_seen", Instant, nullable=False),
    Column("last_seen", Instant, nullable=False),
    Column("messages", BigInteger, nullable=False),
    # The beginning of the last message, and how long the whole was.
    Column("payload", LargeBinary, nullable=False),
    Column("payload_bytes", BigInteger, nullable=False),
    # What it would measure: a list of {channel, quantity, value, time}.
    Column("offers", JSON, nullable=False),
    # The earliest plausible time of a reading that was kept: from then on it can be bound.
    Column("earliest_reading", Instant),
    # Messages in kept_messages, their payloads' bytes, and how many had to go.
    Column("kept", BigInteger, nullable=False),
    Column("kept_bytes", BigInteger, nullable=False),
    Column("dropped", BigInteger, nullable=False),
)
kept_messages = Table(
    # Messages of unknown devices, until somebody binds the device.
    "kept_messages",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("device", String(128), nullable=False),
    Column("arrived", Instant, nullable=False),
    Column("topic", Text, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Index("kept_messages_of_device", "device", "id"),
    sqlite_autoincrement=True,
)
announcements = Table(
    # What devices said once of the names and units they later leave out.
    "announcements",
    metadata,
    Column("profile", String(64), primary_key=True),
    Column("device", String(128), primary_key=True),
    Column("key", String(256), primary_key=True),
    Column("name", Text, nullable=False),
    Column("unit", Text, nullable=False),
    # Of the message that said so; empty in a store of an older version.
    Column("arrived", Instant),
)
jobs = Table(
    # Work that another role has to do. Who does it holds a lease; one that has run out is free again.
    "jobs",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("kind", String(32), nullable=False),
    Column("arguments", JSON, nullable=False),
    Column("state", String(16), nullable=False),
    Column("requested_by", String(128), nullable=False),
    Column("requested_at", Instant, nullable=False),
    Column("worker", String(256), nullable=False, default=""),
    Column("lease_until", Instant),
    Column("started_at", Instant),
    Column("finished_at", Instant),
    Column("result", JSON, nullable=False),
    Column("error", Text, nullable=False, default=""),
    Index("jobs_to_do", "state", "kind"),
)
subscriptions = Table(
    # The topic filters of each collector's session at the broker, which outlives a change of settings.
    # Written before the broker is asked; ``granted`` once it has agreed.
    "subscriptions",
    metadata,
    Column("client_id", String(256), primary_key=True),
    Column("topic", Text, primary_key=True),
    Column("granted", Boolean, nullable=False),
)
device_families = Table(
    # The families that a registered device's messages were of.
    "device_families",
    metadata,
    Column("device", String(128), primary_key=True),
    Column("profile", String(64), primary_key=True),
)
counters = Table(
    # Totals since installation by name, e.g. readings_written, rejected:not_json.
    "counters",
    metadata,
    Column("name", String(128), primary_key=True),
    Column("total", BigInteger, nullable=False),
)
findings = Table(
    "findings",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("code", String(64), nullable=False),
    Column("subject", String(256), nullable=False),
    Column("key", String(256), nullable=False),
    Column("detail", JSON, nullable=False),
    Column("first_seen", Instant, nullable=False),
    Column("last_seen", Instant, nullable=False),
    # Who found it: analysis, intake, or a check that reports its whole set each time.
    Column("source", String(32), nullable=False, server_default="analysis"),
    # The organisation that answers for the subject; empty: nobody yet.
    Column("organisation", String(64)),
    Column("severity", String(16), nullable=False, server_default="warning"),
    # The time that the evidence is about, where it says one.
    Column("span_start", Instant),
    Column("span_end", Instant),
    # open, accepted or cleared; of an accepted one cleared_at says since when it is not found any more.
    Column("state", String(16), nullable=False, server_default="open"),
    Column("cleared_at", Instant),
    Column("accepted_at", Instant),
    Column("accepted_by", String(128)),
    Column("reason", Text, nullable=False, server_default=""),
    UniqueConstraint("code", "subject", "key"),
    Index("findings_by_state", "state", "source"),
)

# --- alerts ----------------------------------------------------------------------------------------

alerts = Table(
    "alerts",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("rule", String(64), nullable=False),
    Column("subject", String(256), nullable=False),
    Column("asset", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    Column("severity", String(16), nullable=False),
    Column("value", Float),
    Column("pending_since", Instant),
    Column("firing_since", Instant),
    Column("clear_since", Instant),
    Column("resolved_at", Instant),
    # Only in rows of an older version; it is cases that are taken up now.
    Column("acknowledged_at", Instant),
    Column("acknowledged_by", String(128)),
    Column("evaluated_at", Instant, nullable=False),
    Column("no_data_since", Instant),
    Column("flapping_since", Instant),
    # The last firings, as far as they matter to flapping: ISO 8601.
    Column("fired_at_times", JSON, nullable=False, server_default="[]"),
    Column("detail", JSON, nullable=False),
    # Inputs that it fired on: [[start, value], ...].
    Column("basis", JSON, nullable=False, server_default="[]"),
    UniqueConstraint("rule", "subject"),
)
outbox = Table(
    # Messages on their way. ``key`` is the same for every try, so that a receiver can tell a repetition.
    "outbox",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("key", String(256), nullable=False, unique=True),
    # Only in rows of an older version; a message now is about cases.
    Column("alert", BigInteger),
    Column("channel", String(64), nullable=False),
    # Key of the recipient; of a channel that is nobody's own ``channel:NAME``.
    Column("recipient", String(128), nullable=False, server_default=""),
    Column("site", String(64), nullable=False, server_default=""),
    Column("route", String(64), nullable=False, server_default=""),
    Column("body", JSON, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("next_try_at", Instant, nullable=False),
    # Who is sending it, and until when nobody else does.
    Column("claimed_by", String(256), nullable=False, server_default=""),
    Column("claimed_until", Instant),
    Column("tries", Integer, nullable=False, default=0),
    Column("delivered_at", Instant),
    Column("failed_at", Instant),
    Column("last_error", Text, nullable=False, default=""),
    Index("outbox_due", "delivered_at", "failed_at", "next_try_at"),
    Index("outbox_to", "recipient", "channel", "created_at"),
)

# --- the ledger ------------------------------------------------------------------------------------

ledger = Table(
    "ledger",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("actor", String(128), nullable=False),
    Column("action", String(64), nullable=False),
    Column("subject", String(256), nullable=False),
    Column("detail", Text, nullable=False),  # canonical JSON: what was hashed is what is kept
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)
ledger_head = Table(
    # One row; whoever appends locks it, so the chain never forks.
    "ledger_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("seq", BigInteger, nullable=False),
    Column("hash", String(64), nullable=False),
)
role_states = Table(
    # How each role of each process was at its last heartbeat. ``instance`` tells processes apart.
    "role_states",
    metadata,
    Column("role", String(16), primary_key=True),
    Column("instance", String(128), primary_key=True),
    Column("at", Instant, nullable=False),
    Column("ok", Boolean, nullable=False),
    Column("detail", JSON, nullable=False),
)
state = Table(
    # Small facts that roles share: the demo's clock, the analyser's horizon, the register's version.
    "state",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("value", JSON, nullable=False),
)
