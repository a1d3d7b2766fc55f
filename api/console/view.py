"""What the overview page shows, as values: drawn up here, only placed by the templates."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from analytics.carbon.statuses import CarbonStatus
from analytics.yearly.quotas import QuotaStatus
from api.accounts import Accounts, quota_item
from api.console.standing import GROUPS, Bar, Standing, bar_of, judge, worst
from api.tree import Tree
from quotawatt.measures import measure
from quotawatt.register.model import Building, Organisation, Register
from quotawatt.rulebook.model import Rulebook
from quotawatt.spans import judged_year

ENERGY_INDICATOR = "energy_kgce_per_head"
"""The one indicator that adds up every carrier: where the tile's coal equivalent comes from."""


@dataclass(frozen=True)
class QuotaView:
    """One account of a row: the status, its judgement, its bar, and what the rulebook says.

    item
        The account as the API lists it: with title, tiers, unit and clause.
    """

    item: Mapping[str, Any]
    status: QuotaStatus
    standing: Standing
    bar: Bar


@dataclass(frozen=True)
class Row:
    """One organisation or building of the table; ``depth`` in the tree, 0 at the top.

    quotas
        The one that stands worst first, the tightest of equals before the others.
    open_alerts
        Of the asset and all below it.
    """

    asset: Organisation | Building
    is_building: bool
    depth: int
    electricity_kwh: float | None
    quotas: tuple[QuotaView, ...]
    carbon: tuple[CarbonStatus, ...]
    open_alerts: int


@dataclass(frozen=True)
class Tiles:
    """The figures at the top. Masses in kgce and kgCO2; None: not known.

    organisations, buildings
        How many are ``over``, ``amber``, ``fine``, ``unknown``, by their worst quota.
    energy_kgce, energy_basis
        Of all organisations without one above them, and how electricity was converted.
    """

    organisations: Mapping[str, int]
    buildings: Mapping[str, int]
    electricity_kwh: float | None
    energy_kgce: float | None
    energy_basis: str | None
    carbon_used_kgco2: float | None
    carbon_limit_kgco2: float | None
    carbon_projected_kgco2: float | None

    @property
    def carbon_share_pct(self) -> float | None:
        """Used against allowed."""
        return _share(self.carbon_used_kgco2, self.carbon_limit_kgco2)

    @property
    def carbon_projected_share_pct(self) -> float | None:
        """Projected against allowed."""
        return _share(self.carbon_projected_kgco2, self.carbon_limit_kgco2)


def default_year(now: datetime, zone: ZoneInfo) -> int:
    """The year shown first: the one judged now, but all January the one that has just ended.

    Its account is being closed then, and the new one says nothing yet.
    """
    local = now.astimezone(zone)
    return local.year - 1 if local.month == 1 else judged_year(now, zone)


def table_rows(
    register: Register,
    accounts: Accounts,
    electricity_kwh: Mapping[str, float],
    alerts: Sequence[Mapping[str, Any]],
    rulebook: Rulebook,
) -> list[Row]:
    """Organisations by region with their buildings below them."""
    tree = Tree(register)
    alerting = [alert["asset"] for alert in alerts]
    rows = []
    for code, depth in _walk(tree, register, tree.children(None), 0):
        below = set(tree.under(code))
        asset = register.organisations.get(code) or register.buildings[code]
        rows.append(
            Row(
                asset=asset,
                is_building=isinstance(asset, Building),
                depth=depth,
                electricity_kwh=electricity_kwh.get(code),
                quotas=_quotas_of(code, accounts, rulebook),
                carbon=tuple(s for s in accounts.carbon.statuses if s.asset == code),
                open_alerts=sum(a in below for a in alerting),
            )
        )
    return rows


