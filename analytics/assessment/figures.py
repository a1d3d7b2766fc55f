"""The figure by which an organisation or a building is ranked: use, converted, by area or by head.

    figure = sum of (use x factor) / daily mean of area or people

A figure that is not known says why; it is never zero, and never a part of the whole.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from analytics.assessment.periods import Period
from analytics.carbon.emissions import emission_factor
from analytics.totals.segments import Segment, books, counts, segments
from analytics.yearly.accounts import mean_area_m2, mean_people
from quotawatt.errors import NotFoundError
from quotawatt.findings import Finding
from quotawatt.register.model import Register
from quotawatt.rulebook.assessment import Convert, Ranking
from quotawatt.rulebook.coalequivalent import BASES, coal_equivalent
from quotawatt.rulebook.indicators import GROSS_AREA
from quotawatt.rulebook.model import Rulebook


class Amount(NamedTuple):
    """Use over a period in the measure's unit, and the share (0..1) of its days that results stand for."""

    value: float
    coverage: float


Amounts = Mapping[tuple[str, str], Amount]
"""By subject and measure; what has no results is not there."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of one asset over one period.

    value
        In the ranking's unit; None: not known, and ``missing`` says why: ``use_missing``,
        ``denominator_missing``, ``factor_missing``, ``grid_region_ambiguous`` or ``grid_factor_missing``.
    above, denominator
        What was divided by what; ``above`` in kWh, m³, kgce or kgCO2.
    coverage
        Mean share of the period, over the measures that were used, that results stand for.
    basis
        当量 or 等价 where coal equivalent is counted, else empty.
    """

    asset: str
    value: float | None
    above: float | None
    denominator: float | None
    coverage: float
    basis: str = ""
    missing: str = ""


class Books(NamedTuple):
    """The register over a period, cut where it changes, and the rulebook of its last day."""

    period: Period
    pieces: tuple[Segment, ...]
    rulebook: Rulebook

    @property
    def register(self) -> Register:
        """The register of the last day."""
        return self.pieces[-1].register


def books_of(register: Register, rulebook: Rulebook, period: Period) -> Books:
    """The books by which a period is judged."""
    pieces = segments(books(register), period.first, period.until)
    return Books(period, pieces, rulebook.as_of(period.last))


def figures(
    ranking: Ranking, assets: Sequence[str], amounts: Amounts, held: Books
) -> dict[str, Figure]:
    """The figures of these organisations and buildings, by code."""
    return {asset: _figure(ranking, asset, amounts, held) for asset in assets}


def in_use(held: Books) -> list[str]:
    """Organisations and buildings that were in use on the last day, sorted."""
    register = held.register
    return sorted(c for c in (*register.organisations, *register.buildings) if counts(register, c))


def _figure(ranking: Ranking, asset: str, amounts: Amounts, held: Books) -> Figure:
    used = {m: amounts[asset, m] for m in ranking.measures if (asset, m) in amounts}
    if not used:
        return Figure(asset, None, None, None, 0.0, missing="use_missing")
    coverage = sum(amount.coverage for amount in used.values()) / len(used)
    by_area = ranking.denominator == GROSS_AREA
    denominator = (
        mean_area_m2(asset, held.pieces)
        if by_area
        else mean_people(asset, ranking.headcount_components, held.pieces)
    )
    if denominator is None:
        return Figure(asset, None, None, None, coverage, missing="denominator_missing")
    above = 0.0
    for measure, amount in used.items():
        converted = _converted(ranking, asset, measure, amount.value, held)
        if isinstance(converted, str):
            return Figure(asset, None, None, denominator, coverage, missing=converted)
        above += converted
    return Figure(
        asset, above / denominator, above, denominator, coverage, _basis(ranking, held.rulebook)
    )


def _converted(
    ranking: Ranking, asset: str, measure: str, amount: float, held: Books
) -> float | str:
    """The amount as it stands above the line; why not, where it cannot be converted."""
    if ranking.convert is Convert.NONE:
        return amount
    if ranking.convert is Convert.CARBON:
        registers = [piece.register for piece in held.pieces]
        factor = emission_factor(
            measure, asset, held.period.last.year, registers, held.rulebook, ranking.factor_set
        )
        return factor.code if isinstance(factor, Finding) else amount * factor.factor.value
    try:
        factor_set = held.rulebook.factor_sets[ranking.factor_set]
        return coal_equivalent(measure, amount, factor_set).kgce
    except (KeyError, NotFoundError):
        return "factor_missing"


def _basis(ranking: Ranking, rulebook: Rulebook) -> str:
    if ranking.convert is not Convert.COAL:
        return ""
    return BASES.get(rulebook.factor_sets[ranking.factor_set].electricity_basis, "")
