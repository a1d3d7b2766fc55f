"""The table of what was issued: closed snapshots of returns, rankings, circulars and analyses."""

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, Text, UniqueConstraint

from quotawatt.storage.schema import Id, Instant, metadata

issued = Table(
    # Of a row nothing is ever changed.
    "issued",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("number", String(160), nullable=False, unique=True),
    Column("kind", String(32), nullable=False),
    Column("subject", String(64), nullable=False),
    Column("period", String(16), nullable=False),
    Column("edition", Integer, nullable=False),  # from 1; a correction counts up
    Column("content", Text, nullable=False),  # canonical JSON: what was hashed is what is kept
    Column("sha256", String(64), nullable=False),  # of the content
    Column("note", Text, nullable=False),
    Column("issued_by", String(128), nullable=False),
    Column("issued_at", Instant, nullable=False),
    Column("corrects", BigInteger),  # id of the edition before it; of a first edition none
    UniqueConstraint("kind", "subject", "period", "edition"),
    Index("issued_of_period", "period", "kind"),
    # A number that was cited once is never that of another.
    sqlite_autoincrement=True,
)
