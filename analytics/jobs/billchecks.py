"""Suppliers' bills held against what the data say, and those that differ as findings."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from analytics.jobs.billing import Billing, Hours
from analytics.money.checking import (
    AGREES,
    NOT_BILLED,
    Difference,
    compare_bill,
    total_of,
)
from quotawatt.errors import NotFoundError
from quotawatt.findings import Finding
from quotawatt.money.bills import Bill, read_bills
from quotawatt.money.contracts import SupplyContract
from quotawatt.register.model import Register
from quotawatt.rulebook.model import Rulebook
from quotawatt.spans import DAY, local_date
from quotawatt.storage.port import SeriesStore

BILL_DIFFERS = "bill_differs"
SOURCE = "money"
"""What findings of bills go by."""
LOOKED_BACK = timedelta(days=800)
"""Bills of days that ended earlier are not checked daily any more: hourly results may be gone."""


@dataclass(frozen=True)
class CheckedBill:
    """A bill with the hours that it is for, line by line against what was worked out."""

    bill: Bill
    hours: Hours
    differences: Sequence[Difference]

    @property
    def contract(self) -> SupplyContract:
        """What it is of."""
        return self.hours.contract

    @property
    def last_day(self) -> date:
        """The last local day that it is for."""
        return self.bill.until - DAY

    @property
    def agrees(self) -> bool:
        """Whether no line differs; one that the bill does not have by itself is in its total."""
        return all(one.why in (AGREES, NOT_BILLED) for one in self.differences)

    @property
    def total(self) -> Difference:
        """The whole of both."""
        return total_of(self.differences)


def check_bill(billing: Billing, bill: Bill) -> CheckedBill:
    """A bill against what was worked out. Raises NotFoundError where its contract or tariff is gone."""
    contract = billing.contract(bill.contract)
    hours = billing.hours(contract, bill.first_day, bill.until)
    tolerance = (hours.tariff.tolerance_percent, hours.tariff.tolerance_cny)
    return CheckedBill(
        bill, hours, compare_bill(bill.lines, billing.bill(hours, bill.lines), *tolerance)
    )


def check_bills(billing: Billing, bills: Iterable[Bill]) -> list[CheckedBill]:
    """Each bill checked; those whose contract or tariff is gone are left out."""
    found = []
    for bill in bills:
        try:
            found.append(check_bill(billing, bill))
        except NotFoundError:
            continue
    return found


def differing_bills(
    series: SeriesStore,
    records: Engine,
    register: Register,
    rulebook: Rulebook,
    now: datetime,
    zone: ZoneInfo,
) -> list[Finding]:
    """``bill_differs`` for each bill that differs from what the data say now."""
    earliest = local_date(now, zone) - LOOKED_BACK
    with records.connect() as conn:
        bills = [bill for bill in read_bills(conn) if bill.until > earliest]
    if not bills:
        return []
    billing = Billing.of_stores(series, records, register, rulebook, zone)
    return [bill_finding(one) for one in check_bills(billing, bills) if not one.agrees]


def bill_finding(checked: CheckedBill) -> Finding:
    """That a bill differs, with the lines that do."""
    total = checked.total
    apart = total.cost_difference_cny
    return Finding(
        BILL_DIFFERS,
        checked.contract.subject,
        {
            "other": checked.bill.bill,
            "first_day": checked.bill.first_day.isoformat(),
            "last_day": checked.last_day.isoformat(),
            "billed_cny": None if total.billed is None else total.billed.cost_cny,
            "computed_cny": None if total.computed is None else total.computed.cost_cny,
            "difference_cny": None if apart is None else round(apart, 2),
            "lines": ", ".join(
                f"{one.line} {one.period}".strip()
                for one in checked.differences
                if one.why != AGREES
            ),
        },
    )
