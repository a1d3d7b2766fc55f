"""Money for the routes: from what was asked to contracts, from what is kept to rows."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from analytics.jobs.billchecks import (
    BILL_DIFFERS,
    SOURCE,
    CheckedBill,
    bill_finding,
    check_bills,
)
from analytics.jobs.billing import Billing, Hours
from api.access import Permit
from api.citations import both, cited_clause
from api.money_schemas import ContractIn
from api.services import Services
from quotawatt.money.bills import BillLine, read_bills
from quotawatt.money.book import ContractBook
from quotawatt.money.contracts import Draft, SupplyContract, measure_of
from quotawatt.register import findings_book
from quotawatt.register.model import Register
from quotawatt.register.problems import Where
from quotawatt.rulebook.model import Rulebook
from quotawatt.rulebook.tariffs import Tariff, agent_key
from quotawatt.spans import DAY


def billing(services: Services) -> Billing:
    """What works out bills, by the register, contracts and rulebook of now."""
    zone = ZoneInfo(services.settings.timezone)
    stores = (services.series, services.records)
    return Billing.of_stores(*stores, services.register_source(), services.rulebook, zone)


def contract_book(services: Services) -> ContractBook:
    """What writes contracts."""
    return ContractBook(services.records, services.register_source(), services.rulebook)


def draft_of(body: ContractIn, rulebook: Rulebook, number: int = 0) -> Draft:
    """A body as a contract that somebody wants to make."""
    measure = measure_of(body.tariff, rulebook)
    return Draft(Where("contract"), SupplyContract(number, measure=measure, **body.model_dump()))


def contract_item(
    contract: SupplyContract, register: Register, rulebook: Rulebook
) -> dict[str, Any]:
    """A contract with the names of its subject and tariff."""
    tariff = rulebook.tariffs.get(contract.tariff)
    return {
        **asdict(contract),
        "name": name_of(register, contract.subject),
        "title": None if tariff is None else both(tariff.title),
        "trust": None if tariff is None else tariff.trust.value,
    }


def name_of(register: Register, code: str) -> dict[str, str]:
    """The names of an asset; none where the register does not have it."""
    asset = register.assets.get(code)
    return {} if asset is None else {"zh": asset.name_zh, "en": asset.name_en}


def tariff_item(tariff: Tariff, rulebook: Rulebook, day: date) -> dict[str, Any]:
    """A tariff as it is in force on a day, with the clause and trust mark."""
    key = agent_key(tariff.agent_region, tariff.agent_voltage, day.year, day.month)
    agent = rulebook.agent_prices.get(key)
    return {
        **asdict(tariff),
        "title": both(tariff.title),
        "carrier": tariff.carrier,
        "windows": [
            {
                "months": window.months,
                "days": window.days,
                "hours": {
                    period: [f"{_clock(first)}-{_clock(until)}" for first, until in stretches]
                    for period, stretches in window.minutes().items()
                },
            }
            for window in tariff.windows
        ],
        "agent_price": None if agent is None else agent.cny_per_kwh,
        "clause": cited_clause(rulebook, tariff.cites),
    }


def computed_item(
    reader: Billing, contract: SupplyContract, first: date, last: date
) -> dict[str, Any]:
    """What a contract comes to over local days, line by line."""
    hours = reader.hours(contract, first, last + DAY)
    demand = reader.demand(hours)
    return {
        **span_item(hours, first, last),
        "demand_minutes": None if demand is None else demand.minutes,
        "points": _points(hours),
        "lines": line_items(reader.bill(hours)),
    }


def span_item(hours: Hours, first: date, last: date) -> dict[str, Any]:
    """What an answer about the hours of a contract says of them."""
    return {
        "contract": hours.contract.number,
        "tariff": hours.tariff.id,
        "trust": hours.tariff.trust.value,
        "first_day": first,
        "last_day": last,
        "known": hours.known,
    }


def line_items(lines: Sequence[BillLine]) -> list[dict[str, Any]]:
    """Lines of a bill as rows."""
    return [asdict(line) for line in lines]


def check_item(checked: CheckedBill) -> dict[str, Any]:
    """A bill against what was worked out, line by line."""
    return {
        "bill": checked.bill.bill,
        "subject": checked.contract.subject,
        **span_item(checked.hours, checked.bill.first_day, checked.last_day),
        "agrees": checked.agrees,
        "lines": [asdict(one) for one in checked.differences],
    }


def checked_bills(services: Services, permit: Permit) -> list[CheckedBill]:
    """Every bill within reach, checked; those whose contract or tariff is gone are left out."""
    reader = billing(services)
    reached = {c.number for c in reader.supply.contracts() if permit.sees(c.subject)}
    with services.records.connect() as conn:
        bills = [bill for bill in read_bills(conn) if bill.contract in reached]
    return check_bills(reader, bills)


def note_differences(services: Services, checked: Sequence[CheckedBill]) -> None:
    """List the bills that differ; those that agree again go."""
    found = [bill_finding(one) for one in checked if not one.agrees]
    register, now = services.register_source(), services.clock()
    with services.records.begin() as conn:
        findings_book.report_findings(conn, SOURCE, found, register, now, {BILL_DIFFERS})


def note_difference(services: Services, checked: CheckedBill) -> None:
    """List a bill that differs."""
    if not checked.agrees:
        found, register = [bill_finding(checked)], services.register_source()
        with services.records.begin() as conn:
            findings_book.note_findings(conn, SOURCE, found, register, services.clock())


def _points(hours: Hours) -> list[str]:
    return sorted({point.subject for point in hours.points})


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
