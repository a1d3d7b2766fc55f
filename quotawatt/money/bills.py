"""Suppliers' bills as they came, line by line, in the record store."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, delete, insert, select

from quotawatt.errors import InputError, NotFoundError
from quotawatt.ledger import Ledger
from quotawatt.money.book import read_contract
from quotawatt.rulebook.tariffs import PERIODS
from quotawatt.storage.money_tables import bill_lines

CAPACITY, DEMAND, POWER_FACTOR, TIER, AREA = "capacity", "demand", "power_factor", "tier", "area"
TOTAL = "total"
"""Lines beside the parts of the price: what is charged by the month, and the whole."""

_LINE_LENGTH = 32


@dataclass(frozen=True, slots=True)
class BillLine:
    """One line of a bill.

    line
        The part of the price (``energy``, ``transmission``, ...), or one of the lines of this module.
    period
        One of ``PERIODS``; empty: of all of them. Of a tier the step, from 1.
    amount
        What was charged for, in the unit of the contract's measure; kVA or kW of a basic charge; the power
        factor; m² of heat by area. None: not said.
    price_cny
        CNY for one of these; of the power factor the per cent. None: not said.
    cost_cny
        None: not known.
    """

    line: str
    period: str = ""
    amount: float | None = None
    price_cny: float | None = None
    cost_cny: float | None = None


@dataclass(frozen=True, slots=True)
class Bill:
    """A bill: its number, the contract that it is of, the local days ``[first_day, until)``, its lines."""

    bill: str
    contract: int
    first_day: date
    until: date
    lines: tuple[BillLine, ...]


def check_bill_form(bill: Bill) -> None:
    """Raise InputError where a bill cannot be one by itself."""
    if not bill.bill.strip() or "/" in bill.bill:
        raise InputError(f"a bill must have a number without '/', got {bill.bill!r}")
    if bill.until <= bill.first_day:
        raise InputError(f"a bill must end after it begins, got {bill.first_day} to {bill.until}")
    if not bill.lines:
        raise InputError(f"a bill must have a line, got none in {bill.bill}")
    seen: set[tuple[str, str]] = set()
    for line in bill.lines:
        if not line.line or len(line.line) > _LINE_LENGTH:
            raise InputError(
                f"a line must have a name of 1 to {_LINE_LENGTH} signs, got {line.line!r}"
            )
        if line.line != TIER and line.period not in ("", *PERIODS):
            raise InputError(f"a period must be one of {', '.join(PERIODS)}, got {line.period!r}")
        if (line.line, line.period) in seen:
            raise InputError(f"a bill must have each line once, got {line.line} {line.period}")
        seen.add((line.line, line.period))


def keep_bill(engine: Engine, bill: Bill, actor: str, at: datetime) -> Bill:
    """Keep a bill, in the place of one of its number. Raises InputError, or NotFoundError."""
    check_bill_form(bill)
    head = {"bill": bill.bill, "contract": bill.contract}
    span = {"first_day": bill.first_day, "until": bill.until}
    entered = {"entered_by": actor, "entered_at": at}
    with engine.begin() as conn:
        contract = read_contract(conn, bill.contract)
        before = [b for b in read_bills(conn) if b.bill == bill.bill]
        conn.execute(delete(bill_lines).where(bill_lines.c.bill == bill.bill))
        rows = [{**head, **span, **asdict(line), **entered} for line in bill.lines]
        conn.execute(insert(bill_lines), rows)
        Ledger(engine).append(
            conn,
            at=at,
            actor=actor,
            action="bill_entered",
            subject=f"bill {bill.bill}",
            detail={"contract": bill.contract},
            before=_plain(before[0]) if before else None,
            after=_plain(bill),
            mentions=[contract.subject],
        )
    return bill


def read_bills(conn: Connection, contract: int | None = None) -> list[Bill]:
    """All bills, or those of a contract, by contract and first day."""
    t = bill_lines.c
    query = select(bill_lines).order_by(t.contract, t.first_day, t.bill, t.id)
    if contract is not None:
        query = query.where(t.contract == contract)
    found: dict[str, list[Any]] = {}
    for row in conn.execute(query):
        found.setdefault(row.bill, []).append(row)
    return [_bill(rows) for rows in found.values()]


def read_bill(conn: Connection, number: str) -> Bill:
    """A bill by its number. Raises NotFoundError where there is none."""
    rows = list(conn.execute(select(bill_lines).where(bill_lines.c.bill == number)))
    if not rows:
        raise NotFoundError(f"a bill must exist by its number, got {number!r}")
    return _bill(rows)


def _bill(rows: Sequence[Any]) -> Bill:
    first = rows[0]
    names = [field.name for field in fields(BillLine)]
    lines = tuple(BillLine(**{name: getattr(row, name) for name in names}) for row in rows)
    return Bill(first.bill, first.contract, first.first_day, first.until, lines)


def _plain(bill: Bill) -> dict[str, Any]:
    return {
        **asdict(bill),
        "first_day": bill.first_day.isoformat(),
        "until": bill.until.isoformat(),
        "lines": [asdict(line) for line in bill.lines],
    }
