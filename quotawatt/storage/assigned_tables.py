"""The tables of what authorities set for a year, and of explanations of overruns. Instants are UTC."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    Float,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from quotawatt.storage.schema import Id, Instant, metadata

assigned_figures = Table(
    # Targets, revised quotas and budgets of months, version by version. A row never changes.
    "assigned_figures",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("kind", String(16), nullable=False),  # target, revision or months
    Column("asset", String(64), nullable=False),
    Column("name", String(128), nullable=False),  # of a target its indicator, else a quota
    Column("year", Integer, nullable=False),
    Column("version", Integer, nullable=False),  # from 1
    Column("effective_from", Date, nullable=False),
    Column("amounts", JSON, nullable=False),  # one; of months twelve
    Column("lifted", Boolean, nullable=False),  # from that day on nothing is set any more
    Column("assigner", String(64), nullable=False),  # of a target; empty: not one
    Column("tree", String(16), nullable=False),
    Column("document", String(256), nullable=False),
    Column("decided_on", Date, nullable=False),
    Column("approved_by", String(256), nullable=False),
    Column("note", Text, nullable=False),
    Column("entered_by", String(128), nullable=False),
    Column("entered_at", Instant, nullable=False),
    UniqueConstraint("kind", "asset", "name", "year", "version"),
    UniqueConstraint("kind", "asset", "name", "year", "effective_from"),
    Index("assigned_figures_year", "kind", "year"),
)
overrun_explanations = Table(
    # Why an account went over. State and text change; every step is kept in `steps` and in the ledger.
    "overrun_explanations",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("asset", String(64), nullable=False),
    Column("quota", String(128), nullable=False),
    Column("year", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("measures", Text, nullable=False),  # what is done about it
    Column("amount", Float, nullable=False),  # explained, in the account's unit
    Column("unit", String(16), nullable=False),
    Column("document", String(64), nullable=False),  # SHA-256 of one of hand_documents; empty: none
    Column("state", String(16), nullable=False),
    Column("written_by", String(128), nullable=False),
    Column("written_at", Instant, nullable=False),
    Column("decided_by", String(128), nullable=False),
    Column("decided_at", Instant),
    Column("steps", JSON, nullable=False),
    Index("overrun_explanations_account", "asset", "quota", "year"),
    Index("overrun_explanations_state", "state"),
    sqlite_autoincrement=True,
)
