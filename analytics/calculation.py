"""One recomputation, without the stores: what it needs, and what it makes of it.

First the plan: which series of results, over which hours and days. Then the hours: use laid over what is
stored, totals up the tree, expected values. Then from these the days with carbon and excess, and the
months.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np

from analytics.baselines.fitted import FittedBaseline
from analytics.carbon.emissions import SCOPES
from analytics.carbon.series import carbon_series
from analytics.consumption.windows import hull
from analytics.expected.expectations import (
    DAILY,
    ELECTRICITY,
    HOURLY,
    LEAD,
    TEMPERATURE,
    ModelAt,
    daily_expectations,
    hourly_expectations,
)
from analytics.grid import Bools, Grid, Key, Micros, empty_grid, hour_starts, micros_of, stack
from analytics.totals.rollup import (
    add_up,
    day_edges,
    hours_of_days,
    month_edges,
    to_days,
    to_months,
    whole_days,
    whole_months,
)
from analytics.totals.tree import Tree
from quotawatt.findings import Finding
from quotawatt.rulebook.model import Rulebook
from quotawatt.spans import Span

CARBON = ("carbon_kgco2", "carbon_market_kgco2")

BuildingModelAt = Callable[[str, datetime], FittedBaseline | None]
"""The model of a building for the local month that holds an instant; None: there is none."""


@dataclass(frozen=True)
class Plan:
    """What a recomputation covers.

    windows
        Hours to compute anew for each point.
    hours
        The smallest span that holds them all.
    totals
        Totals that any of the points enters, parts before their totals.
    judged
        Buildings whose use is held against expectation, with their sites.
    """

    windows: Mapping[Key, Span]
    hours: Span
    totals: tuple[Key, ...]
    judged: tuple[tuple[str, str], ...]
    tree: Tree

    @property
    def zones(self) -> tuple[ZoneInfo, ...]:
        """Time zones of all subjects."""
        subjects = {key.subject for key in (*self.windows, *self.totals)}
        return tuple(dict.fromkeys(self.tree.zone_of(subject) for subject in sorted(subjects)))

    def hour_keys(self) -> tuple[Key, ...]:
        """All series of hourly results that are needed: touched, their siblings, totals, expected."""
        parts = [part for total in self.totals for part in self.tree.parts(total, self.hours)]
        use = [
            Key(building, name) for building, _ in self.judged for name in (ELECTRICITY, *HOURLY)
        ]
        weather = [Key(site, TEMPERATURE) for _, site in self.judged]
        return tuple(dict.fromkeys([*self.windows, *parts, *self.totals, *use, *weather]))

    def hour_starts(self) -> Micros:
        """The hours of all local days touched, and a day before them that leads the weather in."""
        days = hull(hours_of_days(self.days(zone)) for zone in self.zones)
        return hour_starts(Span(days.start - LEAD, days.end))

    def days(self, zone: ZoneInfo) -> Span:
        """The local days touched."""
        return whole_days(self.hours, zone)

    def day_starts(self, zone: ZoneInfo) -> Micros:
        """All days of the local months touched."""
        return day_edges(whole_months(self.days(zone), zone), zone)[:-1]

    def summed_keys(self, zone: ZoneInfo) -> tuple[Key, ...]:
        """Points and totals whose days are those of the zone."""
        keys = dict.fromkeys((*self.windows, *self.totals))
        return tuple(key for key in keys if self.tree.zone_of(key.subject) == zone)

    def emitting(self, zone: ZoneInfo) -> tuple[str, ...]:
        """Buildings and organisations of the zone whose emissions change."""
        register = self.tree.register
        subjects = dict.fromkeys(
            key.subject
            for key in self.totals
            if key.measure in SCOPES
            and (key.subject in register.buildings or key.subject in register.organisations)
        )
        return tuple(s for s in subjects if self.tree.zone_of(s) == zone)

    def judged_in(self, zone: ZoneInfo) -> tuple[str, ...]:
        """Buildings of the zone that are held against expectation."""
        return tuple(b for b, _ in self.judged if self.tree.zone_of(b) == zone)

    def day_keys(self, zone: ZoneInfo) -> tuple[Key, ...]:
        """All series of daily results of the zone: sums, what emissions rest on and are, excess."""
        emitting, judged = self.emitting(zone), self.judged_in(zone)
        emissions = [Key(subject, name) for subject in emitting for name in (*SCOPES, *CARBON)]
        expected = [Key(building, name) for building in judged for name in DAILY]
        return tuple(dict.fromkeys([*self.summed_keys(zone), *emissions, *expected]))

    def month_keys(self, zone: ZoneInfo) -> tuple[Key, ...]:
        """All series of monthly results of the zone: sums and emissions."""
        return (
            *self.summed_keys(zone),
            *(Key(s, name) for s in self.emitting(zone) for name in CARBON),
        )


def make_plan(windows: Mapping[Key, Span], tree: Tree, stale: Iterable[Key] = ()) -> Plan:
    """The plan of a recomputation; there is at least one window.

    stale
        Totals that may have lost all their parts, to compute in any case.
    """
    totals = tree.totals_over(windows, stale)
    buildings = tree.register.buildings.values()
    judged = tuple(
        (b.code, b.site)
        for b in buildings
        if Key(b.code, ELECTRICITY) in totals or Key(b.site, TEMPERATURE) in windows
    )
    return Plan(dict(windows), hull(windows.values()), totals, judged, tree)


def new_hours(plan: Plan, stored: Grid, use: Grid) -> Grid:
    """What is stored with the new use and its totals in place of the old, within the plan's hours.

    ``use`` has a row for each window; of it only the cells within the windows count.
    """
    merged = stored.overlay(use, _within(plan.windows, use))
    return merged.overlay(add_up(merged.between(plan.hours), plan.totals, plan.tree))


def with_expected_hours(plan: Plan, hours: Grid, model_at: BuildingModelAt) -> Grid:
    """The hours with expected use and its band in the local days touched."""
    for zone in plan.zones:
        days = plan.days(zone)
        inside = hours.between(Span(days.start - LEAD, hours_of_days(days).end))
        expected = [
            hourly_expectations(
                building,
                inside.starts,
                inside.select([Key(site, TEMPERATURE)]).value[0],
                month_edges(days, zone)[:-1],
                _known_models(building, model_at),
            )
            for building, site in plan.judged
            if plan.tree.zone_of(building) == zone
        ]
        if expected:
            hours = hours.overlay(stack(expected))
    return hours


def new_days(
    plan: Plan,
    zone: ZoneInfo,
    hours: Grid,
    stored: Grid,
    rulebook: Rulebook,
    model_at: BuildingModelAt,
    now: datetime,
) -> tuple[Grid, tuple[Finding, ...]]:
    """Stored days of the zone with the touched ones replaced: sums, emissions, excess."""
    span = plan.days(zone)
    inside = hours.between(hours_of_days(span))
    days = stored.overlay(to_days(inside.select(plan.summed_keys(zone)), zone))
    for building in plan.judged_in(zone):
        judged = daily_expectations(
            building,
            inside.select([Key(building, name) for name in HOURLY]),
            inside.select([Key(building, ELECTRICITY)]),
            day_edges(span, zone),
            month_edges(span, zone)[:-1],
            _known_models(building, model_at),
            now,
        )
        days = days.overlay(judged)
    return _with_emissions(plan, zone, days, rulebook)


def new_months(plan: Plan, zone: ZoneInfo, days: Grid) -> Grid:
    """The touched months of the zone, from all their days."""
    return to_months(days.select(plan.month_keys(zone)), zone)


def _with_emissions(
    plan: Plan, zone: ZoneInfo, days: Grid, rulebook: Rulebook
) -> tuple[Grid, tuple[Finding, ...]]:
    emitting = plan.emitting(zone)
    if not emitting:
        return days, ()
    touched = days.between(plan.days(zone))
    energy = touched.select([Key(s, name) for s in emitting for name in SCOPES])
    found = carbon_series(energy.frame(), plan.tree.register, rulebook, plan.tree.default_zone)
    keys = [Key(s, name) for s in emitting for name in CARBON]
    carbon = empty_grid(keys, touched.starts).place(found.results)
    return days.overlay(carbon), found.findings


def _known_models(building: str, model_at: BuildingModelAt) -> ModelAt:
    return lambda instant: model_at(building, instant)


def _within(windows: Mapping[Key, Span], use: Grid) -> Bools:
    """The cells of ``use`` that lie in the window of their row."""
    first = np.array([micros_of(windows[key].start) for key in use.keys])[:, np.newaxis]
    until = np.array([micros_of(windows[key].end) for key in use.keys])[:, np.newaxis]
    return np.asarray((use.starts >= first) & (use.starts < until))
