"""Costs written to the series store, by hour, day and month."""

import numpy as np
import pyarrow as pa

from analytics.calculation import Plan
from analytics.grid import Grid
from analytics.jobs.loading import load, store
from analytics.jobs.turn import Turn
from analytics.totals.rollup import hours_of_days, to_days, to_months
from analytics.totals.tree import Tree
from quotawatt.readings import Grain
from quotawatt.storage.port import SeriesStore


def write_costs(series: SeriesStore, tree: Tree, plan: Plan, costs: Grid, turn: Turn) -> None:
    """Write what has changed, of hours, and of the days and months that they are of."""
    stored = load(series, Grain.HOUR, costs.keys, costs.starts)
    changed = costs.changed_from(stored)
    turn.report.hours += store(series, Grain.HOUR, [costs.results(changed)])
    altered = [key for key, cells in zip(costs.keys, changed, strict=True) if cells.any()]
    days: list[pa.Table] = []
    months: list[pa.Table] = []
    for zone in dict.fromkeys(tree.zone_of(key.subject) for key in altered):
        keys = [key for key in altered if tree.zone_of(key.subject) == zone]
        before = load(series, Grain.DAY, keys, plan.day_starts(zone))
        inside = costs.select(keys).between(hours_of_days(plan.days(zone)))
        after = before.overlay(to_days(inside, zone))
        days.append(after.results(after.changed_from(before)))
        sums = to_months(after, zone)
        months.append(sums.results(np.ones(sums.value.shape, dtype=bool)))
    turn.report.days += store(series, Grain.DAY, days)
    turn.report.months += store(series, Grain.MONTH, months)
