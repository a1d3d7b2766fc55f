"""Accounts, their roles, tokens and sessions. No secret is kept: of each only a hash. Instants are UTC."""

from sqlalchemy import JSON, Boolean, Column, Index, String, Table, Text, UniqueConstraint

from quotawatt.storage.schema import Id, Instant, metadata

users = Table(
    # Accounts are blocked, never deleted: the ledger names them.
    "users",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("name", String(64), nullable=False, unique=True),
    Column("display_name", Text, nullable=False),
    # Argon2id; empty: signs in through the identity provider only.
    Column("password_hash", Text, nullable=False),
    # Somebody else knows the password: it must be changed before anything else is done.
    Column("must_change_password", Boolean, nullable=False),
    Column("blocked", Boolean, nullable=False),
    # Whom the identity provider named at the first sign-in through it.
    Column("oidc_subject", Text, nullable=False, server_default=""),
    Column("created_at", Instant, nullable=False),
    Column("created_by", String(128), nullable=False),
    Column("last_sign_in_at", Instant),
)
grants = Table(
    # A role of an account over a subtree of organisations; an empty organisation is the whole.
    "grants",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("user", String(64), nullable=False),
    Column("role", String(32), nullable=False),
    Column("organisation", String(64), nullable=False),
    Column("tree", String(16), nullable=False),
    Column("granted_at", Instant, nullable=False),
    Column("granted_by", String(128), nullable=False),
    UniqueConstraint("user", "role", "organisation", "tree"),
)
tokens = Table(
    # What a program carries for an account. ``hash`` is the SHA-256 of the token, which is random.
    "tokens",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("user", String(64), nullable=False),
    Column("name", String(64), nullable=False),
    Column("hash", String(64), nullable=False, unique=True),
    # It can do what its owner can, of these permissions, within this subtree.
    Column("permissions", JSON, nullable=False),
    Column("organisation", String(64), nullable=False),
    Column("tree", String(16), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("created_by", String(128), nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("revoked_at", Instant),
    Column("last_used_at", Instant),
    Index("tokens_of_user", "user"),
)
sessions = Table(
    # A signed-in browser. An empty user: signed in with the installation's token.
    "sessions",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("user", String(64), nullable=False),
    Column("hash", String(64), nullable=False, unique=True),
    Column("opened_at", Instant, nullable=False),
    Column("last_seen_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("address", String(64), nullable=False),
    Index("sessions_of_user", "user"),
)
