"""Reduction targets as values: what is to fall by how much, from a base year on which path."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from quotawatt.rulebook.basics import Citation, Text, Trust
from quotawatt.rulebook.indicators import CARBON_PER_AREA, GROSS_AREA, HEADCOUNT, NO_DENOMINATOR

CARBON, ENERGY, WATER = "carbon", "energy", "water"


@dataclass(frozen=True, slots=True)
class TargetMeasure:
    """What a target can be set on: the amount of a year, and what it is divided by.

    kind
        ``carbon`` (kgCO2 by factor and grid), ``energy`` (kgce by the target's factor set) or ``water``.
    unit
        Of the measure; ``amount_unit`` that of the amount above the line.
    """

    name: str
    kind: str
    amount_unit: str
    denominator: str
    unit: str


TARGET_MEASURES: Mapping[str, TargetMeasure] = MappingProxyType(
    {
        m.name: m
        for m in (
            TargetMeasure(CARBON_PER_AREA, CARBON, "kgCO2", GROSS_AREA, "kgCO2/m²"),
            TargetMeasure("energy_kgce_per_m2", ENERGY, "kgce", GROSS_AREA, "kgce/m²"),
            TargetMeasure("energy_kgce_per_head", ENERGY, "kgce", HEADCOUNT, "kgce/person"),
            TargetMeasure("water_m3_per_head", WATER, "m³", HEADCOUNT, "m³/person"),
            TargetMeasure("carbon_kgco2", CARBON, "kgCO2", NO_DENOMINATOR, "kgCO2"),
            TargetMeasure("energy_kgce", ENERGY, "kgce", NO_DENOMINATOR, "kgce"),
            TargetMeasure("water_m3", WATER, "m³", NO_DENOMINATOR, "m³"),
        )
    }
)
"""The measures of targets and of the base values that the register holds."""


@dataclass(frozen=True, slots=True)
class Target:
    """A reduction of ``measure`` by ``reduction_pct`` from base year to target year.

    factor_set
        Of carbon its factors, of energy its coal equivalents; empty for water.
    headcount_components
        Which people count; for measures per head, and only there.
    steps
        Stepwise path: by year the reduction in % that holds from that year on, up to ``reduction_pct`` in
        the target year. Empty: a straight line from base year to target year.
    """

    id: str
    title: Text
    cites: Citation
    measure: str
    factor_set: str
    base_year: int
    target_year: int
    reduction_pct: float
    trust: Trust
    headcount_components: tuple[str, ...] = ()
    steps: Mapping[int, float] = field(default_factory=dict)

    def allowed_share(self, year: int) -> float:
        """Share of the base value that the path allows in ``year`` (1 in the base year).

        Held at the target year's value after it and at 1 before the base year.
        """
        if self.steps:
            reached = [pct for first, pct in sorted(self.steps.items()) if first <= year]
            return 1 - (reached[-1] if reached else 0.0) / 100
        done = (year - self.base_year) / (self.target_year - self.base_year)
        return 1 - self.reduction_pct / 100 * min(max(done, 0.0), 1.0)
