"""Coal equivalent of an amount of energy, with the set and the basis that it was computed by.

    kgce = amount x factor

Electricity counts 当量 (calorific: the heat in it) or 等价 (equivalent: the coal burnt for it), 2.5 times
apart: no figure without its basis. Water has no coal equivalent in any set.
"""

from dataclasses import dataclass

from quotawatt.errors import NotFoundError
from quotawatt.rulebook.basics import Trust
from quotawatt.rulebook.model import FactorSet, Rulebook

ELECTRICITY = "electricity_import_kwh"

NATION = "cn"
"""The jurisdiction of national instruments."""

BASES = {"equivalent": "等价", "calorific": "当量"}
"""The basis of electricity as factor sets name it, and as officers do."""


@dataclass(frozen=True, slots=True)
class CoalEquivalent:
    """``kgce`` of an amount: ``factor`` [``unit``] of ``factor_set``; ``basis`` 当量, 等价 or empty."""

    kgce: float
    factor: float
    unit: str
    basis: str
    factor_set: str
    trust: Trust

    @property
    def tce(self) -> float:
        """The same in tons."""
        return self.kgce / 1000


def coal_equivalent(
    measure: str, amount: float, factor_set: FactorSet, basis: str | None = None
) -> CoalEquivalent:
    """What ``amount`` of a measure (in its unit) comes to in kgce by a factor set.

    basis
        ``当量`` or ``等价``, where the caller needs that one and no other; None: that of the set.

    Raises NotFoundError where the set lacks the measure, or converts electricity on another basis.
    """
    factor = factor_set.coal_equivalent.get(measure)
    if factor is None:
        raise NotFoundError(
            f"a factor set must convert the measure to kgce, got {measure} and {factor_set.id}"
        )
    own = BASES.get(factor_set.electricity_basis, "")
    if basis is not None and measure == ELECTRICITY and basis != own:
        raise NotFoundError(
            f"a factor set must convert electricity on the basis {basis}, got {own or 'none'}"
            f" of {factor_set.id}"
        )
    return CoalEquivalent(
        amount * factor.value, factor.value, factor.unit, own, factor_set.id, factor.trust
    )


def national_set(rulebook: Rulebook) -> FactorSet | None:
    """The set for what names none: of a national instrument, electricity 当量; None: there is none.

    A standard of a province holds for its own quotas only, so it never stands in elsewhere.
    """
    return next(
        (
            one
            for one in rulebook.factor_sets.values()
            if one.electricity_basis == "calorific"
            and one.coal_equivalent
            and rulebook.instruments[one.cites.instrument].jurisdiction == NATION
        ),
        None,
    )
