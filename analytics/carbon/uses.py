"""What a carbon tree is drawn from: the use of one asset by month and node, before any factor.

Nothing counts twice. Vehicles that charge at a charger of their organisation draw from the building's own
electricity; only what they charged elsewhere is added:

    elsewhere = max(energy that the vehicles say they charged - energy that the chargers' meters show, 0)

and nothing where a charger has no meter, for then all of it may have been drawn there. Electricity of rooms
that somebody else occupies is passed on (转供电) and deducted; that of rooms which one's own organisations
occupy in others' buildings is added.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.carbon.emissions import ELECTRICITY
from analytics.carbon.nodes import DEFAULT_NODE, GENERATORS, VEHICLES
from analytics.carbon.reach import CHARGED, EXPORT, PV, Reach, reach_of
from analytics.totals.segments import Segment

Months = NDArray[np.float64]
"""Twelve figures, January first."""


@dataclass(frozen=True)
class CarbonUse:
    """Use of one asset in one local calendar year, by month; a month not known counts nothing.

    by_node
        Use by node and measure, in the measure's unit: fuels and heat.
    bought_kwh, passed_on_kwh, taken_over_kwh
        Electricity drawn, of that passed on to others, and what one draws in others' buildings.
    charged_elsewhere_kwh, charged_at_own_kwh
        What the vehicles charged elsewhere, and what they charged within the electricity drawn.
    pv_self_use_kwh, pv_export_kwh
        What plants made and was used on the spot, and what was fed in.
    coverage
        Mean share of the results that rests on measurements, 0..1.
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


def carbon_use(
    asset: str, daily: pd.DataFrame, pieces: Sequence[Segment], zone: ZoneInfo
) -> CarbonUse:
    """The use of an asset by month and node.

    daily
        Daily results of ``needed_pairs``: columns subject, measure, start (UTC), value, coverage. Rows
        without a value, and those outside the pieces, are not counted.
    pieces
        The days judged of one calendar year, cut where the register changes; there is at least one.
    zone
        The asset's zone, whose days and months these are.
    """
    rows = _rows(daily, pieces, zone)
    sums = _Sums(rows, asset, pieces)
    bought, export, made = (sums.own(name) for name in (ELECTRICITY, EXPORT, PV))
    charged = sums.over(lambda reach: reach.vehicles, CHARGED)
    elsewhere = sums.charged_elsewhere()
    mine = rows[rows["subject"] == asset]
    return CarbonUse(
        asset=asset,
        year=pieces[0].first.year,
        by_node=sums.by_node(),
        bought_kwh=bought,
        passed_on_kwh=np.minimum(sums.over(lambda r: r.passed_on, ELECTRICITY), bought),
        taken_over_kwh=sums.over(lambda r: r.taken_over, ELECTRICITY),
        charged_elsewhere_kwh=elsewhere,
        charged_at_own_kwh=charged - elsewhere,
        pv_self_use_kwh=np.maximum(made - export, 0.0),
        pv_export_kwh=export,
        coverage=float(mine["coverage"].mean()) if len(mine) else 0.0,
        days=int(mine["day"].nunique()),
    )


def _rows(daily: pd.DataFrame, pieces: Sequence[Segment], zone: ZoneInfo) -> pd.DataFrame:
    """The rows with a value within the pieces, with their local day, month (0..11) and piece."""
    known = daily[daily["value"].notna()]
    local = pd.DatetimeIndex(known["start"]).tz_convert(zone).tz_localize(None)
    days = local.to_numpy().astype("datetime64[D]")
    first, until = (np.datetime64(d, "D") for d in (pieces[0].first, pieces[-1].until))
    edges = np.array([p.first for p in pieces[1:]], dtype="datetime64[D]")
    rows = known.assign(
        day=days, month=local.month.to_numpy() - 1, piece=np.searchsorted(edges, days, "right")
    )
    return rows[(days >= first) & (days < until)]


class _Sums:
    """Sums by piece, subject and measure, twelve months each."""

    def __init__(self, rows: pd.DataFrame, asset: str, pieces: Sequence[Segment]) -> None:
        self._asset = asset
        self._reaches = [reach_of(asset, piece.register) for piece in pieces]
        self._sums: dict[tuple[int, str, str], Months] = {}
        grouped = rows.groupby(["piece", "subject", "measure", "month"], as_index=False)[
            "value"
        ].sum()
        columns = (
            grouped[name].tolist() for name in ("piece", "subject", "measure", "month", "value")
        )
        for piece, subject, name, month, value in zip(*columns, strict=True):
            self._sums.setdefault((piece, subject, name), np.zeros(12))[month] += value

    def own(self, name: str) -> Months:
        """A measure of the asset itself."""
        return self.over(lambda _: (self._asset,), name)

    def over(self, codes: Callable[[Reach], Sequence[str]], name: str) -> Months:
        """A measure of what ``codes`` picks of each piece's reach."""
        total = np.zeros(12)
        for n, reach in enumerate(self._reaches):
            for code in codes(reach):
                total += self._sum(n, code, name)
        return total

    def charged_elsewhere(self) -> Months:
        """What vehicles charged beyond what their own chargers gave."""
        total = np.zeros(12)
        for n, reach in enumerate(self._reaches):
            if reach.chargers is None:
                continue
            charged = sum((self._sum(n, v, CHARGED) for v in reach.vehicles), np.zeros(12))
            given = sum(float(self._sum(n, m, ELECTRICITY).sum()) for m in reach.chargers)
            whole = float(charged.sum())
            # Over the whole piece: a night's charging may end in the next month at one of the two.
            total += charged * (max(whole - given, 0.0) / whole if whole > 0 else 0.0)
        return total

    def by_node(self) -> dict[tuple[str, str], Months]:
        """Fuels and heat by node and measure; what no meter says more of at the carrier's own node."""
        found: dict[tuple[str, str], Months] = {}
        for name, default in DEFAULT_NODE.items():
            for n, reach in enumerate(self._reaches):
                rest = self._sum(n, self._asset, name).copy()
                for node, amount in self._said(n, reach, name, rest).items():
                    found[node, name] = found.get((node, name), np.zeros(12)) + amount
                    rest -= amount
                found[default, name] = found.get((default, name), np.zeros(12)) + rest
        return {key: months for key, months in found.items() if months.any()}

    def _said(self, n: int, reach: Reach, name: str, total: Months) -> dict[str, Months]:
        """Of a carrier's use what goes to another node than its own; never more than the total."""
        said: dict[str, Months] = {}
        for code, node in reach.fuel_meters:
            said[node] = said.get(node, np.zeros(12)) + self._sum(n, code, name)
        said.pop(DEFAULT_NODE[name], None)
        if DEFAULT_NODE[name] == VEHICLES:
            burnt = sum((self._sum(n, code, name) for code in reach.buildings), np.zeros(12))
            said = {GENERATORS: burnt}
        whole = sum(said.values(), np.zeros(12))
        share = np.divide(total, whole, out=np.ones(12), where=whole > total)
        return {node: amount * share for node, amount in said.items()}

    def _sum(self, piece: int, subject: str, name: str) -> Months:
        return self._sums.get((piece, subject, name), np.zeros(12))
