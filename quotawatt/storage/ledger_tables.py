"""Tables beside the ledger's own: what is too large for an entry, and which codes an entry is about."""

from sqlalchemy import BigInteger, Column, LargeBinary, String, Table

from quotawatt.storage.schema import metadata

ledger_attachments = Table(
    # What is too large to stand in an entry, under the hash that the entry holds. Never changed.
    "ledger_attachments",
    metadata,
    # Of the JSON before compression.
    Column("sha256", String(64), primary_key=True),
    Column("content", LargeBinary, nullable=False),  # zlib, canonical JSON
)
ledger_mentions = Table(
    # Codes that an entry is about beside its subject, to find it by. The entry's detail has them too,
    # and a verification compares the two.
    "ledger_mentions",
    metadata,
    Column("code", String(64), primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False, index=True),
)
