"""Coal equivalent beside amounts of energy, as answers show it."""

from typing import Any

from quotawatt.errors import NotFoundError
from quotawatt.rulebook.coalequivalent import coal_equivalent
from quotawatt.rulebook.model import FactorSet

NO_COAL: dict[str, Any] = {"kgce": None, "tce": None, "factor_set": "", "basis": ""}
"""Of what is no energy, and of what no factors convert."""


def coal_item(measure: str, amount: float, factors: FactorSet | None) -> dict[str, Any]:
    """``kgce``, ``tce``, ``factor_set`` and ``basis`` (当量 or 等价) of an amount in the measure's unit."""
    if factors is None:
        return NO_COAL
    try:
        found = coal_equivalent(measure, amount, factors)
    except NotFoundError:
        return NO_COAL
    return {
        "kgce": found.kgce,
        "tce": found.tce,
        "factor_set": found.factor_set,
        "basis": found.basis,
    }
