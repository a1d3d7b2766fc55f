"""What the access matrix asks of the routes of money."""

from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from quotawatt.money.bills import Bill, BillLine, keep_bill
from quotawatt.money.book import ContractBook
from quotawatt.money.contracts import Draft, SupplyContract
from quotawatt.register.problems import Where
from quotawatt.rulebook.loader import load_rulebook
from tests.api.access_world import WORLD
from tests.api.sample import (
    INSIDE,
    OUTSIDE,
    Sample,
    World,
    body_over,
    listing,
    nobodys,
    over,
    shared,
)

_AT = datetime(2023, 1, 1, tzinfo=UTC)
_MONEY = "/api/v1/money"
_SPAN = "first_day=2023-03-01&last_day=2023-03-02"
_made = iter(range(10_000))
_rulebook = cache(load_rulebook)


def _contract(world: World, _: str, where: str) -> int:
    """A contract of ORG-2's meter or of ORG-1's, made anew: each of another year."""
    n, year = (2 if where == INSIDE else 1), 100 + next(_made)
    first = date(year, 1, 1)
    given = SupplyContract(
        0, f"MTR-{n}", "electricity_import_kwh", "demo-tou", first, date(year, 2, 1)
    )
    book = ContractBook(world.scene.records, WORLD, _rulebook())
    return book.add([Draft(Where("test"), given)], "test", _AT)[0].number


def _bill(world: World, user: str, where: str) -> int:
    """A bill of such a contract."""
    number = _contract(world, user, where)
    line = BillLine("total", cost_cny=1.0)
    bill = Bill(str(number), number, date(2023, 3, 1), date(2023, 3, 3), (line,))
    keep_bill(world.scene.records, bill, "test", _AT)
    return number


def _contract_body(n: int) -> dict[str, Any]:
    return {"subject": f"MTR-{n}", "tariff": "demo-tou", "valid_from": "2023-03-01"}


def _bill_body(contract: int) -> dict[str, Any]:
    span = {"first_day": "2023-03-01", "last_day": "2023-03-02"}
    return {
        "bill": f"b{contract}",
        "contract": contract,
        **span,
        "lines": [{"line": "total", "cost_cny": 1}],
    }


def _asked(route: str, more: str = "") -> Sample:
    place = f"{_MONEY}/{route}?contract={{made}}&{_SPAN}{more}"
    return over(place, place, make=_contract)


_ONE = f"{_MONEY}/contracts/{{made}}"
MONEY_SAMPLES: dict[tuple[str, str], Sample] = {
    ("GET", f"{_MONEY}/tariffs"): shared(f"{_MONEY}/tariffs"),
    ("GET", f"{_MONEY}/tariffs/{{tariff}}"): shared(f"{_MONEY}/tariffs/demo-tou"),
    ("GET", f"{_MONEY}/contracts"): listing(f"{_MONEY}/contracts"),
    ("POST", f"{_MONEY}/contracts"): body_over(
        f"{_MONEY}/contracts", _contract_body(2), _contract_body(1)
    ),
    ("PUT", f"{_MONEY}/contracts/{{number}}"): over(
        _ONE, _ONE, make=_contract, body=_contract_body(2), outside_body=_contract_body(1)
    ),
    ("POST", f"{_MONEY}/contracts/{{number}}/withdraw"): over(
        f"{_ONE}/withdraw", f"{_ONE}/withdraw", make=_contract
    ),
    # Without a file it ends there.
    ("POST", f"{_MONEY}/contracts/import"): shared(f"{_MONEY}/contracts/import"),
    ("GET", f"{_MONEY}/costs"): over(
        f"{_MONEY}/costs?subject=BLD-2&from=2023-03-01",
        f"{_MONEY}/costs?subject=BLD-1&from=2023-03-01",
    ),
    ("GET", f"{_MONEY}/bill"): _asked("bill"),
    ("POST", f"{_MONEY}/bills"): shared(
        f"{_MONEY}/bills", body=_bill_body(999_999), may_be_missing=True
    ),
    ("GET", f"{_MONEY}/bills"): listing(f"{_MONEY}/bills"),
    ("POST", f"{_MONEY}/bills/check"): nobodys(f"{_MONEY}/bills/check"),
    ("GET", f"{_MONEY}/bills/{{bill}}"): over(
        f"{_MONEY}/bills/{{made}}", f"{_MONEY}/bills/{{made}}", make=_bill
    ),
    ("GET", f"{_MONEY}/budgets"): listing(f"{_MONEY}/budgets"),
    ("PUT", f"{_MONEY}/budgets"): body_over(
        f"{_MONEY}/budgets",
        {"organisation": INSIDE, "carrier": "water", "year": 2023, "amount_cny": 1},
        {"organisation": OUTSIDE, "carrier": "water", "year": 2023, "amount_cny": 1},
    ),
    ("GET", f"{_MONEY}/shift"): _asked("shift", "&kw=5"),
    ("GET", f"{_MONEY}/save"): _asked("save", "&percent=10"),
    ("GET", f"{_MONEY}/compare"): _asked("compare"),
}
