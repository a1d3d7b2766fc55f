"""The table of what people confirmed for the yearly assessment: training held, plans written."""

from sqlalchemy import Column, Float, Index, Integer, String, Table, Text

from quotawatt.storage.schema import Id, Instant, metadata

assessment_confirmations = Table(
    # The newest row of an organisation, year, scheme and item counts; none is ever changed.
    "assessment_confirmations",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("organisation", String(64), nullable=False),
    Column("year", Integer, nullable=False),
    Column("scheme", String(64), nullable=False),
    Column("item", String(64), nullable=False),
    Column("share", Float, nullable=False),  # of the item's points, 0..1
    Column("evidence", Text, nullable=False),
    Column("confirmed_by", String(128), nullable=False),
    Column("confirmed_at", Instant, nullable=False),
    Index("assessment_confirmations_year", "scheme", "year", "organisation"),
    sqlite_autoincrement=True,
)
