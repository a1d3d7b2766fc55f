"""The tables of what people enter by hand: meter readings, bills and purchases of fuel, and documents.

An entry has a number that stays and a row for each of its revisions. Of a row nothing is ever changed but
whether it is the latest, and what the series store has of its reading.
"""

from sqlalchemy import (
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

from quotawatt.storage.schema import Id, Instant, metadata

hand_entries = Table(
    "hand_entries",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("number", BigInteger, nullable=False),
    Column("revision", Integer, nullable=False),  # from 1
    Column("latest", Boolean, nullable=False),
    Column("withdrawn", Boolean, nullable=False),
    Column("kind", String(16), nullable=False),  # reading, bill or purchase
    Column("asset", String(64), nullable=False),
    Column("quantity", String(64), nullable=False),
    # The subject of the results that it makes: the asset, or ASSET/hand beside a total of others.
    Column("subject", String(72), nullable=False),
    # [start, end); of a reading both are its time.
    Column("start", Instant, nullable=False),
    Column("end", Instant, nullable=False),
    Column("value", Float),  # of a reading, as the register shows it
    Column("amount", Float),  # of a bill or purchase: what was used
    Column("opening", Float),
    Column("bought", Float),
    Column("closing", Float),
    Column("gj_per_m2", Float),
    Column("cost_cny", Float),
    Column("confirm", String(16), nullable=False),
    Column("note", Text, nullable=False),
    Column("document", String(64), nullable=False),  # SHA-256 of one of hand_documents; empty: none
    Column("entered_by", String(128), nullable=False),
    Column("entered_at", Instant, nullable=False),
    # Of a reading: the revision that the series store is to have at its time, and whether it has that. It
    # is the value where the row is the latest and stands, else that there is none any more.
    Column("series_revision", Integer, nullable=False),
    Column("written", Boolean, nullable=False),
    UniqueConstraint("number", "revision"),
    Index("hand_entries_of_point", "asset", "quantity", "latest"),
    Index("hand_entries_of_time", "latest", "kind", "end"),
    Index("hand_entries_unwritten", "written"),
)
hand_documents = Table(
    # Photographs and scans, each once. Never changed.
    "hand_documents",
    metadata,
    Column("sha256", String(64), primary_key=True),  # of the content
    Column("name", String(256), nullable=False),
    Column("media_type", String(64), nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("added_by", String(128), nullable=False),
    Column("added_at", Instant, nullable=False),
)
