"""What a carbon tree is drawn from: the use of one asset by month and node, before any factor."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.carbon.emissions import ELECTRICITY, SCOPES
from analytics.carbon.nodes import DEFAULT_NODE, GENERATORS, VEHICLES
from analytics.carbon.power import power_days
from analytics.carbon.reach import EXPORT, PV, FuelReach, fuel_reach, needed_pairs
from analytics.carbon.yeartable import Row, YearTable, inside
from analytics.totals.segments import Segment
from analytics.yearly.budgets import month_starts
from analytics.yearly.dailyuse import DailyUse

Months = NDArray[np.float64]
"""Twelve figures, January first."""


@dataclass(frozen=True)
class CarbonUse:
    """Use of one asset in one local calendar year, by month; a day not known counts nothing.

    by_node
        Use by node and measure, in the measure's unit: fuels and heat.
    bought_kwh, passed_on_kwh, taken_over_kwh
        Electricity drawn, of that passed on to others, and what one draws in others' buildings.
    charged_elsewhere_kwh, charged_at_own_kwh
        What the vehicles charged elsewhere, and what they charged within the electricity drawn.
    pv_self_use_kwh, pv_export_kwh
        What plants made and was used on the spot, and what was fed in.
    coverage
        Mean share of the days judged that rests on measurements, over what emits, 0..1.
    days
        Days with a result of the asset itself.
    """

    asset: str
    year: int
    by_node: Mapping[tuple[str, str], Months]
    bought_kwh: Months
    passed_on_kwh: Months
    taken_over_kwh: Months
    charged_elsewhere_kwh: Months
    charged_at_own_kwh: Months
    pv_self_use_kwh: Months
    pv_export_kwh: Months
    coverage: float
    days: int

    @property
    def amounts(self) -> dict[str, float]:
        """All that emits, by measure: electricity is what the asset answers for, charging elsewhere too."""
        power = self.bought_kwh - self.passed_on_kwh + self.taken_over_kwh
        found = {ELECTRICITY: float((power + self.charged_elsewhere_kwh).sum())}
        for (_, name), months in self.by_node.items():
            found[name] = found.get(name, 0.0) + float(months.sum())
        return {name: amount for name, amount in found.items() if amount}


def carbon_use(asset: str, use: DailyUse, pieces: Sequence[Segment]) -> CarbonUse:
    """The use of an asset by month and node.

    use
        Holds the daily results of ``needed_pairs``; what it does not hold is not known.
    pieces
        The days judged of one calendar year, cut where the register changes; there is at least one.
    """
    year = pieces[0].first.year
    table = YearTable(use, needed_pairs(asset, pieces), year)
    power = power_days(asset, pieces, table)
    made, export = (
        by_month(np.nan_to_num(inside(table.row((asset, name)), pieces, year)), year)
        for name in (PV, EXPORT)
    )
    return CarbonUse(
        asset=asset,
        year=year,
        by_node=_by_node(asset, pieces, table),
        bought_kwh=by_month(np.nan_to_num(power.bought), year),
        passed_on_kwh=by_month(power.passed_on, year),
        taken_over_kwh=by_month(power.taken_over, year),
        charged_elsewhere_kwh=by_month(power.charged_elsewhere, year),
        charged_at_own_kwh=by_month(power.charged_at_own, year),
        pv_self_use_kwh=np.maximum(made - export, 0.0),
        pv_export_kwh=export,
        coverage=_coverage(asset, pieces, table),
        days=_days(asset, pieces, table),
    )


def by_month(days: Row, year: int) -> Months:
    """Sums of the months of a row of days."""
    sums: Months = np.add.reduceat(days, month_starts(year))
    return sums


def _coverage(asset: str, pieces: Sequence[Segment], table: YearTable) -> float:
    judged = slice(table.columns(pieces[0]).start, table.columns(pieces[-1]).stop)
    pairs = [(asset, name) for name in SCOPES if table.known((asset, name))]
    found = [float(table.coverage(pair)[judged].mean()) for pair in pairs]
    return float(np.mean(found)) if found else 0.0


def _days(asset: str, pieces: Sequence[Segment], table: YearTable) -> int:
    rows = [inside(table.row((asset, name)), pieces, table.year) for name in (*SCOPES, PV, EXPORT)]
    return int((~np.isnan(rows)).any(axis=0).sum())


def _by_node(
    asset: str, pieces: Sequence[Segment], table: YearTable
) -> dict[tuple[str, str], Months]:
    """Fuels and heat by node and measure; what no meter says more of at the carrier's own node."""
    found: dict[tuple[str, str], Months] = {}
    for piece in pieces:
        reach = fuel_reach(asset, piece.register)
        for name, default in DEFAULT_NODE.items():
            rest = by_month(table.within(piece, (asset, name)), table.year)
            for node, amount in _said(piece, reach, name, rest, table).items():
                found[node, name] = found.get((node, name), np.zeros(12)) + amount
                rest = rest - amount
            found[default, name] = found.get((default, name), np.zeros(12)) + rest
    return {key: months for key, months in found.items() if months.any()}


def _said(
    piece: Segment, reach: FuelReach, name: str, total: Months, table: YearTable
) -> dict[str, Months]:
    """Of a carrier's use what goes to another node than its own; never more than the total."""
    if DEFAULT_NODE[name] == VEHICLES:
        burnt = table.over(piece, ((code, name) for code in reach.buildings))
        said = {GENERATORS: by_month(burnt, table.year)}
    else:
        said = {}
        for code, node in reach.meters:
            amount = by_month(table.within(piece, (code, name)), table.year)
            said[node] = said.get(node, np.zeros(12)) + amount
        said.pop(DEFAULT_NODE[name], None)
    whole = sum(said.values(), np.zeros(12))
    share = np.divide(total, whole, out=np.ones(12), where=whole > total)
    return {node: amount * share for node, amount in said.items()}
