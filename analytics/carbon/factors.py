"""Which factor was used, of which year and how well it is known; and factors that stand still."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

from analytics.carbon.emissions import ELECTRICITY, EmissionFactor
from quotawatt.carbon.factors_used import FactorOfYear
from quotawatt.findings import Finding
from quotawatt.rulebook.model import GridFactor, Rulebook, Trust


@dataclass(frozen=True, slots=True)
class FactorUsed:
    """A factor with where it is from.

    region, year
        Of grid electricity; empty and None for what belongs to a factor set.
    source
        The factor set or the instrument that it stands in.
    provisional
        Whether the year's own is not published and an earlier one stands in (暂用).
    """

    measure: str
    value: float
    unit: str
    trust: Trust
    source: str
    region: str = ""
    year: int | None = None
    provisional: bool = False


def used(name: str, found: EmissionFactor, factor_set: str, year: int) -> FactorUsed:
    """A factor as it is shown; ``year`` is the year that it was used for."""
    factor, grid = found.factor, found.grid
    if grid is None:
        return FactorUsed(name, factor.value, factor.unit, factor.trust, factor_set)
    return grid_used(grid, year)


def grid_used(grid: GridFactor, year: int) -> FactorUsed:
    """A grid factor as it is shown."""
    return FactorUsed(
        measure=ELECTRICITY,
        value=grid.kgco2_per_kwh,
        unit="kgCO2/kWh",
        trust=grid.trust,
        source=grid.cites.instrument,
        region=grid.region,
        year=grid.year,
        provisional=grid.year != year,
    )


def fixed_grid_factor(rulebook: Rulebook, region: str, base_year: int) -> GridFactor | None:
    """The region's factor of the base year; the earliest later one where none is known so early.

    With it a course shows what was saved and not what the grid did. None: the region has no factor.
    """
    known = [f for f in rulebook.grid_factors if f.region == region]
    until = [f for f in known if f.year <= base_year]
    if until:
        return max(until, key=lambda f: f.year)
    return min(known, key=lambda f: f.year, default=None)


class Restatement(NamedTuple):
    """A year of an asset that a newly published grid factor changes; energy in kWh, masses in kgCO2."""

    asset: str
    before: FactorOfYear
    after: FactorOfYear
    electricity_kwh: float

    @property
    def before_kgco2(self) -> float:
        """What the electricity was said to have emitted."""
        return self.electricity_kwh * self.before.kgco2_per_kwh

    @property
    def after_kgco2(self) -> float:
        """What it is said to have emitted now."""
        return self.electricity_kwh * self.after.kgco2_per_kwh

    def finding(self) -> Finding:
        """The same as a finding ``carbon_restated``."""
        return Finding(
            "carbon_restated",
            self.asset,
            {
                "year": self.after.year,
                "region": self.after.region,
                "electricity_kwh": round(self.electricity_kwh, 3),
                "factor_before": self.before.kgco2_per_kwh,
                "factor_year_before": self.before.factor_year,
                "before_kgco2": round(self.before_kgco2, 3),
                "factor_after": self.after.kgco2_per_kwh,
                "factor_year_after": self.after.factor_year,
                "after_kgco2": round(self.after_kgco2, 3),
            },
        )


def factors_of_years(rulebook: Rulebook, years: Iterable[int]) -> list[FactorOfYear]:
    """The factor that each region's years are reckoned with now; a year before the first has none."""
    found = []
    regions = sorted({f.region for f in rulebook.grid_factors})
    for region, year in product(regions, years):
        if any(f.region == region and f.year <= year for f in rulebook.grid_factors):
            grid = rulebook.grid_factor(region, year)
            found.append(FactorOfYear(region, year, grid.year, grid.kgco2_per_kwh))
    return found


def changed_factors(
    before: Mapping[tuple[str, int], FactorOfYear], now: Iterable[FactorOfYear]
) -> list[tuple[FactorOfYear, FactorOfYear]]:
    """Years whose factor is another now than the one they were last reckoned with, as (before, after).

    A year that was never reckoned with is none; with ``now`` in the place of ``before`` there is none.
    """
    pairs = [(before.get((f.region, f.year)), f) for f in now]
    return [(known, new) for known, new in pairs if known is not None and known != new]
