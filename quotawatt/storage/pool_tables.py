"""The tables of the pool of shared assets (公物仓): offers, requests, every step, and searches."""

from sqlalchemy import JSON, BigInteger, Column, Date, Index, String, Table, Text

from quotawatt.storage.schema import Id, Instant, metadata

pool_offers = Table(
    "pool_offers",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("asset", String(64), nullable=False),
    # The asset while the offer is not closed: so an asset is offered once at a time.
    Column("open_asset", String(64), unique=True),
    # The organisation that offers it, and gets it back where it is lent.
    Column("holder", String(64), nullable=False),
    Column("term", String(16), nullable=False),
    Column("lend_until", Date),
    Column("location", Text, nullable=False),
    Column("condition", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("offered_at", Instant, nullable=False),
    Column("offered_by", String(128), nullable=False),
    # The organisation whose request was accepted.
    Column("taker", String(64)),
    Column("closed_at", Instant),
    Index("pool_offers_by_state", "state"),
    # A number that was cited once is never that of another.
    sqlite_autoincrement=True,
)
pool_requests = Table(
    "pool_requests",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("offer", BigInteger, nullable=False),
    Column("organisation", String(64), nullable=False),
    Column("purpose", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("requested_at", Instant, nullable=False),
    Column("requested_by", String(128), nullable=False),
    Column("decided_at", Instant),
    Column("decided_by", String(128)),
    Column("reason", Text, nullable=False, server_default=""),
    Index("pool_requests_of_offer", "offer"),
    sqlite_autoincrement=True,
)
pool_steps = Table(
    # What was done with an offer, step by step: who, when, and in which condition the asset was.
    "pool_steps",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("offer", BigInteger, nullable=False),
    Column("action", String(16), nullable=False),
    Column("at", Instant, nullable=False),
    Column("actor", String(128), nullable=False),
    Column("organisation", String(64), nullable=False),
    # The local day from which the register follows the step; empty: it does not change.
    Column("day", Date),
    Column("note", Text, nullable=False),
    Index("pool_steps_of_offer", "offer"),
    sqlite_autoincrement=True,
)
pool_searches = Table(
    # Searches before a purchase: what was asked for and what there was. Their number can be cited.
    "pool_searches",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("at", Instant, nullable=False),
    Column("actor", String(128), nullable=False),
    Column("organisation", String(64), nullable=False),
    Column("wanted", JSON, nullable=False),
    Column("matches", JSON, nullable=False),
    sqlite_autoincrement=True,
)
