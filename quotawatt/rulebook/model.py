"""The rulebook as values: instruments, factor sets, quotas, targets and alert rules.

Packs (YAML) are loaded into these. Every number carries its trust mark: a number that was not read in
its source is shown as such wherever it is used.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from quotawatt.errors import NotFoundError

if TYPE_CHECKING:
    from quotawatt.rulebook.norms import AssetKind, IdleRule, Norm, ScoreScheme


class Trust(StrEnum):
    """How well a number or clause is known."""

    SOURCE = "source"
    """Read in the named source."""
    SECONDARY = "secondary"
    """Quoted by a public page or repository; the original was not opened."""
    UNVERIFIED = "unverified"
    """General knowledge."""
    INVENTED = "invented"
    """Made up for the demo; never a rule anywhere."""


class Tier(StrEnum):
    """Values of a quota, from loosest to strictest. *Over* means above the constraint value."""

    CONSTRAINT = "constraint"
    BASELINE = "baseline"
    GUIDANCE = "guidance"


@dataclass(frozen=True, slots=True)
class Text:
    """A text in both languages."""

    zh: str
    en: str

    def in_language(self, language: str) -> str:
        """The text in ``zh`` or ``en``."""
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True, slots=True)
class Clause:
    """A numbered clause of an instrument; ``text`` is our summary, not a quotation, unless marked.

    ``label`` is what a clause without a known number goes by.
    """

    number: str
    text: Text
    trust: Trust
    label: Text | None = None

    @property
    def name(self) -> Text:
        """What people call it: 第 14 条 or Article 14, else its label, else the bare number."""
        if self.number.isdigit():
            return Text(f"第 {self.number} 条", f"Article {self.number}")
        return self.label or Text(self.number, self.number)


@dataclass(frozen=True, slots=True)
class Instrument:
    """A law, standard or local policy. ``status``: in_force, amended, repealed, superseded, demo."""

    id: str
    title: Text
    number: str
    issuer: Text
    jurisdiction: str
    effective_from: date | None
    effective_until: date | None
    status: str
    trust: Trust
    source: str
    clauses: Mapping[str, Clause]

    def in_force(self, day: date) -> bool:
        """Whether it was in force on ``day``, as far as its dates are known."""
        return (self.effective_from is None or self.effective_from <= day) and (
            self.effective_until is None or day < self.effective_until
        )


@dataclass(frozen=True, slots=True)
class Citation:
    """A clause of an instrument, as rules, quotas and factors cite it."""

    instrument: str
    clause: str


@dataclass(frozen=True, slots=True)
class Factor:
    """``value`` of ``unit`` (say ``kgce/kWh``) for one measure, e.g. ``electricity_import_kwh``."""

    value: float
    unit: str
    trust: Trust


@dataclass(frozen=True, slots=True)
class FactorSet:
    """Factors that belong together. A quota names the one set it is computed with.

    coal_equivalent
        kgce for one unit of a measure. ``electricity_basis`` says 等价 (equivalent) or 当量 (calorific).
    carbon
        kgCO2 for one unit of a measure, electricity apart.
    """

    id: str
    title: Text
    cites: Citation
    electricity_basis: str
    coal_equivalent: Mapping[str, Factor]
    carbon: Mapping[str, Factor]


@dataclass(frozen=True, slots=True)
class GridFactor:
    """kgCO2 per kWh of grid electricity of one region in one year."""

    region: str
    year: int
    kgco2_per_kwh: float
    trust: Trust
    cites: Citation


@dataclass(frozen=True, slots=True)
class Selector:
    """Whom a quota is for. None: any."""

    asset: str  # "organisation" or "building"
    kind: str | None = None
    level: str | None = None
    zone: str | None = None
    province: str | None = None


@dataclass(frozen=True, slots=True)
class Quota:
    """A yearly quota.

    indicator
        ``non_heating_kgce_per_m2``, ``electricity_kwh_per_m2``, ``energy_kgce_per_head``,
        ``water_m3_per_head``: which energy stands above the line, with its exclusions.
    denominator
        ``gross_area_m2`` or ``headcount``; ``headcount_components`` says which people count.
    tiers
        Value of each tier in the indicator's unit, strictest last.
    """

    id: str
    title: Text
    cites: Citation
    indicator: str
    unit: str
    denominator: str
    headcount_components: Sequence[str]
    factor_set: str
    selectors: Sequence[Selector]
    tiers: Mapping[Tier, float]
    trust: Trust


@dataclass(frozen=True, slots=True)
class Target:
    """A reduction of ``measure`` by ``reduction_pct`` from base year to target year, on a linear path."""

    id: str
    title: Text
    cites: Citation
    measure: str
    factor_set: str
    base_year: int
    target_year: int
    reduction_pct: float
    trust: Trust

    def allowed_share(self, year: int) -> float:
        """Share of the base value that the path allows in ``year`` (1 in the base year).

        Linear in between; held at the target year's value after it and at 1 before the base year.
        """
        done = (year - self.base_year) / (self.target_year - self.base_year)
        return 1 - self.reduction_pct / 100 * min(max(done, 0.0), 1.0)


@dataclass(frozen=True, slots=True)
class Rule:
    """An alert rule.

    input
        Measure (of grain ``day``) that is watched, or ``silence_h``: hours since the last reading.
    above
        The condition is met where the input is greater.
    clear_below
        Once firing, the condition counts as met until the input is at or below this (hysteresis).
    for_, keep_firing_for
        How long it must be met before firing, and be clear before it resolves.
    advice
        What to do, for the officer who gets it.
    """

    id: str
    title: Text
    cites: Citation
    input: str
    above: float
    clear_below: float
    for_: timedelta
    keep_firing_for: timedelta
    severity: str
    advice: Text
    trust: Trust = Trust.UNVERIFIED


@dataclass(frozen=True)
class Rulebook:
    """All packs together. Look-ups raise NotFoundError."""

    instruments: Mapping[str, Instrument] = field(default_factory=dict)
    factor_sets: Mapping[str, FactorSet] = field(default_factory=dict)
    grid_factors: Sequence[GridFactor] = ()
    quotas: Mapping[str, Quota] = field(default_factory=dict)
    targets: Mapping[str, Target] = field(default_factory=dict)
    rules: Mapping[str, Rule] = field(default_factory=dict)
    norms: "Mapping[str, Norm]" = field(default_factory=dict)
    asset_kinds: "Mapping[str, AssetKind]" = field(default_factory=dict)
    idle_rules: "Mapping[str, IdleRule]" = field(default_factory=dict)
    scores: "Mapping[str, ScoreScheme]" = field(default_factory=dict)

    def clause(self, cites: Citation) -> tuple[Instrument, Clause]:
        """The instrument and clause that a citation names."""
        try:
            instrument = self.instruments[cites.instrument]
            return instrument, instrument.clauses[cites.clause]
        except KeyError:
            raise NotFoundError(
                f"a citation must name a clause of the rulebook, got {cites.instrument} {cites.clause}"
            ) from None

    def grid_factor(self, region: str, year: int) -> GridFactor:
        """The factor of the region and year; the latest earlier one where the year's is not published.

        The answer's ``year`` tells which: an earlier one is provisional (暂用).
        """
        known = [f for f in self.grid_factors if f.region == region and f.year <= year]
        if not known:
            raise NotFoundError(
                f"a grid factor must exist for the region up to the year, got {region} {year}"
            )
        return max(known, key=lambda f: f.year)