def tiles(rows: Sequence[Row], register: Register, rulebook: Rulebook) -> Tiles:
    """The figures at the top, from the rows of the table."""
    tops = [r for r in rows if not r.is_building and _is_top(r.asset, register)]
    energy = [q.status for r in tops for q in r.quotas if q.status.indicator == ENERGY_INDICATOR]
    carbon = [s for r in tops for s in r.carbon[:1]]
    return Tiles(
        organisations=_count(r for r in rows if not r.is_building),
        buildings=_count(r for r in rows if r.is_building),
        electricity_kwh=_sum(r.electricity_kwh for r in tops),
        energy_kgce=_sum(s.used for s in energy),
        energy_basis=_basis(energy, rulebook),
        carbon_used_kgco2=_sum(s.used_kgco2 for s in carbon),
        carbon_limit_kgco2=_sum(s.limit_kgco2 for s in carbon),
        carbon_projected_kgco2=_sum(s.projected_kgco2 for s in carbon),
    )


def worst_building(rows: Sequence[Row]) -> str | None:
    """The building whose year comes to the highest share of a constraint; None without buildings.

    One without a quota comes after all that have one; of equals the first by code.
    """
    tightest = {
        row.asset.code: max((_tightness(q.status) for q in row.quotas), default=-1.0)
        for row in rows
        if row.is_building
    }
    return min(tightest, key=lambda code: (-tightest[code], code), default=None)


def account_figures(evidence: Mapping[str, Any]) -> tuple[float, float, str] | None:
    """Used, limit and unit from an alert's evidence; None where it is not about an account."""
    for name, used in evidence.items():
        kind, _, what = name.partition("_")
        limit = evidence.get(name.replace("_used_", "_limit_", 1))
        if kind in {"quota", "carbon"} and what.startswith("used_") and limit is not None:
            return used, limit, measure(name).unit
    return None


def _count(rows: Iterable[Row]) -> dict[str, int]:
    """How many rows fall into each group, the worst group first."""
    counted = dict.fromkeys(reversed(GROUPS), 0)
    for row in rows:
        counted[worst([q.standing for q in row.quotas]).group] += 1
    return counted


def _walk(
    tree: Tree, register: Register, codes: Sequence[str], depth: int
) -> Iterator[tuple[str, int]]:
    """Organisations and buildings in the table's order: an organisation's own buildings come first."""
    buildings = [c for c in codes if c in register.buildings]
    organisations = [c for c in codes if c in register.organisations]
    for code in sorted(buildings) + organisations:
        yield code, depth
        if code in register.organisations:
            yield from _walk(tree, register, tree.children(code), depth + 1)


def _quotas_of(code: str, accounts: Accounts, rulebook: Rulebook) -> tuple[QuotaView, ...]:
    views = [
        QuotaView(quota_item(s, rulebook), s, judge(s), bar_of(s))
        for s in accounts.quotas.statuses
        if s.asset == code
    ]
    return tuple(sorted(views, key=lambda v: (v.standing.rank, _tightness(v.status)), reverse=True))


def _tightness(status: QuotaStatus) -> float:
    """Percent of the constraint that the year will come to, as far as is known."""
    return max(status.share_pct, status.projected_share_pct or 0.0)


def _is_top(asset: Organisation | Building, register: Register) -> bool:
    return isinstance(asset, Organisation) and asset.region_parent not in register.organisations


def _basis(energy: Sequence[QuotaStatus], rulebook: Rulebook) -> str | None:
    """``equivalent`` or ``calorific``; None where accounts with different bases were added up."""
    sets = {s.factor_set for s in energy} & set(rulebook.factor_sets)
    bases = {rulebook.factor_sets[name].electricity_basis for name in sets}
    return bases.pop() if len(bases) == 1 else None


def _sum(values: Iterator[float | None]) -> float | None:
    """The sum; None where nothing is there or any part is unknown, for a part is not the whole."""
    known = list(values)
    if not known or any(v is None for v in known):
        return None
    return sum(v for v in known if v is not None)


def _share(value: float | None, limit: float | None) -> float | None:
    return None if value is None or not limit else 100 * value / limit
