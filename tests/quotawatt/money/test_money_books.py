"""Contracts, bills and budgets in the record store: refused, kept, told to the ledger; on both databases."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine

from quotawatt.errors import InputError, NotFoundError, RegisterError, StateError
from quotawatt.ledger import Ledger
from quotawatt.money.bills import Bill, BillLine, keep_bill, read_bill, read_bills
from quotawatt.money.book import ContractBook, contracts_version, read_contracts
from quotawatt.money.budgets import Budget, read_budgets, set_budget
from quotawatt.money.contracts import Draft, SupplyContract
from quotawatt.money.files import read_contracts_file
from quotawatt.register.problems import Where
from quotawatt.rulebook.loader import load_rulebook
from tests.analytics.builders import register

AT = datetime(2023, 1, 1, tzinfo=UTC)
RULEBOOK = load_rulebook()
FIRST = SupplyContract(0, "BLD-1", "electricity_import_kwh", "demo-tou", date(2023, 1, 1))


def book(records: Engine) -> ContractBook:
    return ContractBook(records, register(), RULEBOOK)


def draft(contract: SupplyContract) -> Draft:
    return Draft(Where("test", 2), contract)


def test_contracts_are_numbered_changed_ended_and_withdrawn_with_the_ledger(
    records: Engine,
) -> None:
    kept = book(records).add([draft(FIRST), draft(replace(FIRST, subject="ORG-LOW"))], "m", AT)
    assert [c.number for c in kept] == [1, 2]
    book(records).change(draft(replace(kept[0], charge="actual")), "m", AT)
    ended = book(records).end(2, date(2024, 1, 1), "m", AT)
    assert ended.valid_until == date(2024, 1, 1)
    with pytest.raises(StateError, match="within its time"):
        book(records).end(2, date(2025, 1, 1), "m", AT)
    book(records).withdraw(1, "m", AT)
    with pytest.raises(NotFoundError, match="by its number"):
        book(records).withdraw(1, "m", AT)
    again = book(records).add([draft(FIRST)], "m", AT)
    with records.connect() as conn:
        assert read_contracts(conn) == [*again, ended]
        assert contracts_version(conn) == 5
    assert again[0].number == 3
    told = [entry.action for entry in Ledger(records).entries()]
    assert told.count("contract_added") == 3
    assert {"contract_changed", "contract_withdrawn"} <= set(told)


def test_all_that_stands_against_contracts_is_said_at_once_and_nothing_is_kept(
    records: Engine,
) -> None:
    book(records).add([draft(FIRST)], "m", AT)
    wrong = [
        replace(FIRST, valid_from=date(2024, 1, 1)),  # overlaps the one that has no end
        replace(FIRST, subject="NOBODY", tariff="none", measure=""),
        replace(FIRST, subject="MTR-1", charge="contracted", valid_until=date(2023, 1, 1)),
        replace(FIRST, subject="ORG-TOP", tariff="demo-gas", measure="gas_m3", charge="capacity"),
    ]
    with pytest.raises(RegisterError) as refused:
        book(records).add([draft(c) for c in wrong], "m", AT)
    said = [str(p).partition(":")[2].partition(" ")[2].split(":")[0] for p in refused.value.found]
    assert sorted(said) == sorted(
        ["valid_from", "subject", "tariff", "valid_until", "demand_kw", "charge", "capacity_kva"]
    )
    with records.connect() as conn:
        assert len(read_contracts(conn)) == 1


def test_a_bill_takes_the_place_of_one_of_its_number(records: Engine) -> None:
    book(records).add([draft(FIRST)], "m", AT)
    lines = (BillLine("energy", "peak", 100.0, 0.8, 80.0), BillLine("total", cost_cny=80.0))
    bill = Bill("2023-05", 1, date(2023, 5, 1), date(2023, 6, 1), lines)
    keep_bill(records, replace(bill, lines=lines[:1]), "m", AT)
    keep_bill(records, bill, "m", AT)
    with records.connect() as conn:
        assert read_bills(conn) == [bill]
        assert read_bill(conn, "2023-05") == bill
        with pytest.raises(NotFoundError, match="a bill must exist"):
            read_bill(conn, "2023-06")


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"bill": " "}, "a bill must have a number"),
        ({"until": date(2023, 5, 1)}, "a bill must end after it begins"),
        ({"lines": ()}, "a bill must have a line"),
        ({"lines": (BillLine("energy", "noon"),)}, "a period must be one of"),
        ({"lines": (BillLine("energy"), BillLine("energy"))}, "each line once"),
    ],
)
def test_what_is_no_bill_is_refused(records: Engine, change: dict[str, object], rule: str) -> None:
    line = (BillLine("total", cost_cny=1.0),)
    bill = Bill("b", 1, date(2023, 5, 1), date(2023, 6, 1), line)
    with pytest.raises(InputError, match=rule):
        keep_bill(records, replace(bill, **change), "m", AT)  # type: ignore[arg-type]


def test_a_budget_is_one_for_each_organisation_carrier_and_year(records: Engine) -> None:
    for amount in (1000.0, 2000.0):
        set_budget(records, Budget("ORG-LOW", "water", 2023, amount), "m", AT)
    set_budget(records, Budget("ORG-LOW", "water", 2024, 1.0), "m", AT)
    with records.connect() as conn:
        assert read_budgets(conn, 2023) == [Budget("ORG-LOW", "water", 2023, 2000.0)]
    with pytest.raises(InputError, match="a carrier must be one of"):
        set_budget(records, Budget("ORG-LOW", "steam", 2023, 1.0), "m", AT)
    with pytest.raises(InputError, match="a budget must lie"):
        set_budget(records, Budget("ORG-LOW", "water", 2023, float("nan")), "m", AT)


def test_files_are_read_in_both_languages_and_what_is_no_table_is_refused() -> None:
    text = "计量点,电价,起始日,基本电费方式,合同需量（kW）\nBLD-1,demo-tou,2023/01/01,合同需量,60\n,,,,\n"
    for encoding in ("utf-8-sig", "gb18030"):
        found = read_contracts_file("c.csv", text.encode(encoding), RULEBOOK)
        assert found.problems == ()
        assert [d.contract for d in found.drafts] == [
            replace(FIRST, charge="contracted", demand_kw=60.0)
        ]
    for name, data in (
        ("c.csv", b""),
        ("c.csv", b"a,b\n1,2\n"),
        ("c.xlsx", b"no"),
        ("c.csv", b"\xff\xff\xff"),
    ):
        with pytest.raises(InputError, match="a file"):
            read_contracts_file(name, data, RULEBOOK)
