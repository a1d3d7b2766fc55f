"""The tables of energy-performance contracts: contracts, non-routine events, verified savings."""

from sqlalchemy import JSON, Boolean, Column, Date, Float, Index, Integer, String, Table, Text

from quotawatt.storage.schema import Id, Instant, metadata

performance_contracts = Table(
    # What was agreed. The ledger has what a row said before.
    "performance_contracts",
    metadata,
    Column("number", Id, primary_key=True, autoincrement=False),
    Column("kind", String(16), nullable=False),  # shared, guaranteed or custody
    Column("subject", String(128), nullable=False),  # as results are named
    Column("measure", String(64), nullable=False),
    Column("title", String(256), nullable=False),
    Column("client", String(256), nullable=False),
    Column("provider", String(256), nullable=False),
    # Local days at the subject, half-open: what the model learns from, and what the contract covers.
    Column("baseline_from", Date),
    Column("baseline_until", Date),
    Column("valid_from", Date, nullable=False),
    Column("valid_until", Date, nullable=False),
    # Agreed use of a year, in the measure's unit; null: the model says.
    Column("agreed_use", Float),
    # CNY a unit; null: by the tariff of the supply contract.
    Column("price_cny", Float),
    # Terms of each year of the contract, a list in order.
    Column("terms", JSON, nullable=False),
    Column("document", String(256), nullable=False),
    Column("note", Text, nullable=False),
    Column("withdrawn", Boolean, nullable=False),
    Column("changed_by", String(128), nullable=False),
    Column("changed_at", Instant, nullable=False),
    Index("performance_contracts_of_subject", "subject", "measure"),
)
non_routine_events = Table(
    # What changed use without being the measure: a corrected entry is withdrawn and entered anew.
    "non_routine_events",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("contract", Integer, nullable=False),
    # Local days, [first_day, until).
    Column("first_day", Date, nullable=False),
    Column("until", Date, nullable=False),
    Column("kind", String(16), nullable=False),  # amount, share or excluded
    Column("amount", Float),  # a day in the measure's unit, or percent of what was expected
    Column("reason", Text, nullable=False),
    Column("evidence", Text, nullable=False),
    Column("entered_by", String(128), nullable=False),
    Column("entered_at", Instant, nullable=False),
    Column("withdrawn_by", String(128)),
    Column("withdrawn_at", Instant),
    Index("non_routine_events_of_contract", "contract", "first_day"),
    sqlite_autoincrement=True,
)
verified_savings = Table(
    # Savings of a period as they were proposed and decided. A row's content is never changed; a correction
    # is another edition.
    "verified_savings",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("contract", Integer, nullable=False),
    Column("first_day", Date, nullable=False),
    Column("until", Date, nullable=False),
    Column("edition", Integer, nullable=False),
    Column("state", String(16), nullable=False),  # proposed, verified or sent_back
    Column("content", Text, nullable=False),  # canonical JSON
    Column("sha256", String(64), nullable=False),
    Column("note", Text, nullable=False),
    Column("proposed_by", String(128), nullable=False),
    Column("proposed_at", Instant, nullable=False),
    Column("decided_by", String(128)),
    Column("decided_at", Instant),
    Column("decision_note", Text, nullable=False),
    Index("verified_savings_of_contract", "contract", "first_day"),
    sqlite_autoincrement=True,
)
