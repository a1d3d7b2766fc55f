"""Which targets are judged on a day, and an account's days in the unit of a target."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

import numpy as np

from analytics.carbon.accountdays import POWER, AccountDays
from analytics.carbon.emissions import ELECTRICITY, SCOPES, EmissionFactor, emission_factor
from analytics.carbon.factors import FactorUsed, fixed_grid_factor, grid_used, used
from analytics.totals.segments import Segment
from analytics.yearly.accounts import mean_area_m2, mean_people
from analytics.yearly.projection import Matrix
from quotawatt.findings import Finding
from quotawatt.register.model import BaseValue, Register
from quotawatt.rulebook.coalequivalent import BASES
from quotawatt.rulebook.indicators import GROSS_AREA, HEADCOUNT
from quotawatt.rulebook.model import Rulebook
from quotawatt.rulebook.targets import CARBON, ENERGY, TARGET_MEASURES, Target

TEMPLATE = "template"

_OIL = frozenset({"petrol_l", "diesel_l"})

# Emissions of each interval say the same of the same assets, by codes that no account may clear.
_CODES: Mapping[str, str] = MappingProxyType(
    {
        "factor_missing": "account_factor_missing",
        "grid_region_ambiguous": "account_grid_region_ambiguous",
        "grid_factor_missing": "account_grid_factor_missing",
    }
)


def targets_in_force(rulebook: Rulebook, day: date) -> list[Target]:
    """The targets that are judged on a day, by id: in force, and of no template."""
    book = rulebook.as_of(day)
    return [
        target
        for _, target in sorted(book.targets.items())
        if book.instruments[target.cites.instrument].status != TEMPLATE
    ]


class BaseValues:
    """The register's figures of base years, looked up; one that is not above zero is none to reduce from."""

    def __init__(self, register: Register) -> None:
        self._values: dict[tuple[str, str, int], BaseValue] = {}
        for base in register.base_values:
            if base.value > 0:
                self._values.setdefault((base.asset, base.measure, base.year), base)

    def of(self, asset: str, target: Target) -> BaseValue | None:
        """The figure that an account under a target starts from."""
        return self._values.get((asset, target.measure, target.base_year))


def denominator(asset: str, target: Target, pieces: Sequence[Segment]) -> float | None:
    """Daily mean of area (m²) or people over the pieces; 1 for a total, None where it is not known."""
    kind = TARGET_MEASURES[target.measure].denominator
    if kind == GROSS_AREA:
        return mean_area_m2(asset, pieces)
    if kind == HEADCOUNT:
        return mean_people(asset, target.headcount_components, pieces)
    return 1.0


@dataclass(frozen=True)
class TargetDays:
    """An account's days in the amount unit of a target: of the year judged, and of the year before.

    this_year, last_year
        One row, one column a day; NaN: nothing is known of the day. Last year counts by this year's
        factors, so that it is a pattern of use and not of factors.
    fixed
        As ``this_year`` with the grid factor of the base year; None: no grid electricity is counted.
    amounts
        Use of the days judged by measure, in its own unit.
    factors
        By measure; ``fixed_factor`` the grid's of the base year.
    coverage
        Mean over days and measures, 0..1.
    """

    this_year: Matrix
    last_year: Matrix
    fixed: Matrix | None
    amounts: Mapping[str, float]
    factors: tuple[FactorUsed, ...]
    fixed_factor: FactorUsed | None
    basis: str
    coverage: float


