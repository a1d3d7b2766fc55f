"""The tables of carbon: certificates of green power, evidence of scorecards, factors that were used."""

from sqlalchemy import Column, Date, Float, Index, Integer, String, Table, Text

from quotawatt.storage.schema import Id, Instant, metadata

green_certificates = Table(
    "green_certificates",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("number", String(128), nullable=False),
    # The number while the entry is not withdrawn: so a certificate counts once, whoever enters it.
    Column("live_number", String(128), unique=True),
    Column("kind", String(16), nullable=False),
    Column("organisation", String(64), nullable=False),
    Column("energy_mwh", Float, nullable=False),
    # Local days over which the power was generated, the second not included.
    Column("generated_from", Date, nullable=False),
    Column("generated_until", Date, nullable=False),
    # The local day on which it was cancelled for the organisation; null: it is held only.
    Column("cancelled_on", Date),
    Column("document", Text, nullable=False),
    Column("note", Text, nullable=False, server_default=""),
    Column("entered_at", Instant, nullable=False),
    Column("entered_by", String(128), nullable=False),
    Column("withdrawn_at", Instant),
    Index("green_certificates_by_organisation", "organisation"),
    # A number that was cited once is never that of another.
    sqlite_autoincrement=True,
)
scorecard_evidence = Table(
    # What somebody confirmed for an item of a scorecard, by which document. The latest of an item counts.
    "scorecard_evidence",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("asset", String(64), nullable=False),
    Column("scorecard", String(64), nullable=False),
    Column("item", String(64), nullable=False),
    Column("year", Integer, nullable=False),
    # Share of the item that is met, 0 to 1.
    Column("met", Float, nullable=False),
    Column("document", Text, nullable=False),
    Column("note", Text, nullable=False, server_default=""),
    Column("confirmed_at", Instant, nullable=False),
    Column("confirmed_by", String(128), nullable=False),
    Index("scorecard_evidence_of_asset", "asset", "scorecard", "year"),
    sqlite_autoincrement=True,
)
carbon_factors_used = Table(
    # The grid factor that a region's year was last reckoned with, so that a new one is told once.
    "carbon_factors_used",
    metadata,
    Column("region", String(64), primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("factor_year", Integer, nullable=False),
    Column("kgco2_per_kwh", Float, nullable=False),
    Column("noted_at", Instant, nullable=False),
)
