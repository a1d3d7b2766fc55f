"""Money for the routes: from what was asked to contracts, from what is kept to rows."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from analytics.money.checking import AGREES, Difference, compare_bill, total_of
from api.access import Permit
from api.citations import both, cited_clause
from api.money_reading import Hours, MoneyReader
from api.money_schemas import ContractIn
from api.services import Services
from quotawatt.findings import Finding
from quotawatt.money.bills import Bill, BillLine, read_bills
from quotawatt.money.book import ContractBook
from quotawatt.money.contracts import Draft, SupplyContract, measure_of
from quotawatt.register import findings_book
from quotawatt.register.model import Register
from quotawatt.register.problems import Where
from quotawatt.rulebook.model import Rulebook
from quotawatt.rulebook.tariffs import Tariff, agent_key
from quotawatt.spans import DAY

SOURCE = "money"
"""What findings of bills go by."""


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
    hours: Hours, lines: Sequence[BillLine], first: date, last: date
) -> dict[str, Any]:
    """What a contract comes to, line by line."""
    return {**span_item(hours, first, last), "points": _points(hours), "lines": line_items(lines)}


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


def check(reader: MoneyReader, bill: Bill) -> dict[str, Any]:
    """A bill against what was worked out. Raises NotFoundError where its contract or tariff is gone."""
    contract = reader.contract(bill.contract)
    hours = reader.hours(contract, bill.first_day, bill.until)
    tolerance = (hours.tariff.tolerance_percent, hours.tariff.tolerance_cny)
    differences = compare_bill(bill.lines, reader.bill(hours, bill.lines), *tolerance)
    return {
        "bill": bill.bill,
        "subject": contract.subject,
        **span_item(hours, bill.first_day, bill.until - DAY),
        "agrees": all(_agrees(one) for one in differences),
        "lines": [asdict(one) for one in differences],
        "total": total_of(differences),
    }


def check_bills(services: Services, permit: Permit) -> list[dict[str, Any]]:
    """Every bill within reach, checked; those whose contract is gone are left out."""
    reader = MoneyReader(services)
    numbers = {c.number for c in reader.contracts if permit.sees(c.subject)}
    with services.records.connect() as conn:
        bills = [bill for bill in read_bills(conn) if bill.contract in numbers]
    return [check(reader, bill) for bill in bills]


def note_differences(services: Services, checked: Sequence[dict[str, Any]]) -> None:
    """List the bills that differ; those that agree again go."""
    with services.records.begin() as conn:
        findings_book.report_findings(
            conn,
            SOURCE,
            [_finding(one) for one in checked if not one["agrees"]],
            services.register_source(),
            services.clock(),
            {"bill_differs"},
        )


def note_difference(services: Services, checked: dict[str, Any]) -> None:
    """List a bill that differs."""
    if not checked["agrees"]:
        with services.records.begin() as conn:
            found, register = [_finding(checked)], services.register_source()
            findings_book.note_findings(conn, SOURCE, found, register, services.clock())


def _finding(checked: dict[str, Any]) -> Finding:
    total: Difference = checked["total"]
    computed = total.computed
    return Finding(
        "bill_differs",
        checked["subject"],
        {
            "other": checked["bill"],
            "first_day": checked["first_day"].isoformat(),
            "last_day": checked["last_day"].isoformat(),
            "billed_cny": None if total.billed is None else total.billed.cost_cny,
            "computed_cny": None if computed is None else computed.cost_cny,
            "difference_cny": None
            if total.cost_difference_cny is None
            else round(total.cost_difference_cny, 2),
            "lines": ", ".join(
                f"{d['line']} {d['period']}".strip() for d in checked["lines"] if d["why"] != AGREES
            ),
        },
    )


def _agrees(difference: Difference) -> bool:
    """A line that the bill does not have by itself is in its total."""
    return difference.why in (AGREES, "not_billed")


def _points(hours: Hours) -> list[str]:
    return sorted({point.subject for point in hours.points})


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def assumptions(kind: str, **values: object) -> list[dict[str, str]]:
    """What a what-if takes for granted, as people read it."""
    return [{"zh": zh.format(**values), "en": en.format(**values)} for zh, en in _ASSUMPTIONS[kind]]


_COMMON = (
    (
        "只计已知用量的小时；电价为当时的电价。基本电费、力调电费不变。",
        "Only hours with known use count, at the prices of their time; basic charge and power factor stay.",
    ),
)
_ASSUMPTIONS = {
    "shift": (
        *_COMMON,
        (
            "每天最多把 {kw:g} kW 从尖、峰时段移到当天的谷、深谷时段，电量不变。",
            "At most {kw:g} kW leave sharp and peak time for the valley of the same day; energy stays.",
        ),
    ),
    "save": (
        *_COMMON,
        (
            "每天 {first:02d}:00–{until:02d}:00 节约 {percent:g} %。",
            "{percent:g} % is saved from {first:02d}:00 to {until:02d}:00 of every day.",
        ),
    ),
}
