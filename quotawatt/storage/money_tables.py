"""The tables of money: supply contracts, lines of suppliers' bills, yearly budgets."""

from sqlalchemy import Boolean, Column, Date, Float, Index, Integer, String, Table, Text

from quotawatt.storage.schema import Id, Instant, metadata

supply_contracts = Table(
    # Who buys by which tariff. The ledger has what a row said before.
    "supply_contracts",
    metadata,
    Column("number", Id, primary_key=True, autoincrement=False),
    Column("subject", String(64), nullable=False),  # meter, vehicle, building or organisation
    Column("measure", String(64), nullable=False),  # what the tariff prices
    Column("tariff", String(64), nullable=False),
    # Local days at the subject, [valid_from, valid_until); None: until further notice.
    Column("valid_from", Date, nullable=False),
    Column("valid_until", Date),
    Column("account", String(64), nullable=False),
    Column("charge", String(16), nullable=False),  # none, capacity, contracted or actual
    Column("capacity_kva", Float),
    Column("demand_kw", Float),
    Column("power_factor_table", String(64), nullable=False),
    Column("area_m2", Float),
    Column("note", Text, nullable=False),
    Column("withdrawn", Boolean, nullable=False),
    Column("changed_by", String(128), nullable=False),
    Column("changed_at", Instant, nullable=False),
    Index("supply_contracts_of_subject", "subject", "measure"),
)
bill_lines = Table(
    # A supplier's bill as it came, line by line; a bill handed in again takes the place of the one before.
    "bill_lines",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("bill", String(64), nullable=False),
    Column("contract", Integer, nullable=False),
    # Local days, [first_day, until).
    Column("first_day", Date, nullable=False),
    Column("until", Date, nullable=False),
    Column("line", String(32), nullable=False),
    Column("period", String(16), nullable=False),
    Column("amount", Float),  # in the unit of the contract's measure; kW or kVA; the factor itself
    Column("price_cny", Float),
    Column("cost_cny", Float),
    Column("entered_by", String(128), nullable=False),
    Column("entered_at", Instant, nullable=False),
    Index("bill_lines_of_bill", "bill"),
    Index("bill_lines_of_contract", "contract", "first_day"),
)
money_budgets = Table(
    "money_budgets",
    metadata,
    Column("organisation", String(64), primary_key=True),
    Column("carrier", String(16), primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("amount_cny", Float, nullable=False),
    Column("note", Text, nullable=False),
    Column("set_by", String(128), nullable=False),
    Column("set_at", Instant, nullable=False),
)
