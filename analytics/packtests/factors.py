"""Tests of factor sets as data: given use by measure, what it comes to in kgce and in kgCO2.

The version that is in force at the end of the year converts. Electricity emits by the grid factor of the year
in the test's ``region``, so a table of grid factors is tried in the same way.
"""

from collections.abc import Mapping
from datetime import date

from analytics.carbon.emissions import emission_factor
from analytics.packtests.world import BUILDING, made_register
from quotawatt.errors import NotFoundError
from quotawatt.findings import Finding
from quotawatt.rulebook.coalequivalent import coal_equivalent
from quotawatt.rulebook.model import Rulebook

KGCE, KGCO2 = "kgce", "kgco2"


def converted(
    factor_set: str,
    region: str,
    given: Mapping[str, float],
    wanted: Mapping[str, float],
    year: int,
    rulebook: Rulebook,
) -> tuple[Mapping[str, float], str]:
    """The amounts of ``given`` in each unit that is wanted, and why there are none (empty: there are).

    wanted
        Has the keys ``kgce``, ``kgco2`` or both; a measure that the set cannot convert fails the test.
    """
    book = rulebook.as_of(date(year, 12, 31))
    if factor_set not in book.factor_sets:
        return {}, f"a test must name a factor set of its year, got {factor_set} in {year}"
    found: dict[str, float] = {}
    try:
        if KGCE in wanted:
            found[KGCE] = _kgce(factor_set, given, book)
        if KGCO2 in wanted:
            found[KGCO2] = _kgco2(factor_set, region, given, year, book)
    except NotFoundError as error:
        return {}, str(error)
    return found, ""


def _kgce(factor_set: str, given: Mapping[str, float], book: Rulebook) -> float:
    converts = book.factor_sets[factor_set]
    return sum(coal_equivalent(name, amount, converts).kgce for name, amount in given.items())


def _kgco2(
    factor_set: str, region: str, given: Mapping[str, float], year: int, book: Rulebook
) -> float:
    register = made_register({}, year, region, None)
    total = 0.0
    for name, amount in given.items():
        found = emission_factor(name, BUILDING, year, [register], book, factor_set)
        if isinstance(found, Finding):
            raise NotFoundError(f"a factor in kgCO2 must exist, got {name}: {found.code}")
        total += amount * found.factor.value
    return total