def target_days(
    asset: str,
    target: Target,
    year: int,
    account: AccountDays,
    snapshots: Sequence[Register],
    rulebook: Rulebook,
) -> TargetDays | Finding:
    """The days of an account under a target.

    A finding where there is no use (``use_missing``) or no factor (``account_factor_missing``,
    ``account_grid_region_ambiguous``, ``account_grid_factor_missing``).
    """
    about: dict[str, str | float | int | None] = {"target": target.id, "year": year}
    power = POWER if TARGET_MEASURES[target.measure].kind == CARBON else ELECTRICITY
    rows = {n: power if n == ELECTRICITY else n for n in _measures(target)}
    kept = [name for name, row in rows.items() if row in account.this_year]
    if not kept or all(np.isnan(account.this_year[rows[name]]).all() for name in kept):
        return Finding("use_missing", asset, about)
    factors: list[FactorUsed] = []
    for name in kept:
        found = _factor(name, asset, target, year, snapshots, rulebook)
        if isinstance(found, Finding):
            return Finding(_CODES[found.code], asset, {**about, **found.detail})
        factors.append(found)
    this_year = np.stack([account.this_year[rows[name]] for name in kept])
    last_year = np.stack([account.last_year[rows[name]] for name in kept])
    values = np.array([factor.value for factor in factors])
    grid = _fixed(kept, factors, target, rulebook)
    fixed = [grid.value if grid and factor.region else factor.value for factor in factors]
    return TargetDays(
        this_year=_summed(this_year, values),
        last_year=_summed(last_year, values),
        fixed=None if grid is None else _summed(this_year, np.array(fixed)),
        amounts=dict(zip(kept, np.nansum(this_year, axis=1).tolist(), strict=True)),
        factors=tuple(factors),
        fixed_factor=grid,
        basis=_basis(target, rulebook),
        coverage=float(np.mean([account.coverage[rows[name]] for name in kept])),
    )


def _measures(target: Target) -> list[str]:
    """Whose use counts: all that emits; all that the factor set converts, of an area without vehicles."""
    kind = TARGET_MEASURES[target.measure]
    if kind.kind == CARBON:
        return list(SCOPES)
    if kind.kind == ENERGY:
        # What converts nowhere must still be found missing, so the list is not the factor set's.
        return [n for n in SCOPES if kind.denominator != GROSS_AREA or n not in _OIL]
    return ["water_m3"]


def _factor(
    name: str,
    asset: str,
    target: Target,
    year: int,
    snapshots: Sequence[Register],
    rulebook: Rulebook,
) -> FactorUsed | Finding:
    kind = TARGET_MEASURES[target.measure].kind
    if kind == CARBON:
        found = emission_factor(name, asset, year, snapshots, rulebook, target.factor_set)
        if isinstance(found, EmissionFactor):
            return used(name, found, target.factor_set, year)
        return found
    if kind == ENERGY:
        factor = rulebook.factor_sets[target.factor_set].coal_equivalent.get(name)
        if factor is None:
            about = {"factor_set": target.factor_set, "measures": name}
            return Finding("factor_missing", asset, about)
        return FactorUsed(name, factor.value, factor.unit, factor.trust, target.factor_set)
    return FactorUsed(name, 1.0, "m³/m³", target.trust, "")


def _fixed(
    names: Sequence[str], factors: Sequence[FactorUsed], target: Target, rulebook: Rulebook
) -> FactorUsed | None:
    """The base year's grid factor, where electricity is counted by one."""
    region = next((f.region for n, f in zip(names, factors, strict=True) if n == ELECTRICITY), "")
    grid = fixed_grid_factor(rulebook, region, target.base_year) if region else None
    return None if grid is None else grid_used(grid, target.base_year)


def _basis(target: Target, rulebook: Rulebook) -> str:
    """当量 or 等价 of a target of energy; else empty."""
    if TARGET_MEASURES[target.measure].kind != ENERGY:
        return ""
    return BASES.get(rulebook.factor_sets[target.factor_set].electricity_basis, "")


def _summed(days: Matrix, factors: Matrix) -> Matrix:
    """One row: the sum over measures; a day of which no measure is known is not known."""
    total = np.nansum(days * factors[:, np.newaxis], axis=0)
    return np.where(np.isnan(days).all(axis=0), np.nan, total)[np.newaxis, :]
