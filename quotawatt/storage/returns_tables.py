"""The tables of statistics returns and of their exchange with other platforms."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Date,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from quotawatt.storage.schema import Id, Instant, metadata

returns = Table(
    "returns",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("form", String(64), nullable=False),
    Column("version", String(32), nullable=False),
    Column("organisation", String(64), nullable=False),
    Column("period", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("due", Date, nullable=False),
    # What was filled in, and what people wrote over it, by cell.
    Column("cells", JSON, nullable=False),
    Column("overrides", JSON, nullable=False),
    # The platform that it came from; empty: it was drawn up here.
    Column("sender", String(128), nullable=False),
    Column("filled_at", Instant),
    Column("submitted_at", Instant),
    Column("submitted_by", String(128), nullable=False),
    Column("decided_at", Instant),
    Column("decided_by", String(128), nullable=False),
    Column("comment", Text, nullable=False),
    Column("issued", String(160), nullable=False),  # number of its latest snapshot; empty: none yet
    UniqueConstraint("form", "organisation", "period"),
    Index("returns_of_period", "period", "state"),
    # A number that was cited once is never that of another.
    sqlite_autoincrement=True,
)
return_steps = Table(
    # What was done with a return, step by step.
    "return_steps",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("return_id", BigInteger, nullable=False),
    Column("action", String(16), nullable=False),
    Column("at", Instant, nullable=False),
    Column("actor", String(128), nullable=False),
    Column("comment", Text, nullable=False),
    Index("return_steps_of_return", "return_id"),
)
exchange_outbox = Table(
    # What is to be sent to the platform above, and what it said to that.
    "exchange_outbox",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("key", String(256), nullable=False, unique=True),
    Column("dataset", String(64), nullable=False),
    Column("organisation", String(64), nullable=False),
    Column("body", JSON, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("next_try_at", Instant, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("delivered_at", Instant),
    Column("failed_at", Instant),
    Column("receipt", Text, nullable=False),
    Column("last_error", Text, nullable=False),
    Index("exchange_outbox_due", "delivered_at", "failed_at", "next_try_at"),
    sqlite_autoincrement=True,
)
exchange_inbox = Table(
    # What came from platforms below, once each.
    "exchange_inbox",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("sender", String(128), nullable=False),
    Column("number", String(160), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("return_id", BigInteger, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("received_by", String(128), nullable=False),
    UniqueConstraint("sender", "number"),
    sqlite_autoincrement=True,
)
