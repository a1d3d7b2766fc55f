"""A supply contract: which meter, vehicle, building or organisation buys by which tariff, and since when."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from quotawatt.errors import RegisterError
from quotawatt.register.model import Building, Meter, Organisation, Register, Vehicle
from quotawatt.register.problems import Problem, Rule, Where
from quotawatt.rulebook.model import Rulebook

NO_CHARGE, BY_CAPACITY, BY_CONTRACTED, BY_ACTUAL = "none", "capacity", "contracted", "actual"
CHARGES = (NO_CHARGE, BY_CAPACITY, BY_CONTRACTED, BY_ACTUAL)
"""How the basic charge is reckoned: not at all, by kVA, by contracted kW, by the month's highest kW."""

SUBJECT = Rule(
    "contract_subject",
    "must be the code of a meter, vehicle, building or organisation",
    "须为计量器具、车辆、建筑或单位的编号",
)
TARIFF = Rule(
    "contract_tariff", "must be a tariff of the rulebook", "须为规则库中的电价（费率）编号"
)
DATES = Rule("contract_dates", "must be after valid_from", "须晚于起始日")
CHARGE = Rule(
    "contract_charge",
    "must be one of none, capacity, contracted, actual",
    "须为 none、capacity、contracted、actual 之一",
)
CAPACITY = Rule(
    "contract_capacity", "must be above 0 where the charge is by capacity", "按容量计收时须大于 0"
)
DEMAND = Rule(
    "contract_demand",
    "must be above 0 where the charge is by contracted demand",
    "按合同最大需量计收时须大于 0",
)
NO_CAPACITY_PRICE = Rule(
    "contract_capacity_price",
    "must be none: the tariff has no capacity prices",
    "该电价没有基本电费，须为 none",
)
TABLE = Rule(
    "contract_table", "must be a power-factor table of the rulebook", "须为规则库中的力调电费表编号"
)
AREA = Rule("contract_area", "must be above 0", "须大于 0")
OVERLAP = Rule(
    "contract_overlap",
    "must not overlap contract {number}, {first} to {until}",
    "与第 {number} 号合同（{first} 至 {until}）的时段重叠",
)


@dataclass(frozen=True, slots=True)
class SupplyContract:
    """A contract as it is kept.

    measure
        What its tariff prices.
    valid_from, valid_until
        Local days at the subject, half-open; None: until further notice.
    account
        The supplier's number of the account (户号).
    charge
        One of ``CHARGES``.
    capacity_kva, demand_kw
        Of the transformers, and what was contracted; None: not known.
    power_factor_table
        By which the power factor is charged; empty: it is not.
    area_m2
        That heat by area is charged for; None: what the register has.
    """

    number: int
    subject: str
    measure: str
    tariff: str
    valid_from: date
    valid_until: date | None = None
    account: str = ""
    charge: str = NO_CHARGE
    capacity_kva: float | None = None
    demand_kw: float | None = None
    power_factor_table: str = ""
    area_m2: float | None = None
    note: str = ""

    def holds(self, day: date) -> bool:
        """Whether it is in force on a day."""
        return self.valid_from <= day and (self.valid_until is None or day < self.valid_until)

    def overlaps(self, other: "SupplyContract") -> bool:
        """Whether both are of the same subject and measure and share a day."""
        return (
            (self.subject, self.measure) == (other.subject, other.measure)
            and self.valid_from < (other.valid_until or date.max)
            and other.valid_from < (self.valid_until or date.max)
        )


@dataclass(frozen=True, slots=True)
class Draft:
    """A contract that somebody wants to make, with the place where they said so."""

    where: Where
    contract: SupplyContract


def problems_of(
    drafts: Sequence[Draft], kept: Sequence[SupplyContract], register: Register, rulebook: Rulebook
) -> list[Problem]:
    """What stands against contracts, each by itself, against those kept, and among themselves."""
    found = [p for draft in drafts for p in _alone(draft, register, rulebook)]
    for index, draft in enumerate(drafts):
        others = [*kept, *(d.contract for d in drafts[:index])]
        for other in others:
            if other.number != draft.contract.number or not other.number:
                found += _against(draft, other)
    return found


def require_sound(
    drafts: Sequence[Draft], kept: Sequence[SupplyContract], register: Register, rulebook: Rulebook
) -> None:
    """Raise RegisterError with everything that stands against the contracts."""
    problems = problems_of(drafts, kept, register, rulebook)
    if problems:
        raise RegisterError(problems)


def measure_of(tariff: str, rulebook: Rulebook) -> str:
    """What a tariff prices; empty where there is no such tariff."""
    known = rulebook.tariffs.get(tariff)
    return "" if known is None else known.measure


def _against(draft: Draft, other: SupplyContract) -> Iterator[Problem]:
    if draft.contract.overlaps(other):
        until = other.valid_until or "…"
        rule = OVERLAP.of(number=other.number or "?", first=other.valid_from, until=until)
        yield Problem(draft.where.at("valid_from"), rule, draft.contract.valid_from)


def _alone(draft: Draft, register: Register, rulebook: Rulebook) -> Iterator[Problem]:
    contract, where = draft.contract, draft.where
    asset = register.assets.get(contract.subject)
    if not isinstance(asset, Meter | Vehicle | Building | Organisation):
        yield Problem(where.at("subject"), SUBJECT, contract.subject)
    if contract.valid_until is not None and contract.valid_until <= contract.valid_from:
        yield Problem(where.at("valid_until"), DATES, contract.valid_until)
    if contract.area_m2 is not None and contract.area_m2 <= 0:
        yield Problem(where.at("area_m2"), AREA, contract.area_m2)
    table = contract.power_factor_table
    if table and table not in rulebook.power_factor_tables:
        yield Problem(where.at("power_factor_table"), TABLE, table)
    tariff = rulebook.tariffs.get(contract.tariff)
    if tariff is None:
        yield Problem(where.at("tariff"), TARIFF, contract.tariff)
    elif tariff.capacity is None and contract.charge != NO_CHARGE:
        yield Problem(where.at("charge"), NO_CAPACITY_PRICE, contract.charge)
    yield from _charge(draft)


def _charge(draft: Draft) -> Iterator[Problem]:
    contract, where = draft.contract, draft.where
    if contract.charge not in CHARGES:
        yield Problem(where.at("charge"), CHARGE, contract.charge)
    if contract.charge == BY_CAPACITY and not (contract.capacity_kva or 0) > 0:
        yield Problem(where.at("capacity_kva"), CAPACITY, contract.capacity_kva)
    if contract.charge == BY_CONTRACTED and not (contract.demand_kw or 0) > 0:
        yield Problem(where.at("demand_kw"), DEMAND, contract.demand_kw)
