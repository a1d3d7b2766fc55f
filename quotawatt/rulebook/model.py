"""The rulebook as values: instruments, factor sets, quotas, targets and alert rules.

Packs (YAML) are loaded into these. Every number carries its trust mark: a number that was not read in
its source is shown as such wherever it is used.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from quotawatt.errors import NotFoundError
from quotawatt.rulebook.alert_rules import Rule
from quotawatt.rulebook.announced import AnnouncedCalendar
from quotawatt.rulebook.assessment import Benchmark, Ranking, Scheme
from quotawatt.rulebook.assumptions import Assumption
from quotawatt.rulebook.basics import Citation, Clause, Instrument, Text, Tier, Trust
from quotawatt.rulebook.driver_scores import DriverScheme
from quotawatt.rulebook.forms import Form
from quotawatt.rulebook.indicators import DatedSeason, HeatingSeasons, Indicator, ItemPurpose
from quotawatt.rulebook.inhibitions import Inhibition
from quotawatt.rulebook.norms import AssetKind, IdleRule, Norm, ScoreScheme
from quotawatt.rulebook.routes import Route
from quotawatt.rulebook.scorecards import Scorecard
from quotawatt.rulebook.set_points import SetPoint
from quotawatt.rulebook.targets import Target
from quotawatt.rulebook.tariffs import AgentPrice, PowerFactorTable, Tariff
from quotawatt.rulebook.vehicle_rules import VehicleRule
from quotawatt.rulebook.versions import Versions, edges_of, snapshot

__all__ = [
    "Citation",
    "Clause",
    "Factor",
    "FactorSet",
    "GridFactor",
    "Instrument",
    "Quota",
    "Rule",
    "Rulebook",
    "Selector",
    "Target",
    "Text",
    "Tier",
    "Trust",
]


@dataclass(frozen=True, slots=True)
class Factor:
    """``value`` of ``unit`` (say ``kgce/kWh``) for one measure, e.g. ``electricity_import_kwh``.

    from_set
        The set that it stands in from, where its own set does not have it; empty: it is the set's own.
    """

    value: float
    unit: str
    trust: Trust
    from_set: str = ""


@dataclass(frozen=True, slots=True)
class FactorSet:
    """Factors that belong together. A quota names the one set it is computed with.

    coal_equivalent
        kgce for one unit of a measure. ``electricity_basis`` says 等价 (equivalent) or 当量 (calorific).
    carbon
        kgCO2 for one unit of a measure, electricity apart.
    falls_back_to
        The set whose factors stand in for those that this one does not have; empty: none.
    """

    id: str
    title: Text
    cites: Citation
    electricity_basis: str
    coal_equivalent: Mapping[str, Factor]
    carbon: Mapping[str, Factor]
    falls_back_to: str = ""


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
    """Whom a quota is for. None: any.

    climate
        Climate zone of the site, as the register has it: ``hot_summer_cold_winter``.
    heating
        How the building is heated: ``municipal``, ``air_conditioning`` or ``gas_oil``.
    comfort_class
        ``A`` where opened windows give comfort, ``B`` where only machines do (GB/T 51161).
    """

    asset: str  # "organisation" or "building"
    kind: str | None = None
    level: str | None = None
    zone: str | None = None
    province: str | None = None
    climate: str | None = None
    heating: str | None = None
    comfort_class: str | None = None


@dataclass(frozen=True, slots=True)
class Quota:
    """A yearly quota.

    indicator
        Id of the indicator: which energy stands above the line, and what it is divided by.
    headcount_components
        Which people count; empty where it is not per head.
    tiers
        Value of each tier in the indicator's unit, strictest last.
    """

    id: str
    title: Text
    cites: Citation
    indicator: str
    unit: str
    headcount_components: Sequence[str]
    factor_set: str
    selectors: Sequence[Selector]
    tiers: Mapping[Tier, float]
    trust: Trust


@dataclass(frozen=True)
class Rulebook:
    """All packs together: of every id the newest version. Look-ups raise NotFoundError.

    versions
        All versions of every id by section and id, the oldest first. A section that is not there has none
        (a book made by hand): its entries hold at all times.
    """

    instruments: Mapping[str, Instrument] = field(default_factory=dict)
    factor_sets: Mapping[str, FactorSet] = field(default_factory=dict)
    grid_factors: Sequence[GridFactor] = ()
    item_purposes: Mapping[str, ItemPurpose] = field(default_factory=dict)
    indicators: Mapping[str, Indicator] = field(default_factory=dict)
    heating_seasons: Mapping[str, HeatingSeasons] = field(default_factory=dict)
    heating_dates: Mapping[str, DatedSeason] = field(default_factory=dict)
    quotas: Mapping[str, Quota] = field(default_factory=dict)
    targets: Mapping[str, Target] = field(default_factory=dict)
    scorecards: Mapping[str, Scorecard] = field(default_factory=dict)
    assumptions: Mapping[str, Assumption] = field(default_factory=dict)
    rules: Mapping[str, Rule] = field(default_factory=dict)
    norms: Mapping[str, Norm] = field(default_factory=dict)
    asset_kinds: Mapping[str, AssetKind] = field(default_factory=dict)
    idle_rules: Mapping[str, IdleRule] = field(default_factory=dict)
    scores: Mapping[str, ScoreScheme] = field(default_factory=dict)
    driver_scores: Mapping[str, DriverScheme] = field(default_factory=dict)
    calendars: Mapping[str, AnnouncedCalendar] = field(default_factory=dict)
    set_points: Mapping[str, SetPoint] = field(default_factory=dict)
    vehicle_rules: Mapping[str, VehicleRule] = field(default_factory=dict)
    rankings: Mapping[str, Ranking] = field(default_factory=dict)
    benchmarks: Mapping[str, Benchmark] = field(default_factory=dict)
    schemes: Mapping[str, Scheme] = field(default_factory=dict)
    tariffs: Mapping[str, Tariff] = field(default_factory=dict)
    agent_prices: Mapping[str, AgentPrice] = field(default_factory=dict)
    power_factor_tables: Mapping[str, PowerFactorTable] = field(default_factory=dict)
    forms: Mapping[str, Form] = field(default_factory=dict)
    routes: Mapping[str, Route] = field(default_factory=dict)
    inhibitions: Mapping[str, Inhibition] = field(default_factory=dict)
    versions: Versions = field(default_factory=dict)

    def as_of(self, day: date) -> "Rulebook":
        """The book as it was in force on ``day``: of each id the version of that day, and no other.

        Grid factors all stay, for their year says what they are for, and so do instruments that they
        cite. The answer is kept, so asking again costs nothing.
        """
        if not self._edges:
            return self
        piece = bisect_right(self._edges, day)
        if piece not in self._pieces:
            self._pieces[piece] = snapshot(self, day)
        return self._pieces[piece]

    @cached_property
    def _edges(self) -> tuple[date, ...]:
        return edges_of(self.versions)

    @cached_property
    def _pieces(self) -> dict[int, "Rulebook"]:
        return {}

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
