"""Budgets of money for the routes: daily costs from the store, then their statuses as rows."""

from calendar import isleap
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from analytics.grid import Key
from analytics.jobs.loading import load
from analytics.money.budgets import budget_statuses, with_monthly
from analytics.money.fixed import FIXED, FIXED_OF
from analytics.money.supply import COST, COST_OF
from analytics.totals.rollup import day_edges, month_edges
from analytics.yearly.dailyuse import year_to_date
from analytics.yearly.projection import Matrix
from api.money import name_of
from api.services import Services
from quotawatt.money.budgets import ALL, Budget
from quotawatt.readings import Grain
from quotawatt.spans import year_span

_BY_MONTH = {COST: FIXED, **{COST_OF[carrier]: FIXED_OF[carrier] for carrier in COST_OF}}
"""What is charged by the month beside the cost of the hours."""


def budget_items(
    services: Services, budgets: Sequence[Budget], as_of: datetime
) -> list[dict[str, Any]]:
    """Budgets of one year with what was spent of it up to ``as_of``, and what the year will come to."""
    if not budgets:
        return []
    zone, year = ZoneInfo(services.settings.timezone), budgets[0].year
    to_date = year_to_date(as_of, zone)
    # Of a year that is over all days are judged, of one that has not begun none.
    over = to_date.year > year
    days = to_date.days_in_year if over else to_date.days if to_date.year == year else 0
    complete = days if over else min(to_date.complete_days, days)
    keys = [_key(budget) for budget in budgets]
    this_year = _daily(services, keys, year, zone, days)
    this_year[:, days:] = np.nan
    last_year = _daily(services, keys, year - 1, zone, _days_in(year - 1))
    found = budget_statuses(budgets, this_year, last_year, days, complete)
    register = services.register_source()
    return [
        {
            **{name: value for name, value in asdict(status).items() if name != "budget"},
            **asdict(status.budget),
            "name": name_of(register, status.budget.organisation),
        }
        for status in found
    ]


def _days_in(year: int) -> int:
    """365, or 366 of a leap year."""
    return 366 if isleap(year) else 365


def _key(budget: Budget) -> Key:
    measure = COST if budget.carrier == ALL else COST_OF[budget.carrier]
    return Key(budget.organisation, measure)


def _daily(services: Services, keys: Sequence[Key], year: int, zone: ZoneInfo, days: int) -> Matrix:
    """A row a key, a column a day of the year, with what is charged by the month; NaN: not known."""
    span = year_span(year, zone)
    by_day = load(services.series, Grain.DAY, keys, day_edges(span, zone)[:-1])
    monthly = [Key(key.subject, _BY_MONTH[key.measure]) for key in keys]
    by_month = load(services.series, Grain.MONTH, monthly, month_edges(span, zone)[:-1])
    rows = np.array([by_day.value[by_day.row(key)] for key in keys])
    charges = np.array([by_month.value[by_month.row(key)] for key in monthly])
    return with_monthly(rows, charges, year, days)
