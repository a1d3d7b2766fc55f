"""The use of an account in coal equivalent, beside whatever unit it is kept in."""

from typing import NamedTuple

from analytics.yearly.drafts import Draft
from quotawatt.register.model import Register
from quotawatt.rulebook.coalequivalent import BASES, national_set
from quotawatt.rulebook.indicators import KGCE_IN
from quotawatt.rulebook.model import FactorSet, Rulebook


class Coal(NamedTuple):
    """``kgce`` by a set; ``basis`` 当量 or 等价. None and empty where nothing converts it."""

    kgce: float | None
    factor_set: str
    basis: str


NO_COAL = Coal(None, "", "")


def coal_of(draft: Draft, register: Register, rulebook: Rulebook) -> Coal:
    """The account's use in kgce, by its own factor set, else by the national one."""
    indicator = draft.yardstick.indicator
    names = [_carrier(draft.asset, term.measure, register) for term in draft.terms]
    own = rulebook.factor_sets.get(draft.yardstick.factor_set)
    factors = national_set(rulebook) if own is None else own
    if factors is None or not all(name in factors.coal_equivalent for name in names):
        return NO_COAL
    basis = BASES.get(factors.electricity_basis, "")
    if indicator.converts:
        return Coal(draft.used * KGCE_IN[indicator.amount_unit], factors.id, basis)
    return Coal(draft.correction * _kgce(draft, names, factors), factors.id, basis)


def _kgce(draft: Draft, names: list[str], factors: FactorSet) -> float:
    return sum(
        amount * factors.coal_equivalent[name].value
        for amount, name in zip(draft.amounts, names, strict=True)
    )


def _carrier(asset: str, measure: str, register: Register) -> str:
    """The carrier that factor sets name: a vehicle's fuel is petrol or diesel, its charge electricity."""
    vehicle = register.vehicles.get(asset)
    if vehicle is None:
        return measure
    return f"{vehicle.energy}_l" if measure == "fuel_used_l" else "electricity_import_kwh"
