"""Indicators as values: which use stands above the line, what it is divided by, what is left out.

An indicator is data of a pack (section ``indicators``), so a local standard brings its own formula:

    figure = (carriers + items taken in - what is left out) x corrections / denominator

Accounts are kept above the line, in ``amount_unit``; the limit of a tier is its value times the denominator.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from quotawatt.rulebook.basics import Citation, Text, Trust

GROSS_AREA = "gross_area_m2"
HEATED_AREA = "heated_area_m2"
HEADCOUNT = "headcount"
KM_100 = "km_100"
IT_ELECTRICITY = "it_electricity_kwh"
NO_DENOMINATOR = "none"

DENOMINATORS = (GROSS_AREA, HEATED_AREA, HEADCOUNT, KM_100, IT_ELECTRICITY, NO_DENOMINATOR)
FLOWS = frozenset({KM_100, IT_ELECTRICITY})
"""Denominators that grow with the year like the use does: such an account is a ratio, as it stands."""

KGCE_IN: Mapping[str, float] = MappingProxyType({"kgce": 1.0, "tce": 1000.0})
"""How many kgce an amount unit of coal equivalent holds."""

ASSETS = ("organisation", "building", "vehicle")

YEAR = "year"
HEATING = "heating"
SEASONS = (YEAR, HEATING)

CARBON_PER_AREA = "carbon_kgco2_per_m2"
"""Measure of carbon targets and their base values: kgCO2 a year and m² of gross area."""


@dataclass(frozen=True, slots=True)
class Correction:
    """A factor on the use for what the quota's value takes for granted.

        factor = constant + slope x ratio

    by
        ``hours_of_use`` (of the building, hours a year) or ``area_per_person_m2``.
    at
        The value that the quota takes for granted.
    when
        ``above``: applies where the building has more than ``at``, ratio = at / value. ``below``: where it
        has less, ratio = value / at. Otherwise, and where the value is not known, nothing is corrected.
    """

    by: str
    constant: float
    slope: float
    at: float
    when: str
    trust: Trust

    def factor(self, value: float | None) -> float:
        """The factor for a building with this value; 1 where it does not apply."""
        if value is None or value <= 0:
            return 1.0
        if self.when == "above":
            return self.constant + self.slope * self.at / value if value > self.at else 1.0
        return self.constant + self.slope * value / self.at if value < self.at else 1.0


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator.

    amount_unit
        Unit of the use above the line: a key of ``quotawatt.measures.AMOUNT_UNITS``.
    denominator
        One of ``DENOMINATORS``.
    carriers
        Measures whose use is added up.
    takes_in
        Purposes whose items' electricity is added up, beside or instead of carriers.
    converts
        Whether the use is converted to coal equivalent, so that a factor set is needed.
    leaves_out
        Purposes whose items' use leaves the sum where it is sub-metered, and its area the denominator.
    season
        ``year``, or ``heating``: from the day heating begins to the day it ends, across New Year.
    corrections
        Factors on the use, multiplied.
    assets
        The kinds of asset that it can be formed for.
    limit_column
        A column of vehicles that holds the limit of each; empty: limits stand in quotas.
    partly_metered
        Whether the instrument allows dividing by the metered buildings only, where some are not metered.
    formula
        In words.
    """

    id: str
    title: Text
    formula: Text
    unit: str
    amount_unit: str
    denominator: str
    carriers: tuple[str, ...]
    converts: bool
    assets: tuple[str, ...]
    trust: Trust
    cites: Citation | None = None
    takes_in: tuple[str, ...] = ()
    leaves_out: tuple[str, ...] = ()
    season: str = YEAR
    corrections: tuple[Correction, ...] = ()
    limit_column: str = ""
    partly_metered: bool = False


@dataclass(frozen=True, slots=True)
class ItemPurpose:
    """What serves a purpose that formulae name.

    items
        Of the national sub-metering list.
    rooms, equipment
        Uses of rooms, and words in kinds of equipment: a meter that serves one of these is of the purpose.
    heating
        The kinds of heating of buildings for which it holds; empty: all.
    season
        ``year``, or ``heating``: it holds on the days of the heating season only.
    """

    id: str
    title: Text
    items: tuple[str, ...]
    trust: Trust
    cites: Citation | None = None
    rooms: tuple[str, ...] = ()
    equipment: tuple[str, ...] = ()
    heating: tuple[str, ...] = ()
    season: str = YEAR


@dataclass(frozen=True, slots=True)
class Season:
    """Local days of heating, half-open: ``first`` with heating, ``until`` without.

    regular
        Whether these are the days set for every year; else it began or ended on others (提前、延长).
    """

    first: date
    until: date
    regular: bool

    @property
    def year(self) -> int:
        """The calendar year in which it began, by which accounts call it."""
        return self.first.year


@dataclass(frozen=True, slots=True)
class DatedSeason:
    """The days of one season of some places that began early or ended late (提前、延长供暖)."""

    id: str
    places: tuple[str, ...]
    season: Season
    trust: Trust
    cites: Citation | None = None


@dataclass(frozen=True, slots=True)
class HeatingSeasons:
    """The heating seasons (供暖季) of a city or a province.

    place
        A city as the register's sites name it, or a province for all of its cities that have no entry.
    regular_first, regular_until
        (month, day) on which heating begins, and on which there is none any more.
    dated
        Seasons that began early or ended late, by the year in which they began.
    """

    id: str
    place: str
    regular_first: tuple[int, int]
    regular_until: tuple[int, int]
    dated: Mapping[int, Season]
    trust: Trust
    cites: Citation | None = None

    def of_year(self, year: int) -> Season:
        """The season that begins in a calendar year."""
        if year in self.dated:
            return self.dated[year]
        later = self.regular_until <= self.regular_first
        return Season(
            date(year, *self.regular_first), date(year + later, *self.regular_until), regular=True
        )

    def judged(self, day: date) -> Season:
        """The last season that had begun on a day, over or not."""
        return next(
            season
            for season in (self.of_year(day.year - back) for back in (0, 1, 2))
            if season.first <= day
        )
