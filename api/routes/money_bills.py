"""Money: suppliers' bills checked, budgets against what is spent, and what would have cost less."""

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import numpy as np
from fastapi import APIRouter, Path, Query

from analytics.jobs.billchecks import check_bill
from analytics.jobs.billing import Billing, Hours
from analytics.money.bills import total_cny
from analytics.money.whatif import Effect, basic_choice, hours_between, save, shift
from api import money
from api.access import Permit, needs
from api.citations import both
from api.money_assumptions import assumptions
from api.money_bill_schemas import BillCheck, BillChecks, BillComputed, BillIn
from api.money_budgets import budget_items
from api.money_plan_schemas import BudgetIn, BudgetList, BudgetOut, Comparison, EffectOut
from api.params import AsOfParam, Given, as_of_instant
from api.services import Services
from quotawatt.access.roles import Permission
from quotawatt.errors import InputError
from quotawatt.money.bills import Bill, BillLine, keep_bill, read_bill, read_bills
from quotawatt.money.budgets import Budget, read_budgets, set_budget
from quotawatt.money.contracts import SupplyContract
from quotawatt.spans import DAY, judged_year

router = APIRouter(prefix="/money", tags=["money"])

Reader = Annotated[Permit, needs(Permission.RESULTS_READ)]
Writer = Annotated[Permit, needs(Permission.MONEY_WRITE)]
ContractParam = Annotated[int, Query(ge=1, le=2**31 - 1, description="Number of the contract")]
FirstDay = Annotated[date, Query(description="Local day", examples=["2023-05-01"])]
LastDay = Annotated[date, Query(description="Local day, included", examples=["2023-05-31"])]
HourParam = Annotated[int, Query(ge=0, le=24, description="Hour of the local day")]

_LONGEST_DAYS = 400


@router.get("/bill", response_model=BillComputed)
def compute_bill(
    services: Given, permit: Reader, contract: ContractParam, first_day: FirstDay, last_day: LastDay
) -> dict[str, Any]:
    """What a contract comes to over some days, as the lines of a bill."""
    reader, found = _contract(services, permit, contract, first_day, last_day)
    return money.computed_item(reader, found, first_day, last_day)


@router.post("/bills", response_model=BillCheck, status_code=201)
def enter_bill(services: Given, permit: Writer, body: BillIn) -> dict[str, Any]:
    """Enter a supplier's bill, in the place of one of its number, and check it."""
    reader = money.billing(services)
    permit.require(reader.contract(body.contract).subject)
    _require_days(body.first_day, body.last_day)
    lines = tuple(BillLine(**line.model_dump()) for line in body.lines)
    bill = Bill(body.bill, body.contract, body.first_day, body.last_day + DAY, lines)
    checked = check_bill(reader, bill)
    with services.records.connect() as conn:
        for other in read_bills(conn):
            if other.bill == bill.bill:
                permit.require(reader.contract(other.contract).subject)
    keep_bill(services.records, bill, permit.actor, services.wall_clock())
    money.note_difference(services, checked)
    return money.check_item(checked)


@router.get("/bills", response_model=BillChecks)
def list_bills(services: Given, permit: Reader) -> dict[str, Any]:
    """Every bill within reach, line by line against what was worked out from the data of now."""
    return {"items": [money.check_item(one) for one in money.checked_bills(services, permit)]}


@router.post("/bills/check", response_model=BillChecks)
def check_all_bills(services: Given, permit: Writer) -> dict[str, Any]:
    """Check all bills anew and list those that differ as findings; those that agree by now are cleared."""
    permit.require_everywhere()
    checked = money.checked_bills(services, permit)
    money.note_differences(services, checked)
    return {"items": [money.check_item(one) for one in checked]}


@router.get("/bills/{bill}", response_model=BillCheck)
def show_bill(
    services: Given, permit: Reader, bill: Annotated[str, Path(max_length=64)]
) -> dict[str, Any]:
    """One bill, line by line against what was worked out from the data of now."""
    with services.records.connect() as conn:
        found = read_bill(conn, bill)
    reader = money.billing(services)
    permit.require(reader.contract(found.contract).subject)
    return money.check_item(check_bill(reader, found))


@router.get("/budgets", response_model=BudgetList)
def list_budgets(services: Given, permit: Reader, as_of: AsOfParam = None) -> dict[str, Any]:
    """The budgets of the judged year: spent, and what the year will come to."""
    at = as_of_instant(services, as_of)
    year = judged_year(at, ZoneInfo(services.settings.timezone))
    with services.records.connect() as conn:
        budgets = [b for b in read_budgets(conn, year) if permit.sees(b.organisation)]
    return {"as_of": at, "items": budget_items(services, budgets, at)}


