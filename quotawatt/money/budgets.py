"""Yearly budgets of money, by organisation and carrier, in the record store."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, select

from quotawatt.errors import InputError
from quotawatt.ledger import Ledger
from quotawatt.rulebook.tariffs import CARRIER_OF
from quotawatt.storage.money_tables import money_budgets
from quotawatt.storage.records import upsert

ALL = "all"
BUDGET_CARRIERS = (ALL, *dict.fromkeys(CARRIER_OF.values()))
_KEYS = ("organisation", "carrier", "year")


@dataclass(frozen=True, slots=True)
class Budget:
    """What an organisation may spend in a calendar year on a carrier, or on all of them (``all``)."""

    organisation: str
    carrier: str
    year: int
    amount_cny: float
    note: str = ""


def read_budgets(conn: Connection, year: int) -> list[Budget]:
    """The budgets of a year, by organisation and carrier."""
    t = money_budgets.c
    names = (*_KEYS, "amount_cny", "note")
    query = select(*(t[name] for name in names)).where(t.year == year)
    rows = conn.execute(query.order_by(t.organisation, t.carrier)).mappings()
    return [Budget(**row) for row in rows]


def set_budget(engine: Engine, budget: Budget, actor: str, at: datetime) -> Budget:
    """Set a budget, in the place of the one before. Raises InputError for one that cannot be."""
    if budget.carrier not in BUDGET_CARRIERS:
        names = ", ".join(BUDGET_CARRIERS)
        raise InputError(f"a carrier must be one of {names}, got {budget.carrier!r}")
    if not 0 <= budget.amount_cny < 1e12:
        raise InputError(f"a budget must lie in 0 to 1e12 CNY, got {budget.amount_cny}")
    with engine.begin() as conn:
        known = {(b.organisation, b.carrier): b for b in read_budgets(conn, budget.year)}
        before = known.get((budget.organisation, budget.carrier))
        row = {**asdict(budget), "set_by": actor, "set_at": at}
        upsert(conn, money_budgets, [row], _KEYS, ("amount_cny", "note", "set_by", "set_at"))
        Ledger(engine).append(
            conn,
            at=at,
            actor=actor,
            action="budget_set",
            subject=budget.organisation,
            detail={"carrier": budget.carrier, "year": budget.year},
            before=None if before is None else asdict(before),
            after=asdict(budget),
        )
    return budget
