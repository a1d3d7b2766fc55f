"""Proposed packs of the rulebook and what became of them, and what each rule did. Instants are UTC."""

from sqlalchemy import BigInteger, Column, Date, Index, String, Table, Text

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
rule_effects = Table(
    # Kept for ever: a review after three years needs figures.
    "rule_effects",
    metadata,
    Column("rule", String(128), primary_key=True),
    Column("version", String(16), primary_key=True),  # first digits of the hash of its values
    Column("day", Date, primary_key=True),  # local
    Column("evaluated", BigInteger, nullable=False),
    Column("fired", BigInteger, nullable=False),
    Column("resolved", BigInteger, nullable=False),
    Column("acknowledged", BigInteger, nullable=False),
    Column("accepted", BigInteger, nullable=False),
    Column("closed", BigInteger, nullable=False, server_default="0"),
    Column("evaluated_at", Instant),
)
