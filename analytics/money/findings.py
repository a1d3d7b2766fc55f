"""What keeps use from having a cost: no contract, or no price of the month."""

from collections.abc import Iterator

import numpy as np

from analytics.grid import HOUR_US, Bools, Grid, Key, instant_of
from analytics.money.costs import OF_VEHICLES_ONLY, cost_key
from analytics.money.supply import Supply
from quotawatt.findings import Finding


def money_findings(use: Grid, costs: Grid, supply: Supply) -> list[Finding]:
    """``contract_missing`` and ``price_missing`` of points with use that has no cost; of roots alone."""
    return [finding for key in use.keys for finding in _of_point(key, use, costs, supply)]


def _of_point(key: Key, use: Grid, costs: Grid, supply: Supply) -> Iterator[Finding]:
    # What stands behind another meter, or is charged from one, is in that one's use.
    meter = supply.tree.register.meters.get(key.subject)
    inside = key.measure in OF_VEHICLES_ONLY or (meter is not None and meter.parent is not None)
    cost = None if inside else cost_key(key)
    row = None if cost is None else costs.row(cost)
    if row is None:
        return
    used = np.nan_to_num(use.select([key]).value[0]) > 0
    without = used & np.isnan(costs.value[row])
    covered = supply.covered(key, use.starts)
    if (without & ~covered).any():
        yield _finding("contract_missing", key, use, without & ~covered)
    if (without & covered).any():
        yield _finding("price_missing", key, use, without & covered)


def _finding(code: str, key: Key, use: Grid, cells: Bools) -> Finding:
    """One for a point and year; its span is from the first such hour to the end of the last."""
    starts = use.starts[cells]
    since, until = instant_of(starts[0]), instant_of(starts[-1] + HOUR_US)
    detail: dict[str, str | float | int | None] = {
        "quantity": key.measure,
        "year": until.year,
        "since": since.isoformat(),
        "until": until.isoformat(),
    }
    return Finding(code, key.subject, detail)
