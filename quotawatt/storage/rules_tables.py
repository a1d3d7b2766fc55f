"""The table of proposed packs of the rulebook, and of what became of them. Instants are UTC."""

from sqlalchemy import Column, Index, String, Table, Text

from quotawatt.storage.schema import Id, Instant, metadata

pack_proposals = Table(
    "pack_proposals",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("name", String(128), nullable=False),  # NAME.yaml
    Column("text", Text, nullable=False),  # of the pack; empty: that it goes
    Column("tests", Text, nullable=False),
    Column("sha256", String(64), nullable=False),  # of the text
    # Of the text in force when it was proposed; empty: there was none.
    Column("base_sha256", String(64), nullable=False),
    Column("comment", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("proposed_by", String(128), nullable=False),
    Column("proposed_at", Instant, nullable=False),
    Column("decided_by", String(128), nullable=False),
    Column("decided_at", Instant),
    Column("reason", Text, nullable=False),
    Index("pack_proposals_name", "name", "state"),
)
