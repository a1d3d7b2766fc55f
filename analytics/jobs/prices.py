"""Which months were priced by what: so that a late price, tariff or contract computes just these anew."""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from analytics.money.rates import PriceBook
from analytics.money.supply import Supply
from quotawatt.money.contracts import SupplyContract
from quotawatt.spans import Span, local_date, month_span, next_month
from quotawatt.storage.facts import lock_fact, put_fact, read_fact

_PRICED = "costs_priced"
_EARLIEST = date(2010, 1, 1)
"""No reading is taken from before; see ``analytics.jobs.analyser``."""

Place = tuple[str, str]
"""Subject and measure of a contract."""
PricedMonths = Mapping[str, Mapping[str, str]]
"""By place (``subject measure``) and month (2025-01): a digest of what prices it."""


def priced_months(supply: Supply, now: datetime) -> PricedMonths:
    """What prices each month of each place up to now."""
    found: dict[str, dict[str, str]] = {}
    digests: dict[tuple[str, date], str] = {}
    last = local_date(now, supply.tree.default_zone)
    for contract in supply.contracts():
        months = found.setdefault(f"{contract.subject} {contract.measure}", {})
        for month in _months(contract, last):
            name, priced = f"{month:%Y-%m}", (contract.tariff, month)
            if priced not in digests:
                digests[priced] = _digest(supply.book, *priced)
            part = _part(contract, month) + _terms(contract, supply.book, month)
            months[name] = months.get(name, "") + part + digests[priced]
    return found


def changed_months(
    conn: Connection, now: PricedMonths, zone: ZoneInfo
) -> list[tuple[Span, list[Place]]]:
    """The months that were priced by something else, or not at all, with their places; in order."""
    before: PricedMonths = read_fact(conn, _PRICED, {})
    changed: dict[str, list[Place]] = {}
    for name in sorted({*before, *now}):
        old, new = before.get(name, {}), now.get(name, {})
        for month in sorted({*old, *new}):
            if old.get(month) != new.get(month):
                subject, _, measure = name.rpartition(" ")
                changed.setdefault(month, []).append((subject, measure))
    return [(_span(month, zone), places) for month, places in sorted(changed.items())]


def keep_priced(conn: Connection, priced: PricedMonths) -> None:
    """The months are priced so, and their results are durable."""
    lock_fact(conn, _PRICED, {})
    put_fact(conn, _PRICED, priced)


def _months(contract: SupplyContract, last: date) -> Iterator[date]:
    month = max(contract.valid_from, _EARLIEST).replace(day=1)
    until = min(contract.valid_until or date.max, last + timedelta(days=1))
    while month < until:
        yield month
        month = next_month(month)


def _part(contract: SupplyContract, month: date) -> str:
    """Which part of the month a contract holds over; nothing where it is all of it."""
    first = contract.valid_from if contract.valid_from > month else None
    until = contract.valid_until
    last = until if until is not None and until < next_month(month) else None
    return "" if first is last is None else f"{first or ''}/{last or ''} "


def _terms(contract: SupplyContract, book: PriceBook, month: date) -> str:
    """Changes wherever what a contract is charged by the month can have changed."""
    tariff = book.tariff_on(contract.tariff, month)
    name = contract.power_factor_table or ("" if tariff is None else tariff.power_factor_table)
    table = book.rulebook.as_of(month).power_factor_tables.get(name)
    figures = (contract.charge, contract.capacity_kva, contract.demand_kw, contract.area_m2)
    return hashlib.sha256(f"{figures} {table}".encode()).hexdigest()[:8] + " "


def _digest(book: PriceBook, tariff: str, month: date) -> str:
    """Changes wherever a price of a day of the month can have changed."""
    day, said, before = month, list[str](), ""
    while day < next_month(month):
        version = book.tariff_on(tariff, day)
        present = "none" if version is None else f"{version} {book.agent_price(version, day)}"
        if present != before:
            said.append(f"{day} {present}")
            before = present
        day += timedelta(days=1)
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:12]


def _span(month: str, zone: ZoneInfo) -> Span:
    return month_span(date.fromisoformat(f"{month}-01"), zone)