@router.put("/budgets", response_model=BudgetOut)
def put_budget(services: Given, permit: Writer, body: BudgetIn) -> dict[str, Any]:
    """Set a budget, in the place of the one of its organisation, carrier and year."""
    permit.require(body.organisation)
    if body.organisation not in services.register_source().organisations:
        raise InputError(f"a budget must be that of an organisation, got {body.organisation}")
    budget = set_budget(
        services.records, Budget(**body.model_dump()), permit.actor, services.wall_clock()
    )
    return budget_items(services, [budget], services.clock())[0]


@router.get("/shift", response_model=EffectOut)
def show_shift(
    services: Given,
    permit: Reader,
    contract: ContractParam,
    first_day: FirstDay,
    last_day: LastDay,
    kw: Annotated[float, Query(gt=0, le=1e6, description="Moved at most, kW")],
) -> dict[str, Any]:
    """What moving use from sharp and peak time to the valley of the same day would have cost less."""
    hours = _hours(services, permit, contract, first_day, last_day)[1]
    _, effect = shift(hours.rates, hours.use, kw, hours.zone)
    return _effect(hours, effect, first_day, last_day, assumptions("shift", kw=kw))


@router.get("/save", response_model=EffectOut)
def show_saving(
    services: Given,
    permit: Reader,
    contract: ContractParam,
    first_day: FirstDay,
    last_day: LastDay,
    percent: Annotated[float, Query(gt=0, le=100, description="Saved, % of the use")],
    first_hour: HourParam = 22,
    until_hour: HourParam = 6,
) -> dict[str, Any]:
    """What saving a share of the use in some hours of each day, by default at night, would have cost less."""
    hours = _hours(services, permit, contract, first_day, last_day)[1]
    chosen = np.flatnonzero(hours_between(first_hour, until_hour)).tolist()
    _, effect = save(hours.rates, hours.use, percent, hours.zone, chosen)
    words = assumptions("save", percent=percent, first=first_hour, until=until_hour)
    return _effect(hours, effect, first_day, last_day, words)


@router.get("/compare", response_model=Comparison)
def compare_tariffs(
    services: Given,
    permit: Reader,
    contract: ContractParam,
    first_day: FirstDay,
    last_day: LastDay,
    tariff: Annotated[list[str] | None, Query(max_length=64, description="May repeat")] = None,
) -> dict[str, Any]:
    """What the same use costs by the contract's tariff and by others, and by each basic charge."""
    reader, own = _hours(services, permit, contract, first_day, last_day)
    names = dict.fromkeys([own.tariff.id, *(tariff or ())])
    priced = [reader.hours(own.contract, first_day, last_day + DAY, name) for name in names]
    wrong = [h.tariff.id for h in priced if h.tariff.measure != own.tariff.measure]
    if wrong:
        raise InputError(f"tariffs must price {own.tariff.measure} to be compared, got {wrong[0]}")
    choice, monthly_kw = None, reader.highest_kw(own)
    if own.tariff.capacity is not None:
        found = basic_choice(
            own.tariff.capacity, monthly_kw, own.contract.capacity_kva, own.contract.demand_kw
        )
        choice = {**asdict(found), "monthly_kw": monthly_kw}
    return {
        **money.span_item(own, first_day, last_day),
        "tariffs": [_tariff_cost(reader, hours) for hours in priced],
        "basic_charge": choice,
    }


def _tariff_cost(reader: Billing, hours: Hours) -> dict[str, Any]:
    lines = reader.bill(hours)
    return {
        "tariff": hours.tariff.id,
        "title": both(hours.tariff.title),
        "trust": hours.tariff.trust.value,
        "lines": money.line_items(lines),
        "total_cny": total_cny(lines),
    }


def _hours(
    services: Services, permit: Permit, contract: int, first: date, last: date
) -> tuple[Billing, Hours]:
    reader, found = _contract(services, permit, contract, first, last)
    return reader, reader.hours(found, first, last + DAY)


def _contract(
    services: Services, permit: Permit, contract: int, first: date, last: date
) -> tuple[Billing, SupplyContract]:
    reader = money.billing(services)
    found = reader.contract(contract)
    permit.require(found.subject)
    _require_days(first, last)
    return reader, found


def _effect(
    hours: Hours, effect: Effect, first: date, last: date, words: list[dict[str, str]]
) -> dict[str, Any]:
    figures = {**asdict(effect), "less_cny": effect.less_cny, "assumptions": words}
    return {**money.span_item(hours, first, last), **figures}


def _require_days(first: date, last: date) -> None:
    if not date(1990, 1, 1) <= first <= last < date(2199, 12, 31):
        raise InputError(f"first_day must not be after last_day, got {first} and {last}")
    if (last - first).days >= _LONGEST_DAYS:
        raise InputError(f"at most {_LONGEST_DAYS} days may be asked for, got {first} to {last}")
