"""The days of an account that targets are judged by: what its meters say, and the power it answers for."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analytics.carbon.emissions import ELECTRICITY, MEMOS, SCOPES
from analytics.carbon.power import power_days
from analytics.carbon.reach import Pair, power_reach
from analytics.carbon.yeartable import Row, YearTable, inside
from analytics.totals.segments import Segment

POWER = "net_electricity_kwh"
"""Row of the electricity that an asset answers for (see ``power``); that of its meters is ``ELECTRICITY``."""

WATER = "water_m3"


@dataclass(frozen=True)
class AccountDays:
    """Use of an asset by measure, and ``POWER``; what has no day in either year has no row.

    this_year
        The days judged; NaN: not known, or not judged.
    last_year
        All days of the year before.
    coverage
        Mean share of the days judged that rests on measurements, 0..1.
    memo
        Amounts of the days judged that nothing is emitted of.
    """

    this_year: Mapping[str, Row]
    last_year: Mapping[str, Row]
    coverage: Mapping[str, float]
    memo: Mapping[str, float]


def account_pairs(asset: str, pieces: Iterable[Segment]) -> set[Pair]:
    """The daily series that the days of an account are drawn from."""
    found: set[Pair] = {(asset, name) for name in (*SCOPES, *MEMOS, WATER)}
    for piece in pieces:
        found |= power_reach(asset, piece.register).pairs
    return found


def account_days(
    asset: str,
    pieces: Sequence[Segment],
    last_pieces: Sequence[Segment],
    this: YearTable,
    last: YearTable,
) -> AccountDays:
    """The days of an organisation or building.

    pieces, last_pieces
        The days judged, and the whole year before, cut where the register changes.
    this, last
        Hold the series of ``account_pairs`` of both.
    """
    judged = slice(this.columns(pieces[0]).start, this.columns(pieces[-1]).stop)
    now = {n: inside(this.row((asset, n)), pieces, this.year) for n in (*SCOPES, WATER)}
    before = {n: last.row((asset, n)) for n in (*SCOPES, WATER)}
    now[POWER] = power_days(asset, pieces, this).net
    before[POWER] = power_days(asset, last_pieces, last).net
    held = [n for n in now if not (np.isnan(now[n]).all() and np.isnan(before[n]).all())]
    covered = {n: this.coverage((asset, ELECTRICITY if n == POWER else n)) for n in held}
    memo = {n: inside(this.row((asset, n)), pieces, this.year) for n in MEMOS}
    return AccountDays(
        this_year={n: now[n] for n in held},
        last_year={n: before[n] for n in held},
        coverage={n: float(covered[n][judged].mean()) for n in held},
        memo={n: float(np.nansum(row)) for n, row in memo.items() if not np.isnan(row).all()},
    )
