"""Tests of tariffs as data: given one month's use by period, the lines of the bill in CNY.

``given`` has the use by period (``flat`` where the tariff has no windows), in the tariff's unit, and any of
``used_before``, ``area_m2``, ``power_factor``, ``capacity_kva`` and ``demand_kw``. ``expect`` names lines of
the bill, all periods or steps of a line together: ``energy``, ``funds``, ``tier``, ``total``, ...
"""

from collections.abc import Mapping
from datetime import date

import numpy as np

from analytics.grid import Floats, hour_starts
from analytics.money.bills import Metered, bill_of
from analytics.money.rates import PriceBook, Rates
from analytics.packtests.world import ZONE
from quotawatt.money.bills import BillLine
from quotawatt.money.contracts import BY_ACTUAL, BY_CAPACITY, NO_CHARGE, SupplyContract
from quotawatt.rulebook.model import Rulebook
from quotawatt.rulebook.tariffs import PERIODS, Tariff
from quotawatt.spans import month_span


def billed(
    tariff_id: str, given: Mapping[str, float], year: int, month: int, rulebook: Rulebook
) -> tuple[Mapping[str, float], str]:
    """CNY by line of the month's bill, and why there is none (empty: there is)."""
    first = date(year, month, 1)
    book = PriceBook(rulebook)
    tariff = book.tariff_on(tariff_id, first)
    if tariff is None:
        return {}, f"a test must name a tariff of its month, got {tariff_id} in {year}-{month:02d}"
    span = month_span(first, ZONE)
    rates = book.rates(tariff_id, ZONE, hour_starts(span))
    use = np.zeros(len(rates.starts))
    for period in PERIODS:
        if period in given and not _put(use, given[period], period, rates):
            return {}, f"the tariff must have the period in the month, got {period} in {month}"
    found: dict[str, float] = {}
    for line in _lines(tariff, rates, use, given, first, rulebook):
        found[line.line] = found.get(line.line, 0.0) + (line.cost_cny or 0.0)
    return found, ""


def _put(use: Floats, amount: float, period: str, rates: Rates) -> bool:
    """Put all use of a period into its first whole hour of the month; False: there is none."""
    hours = np.flatnonzero(rates.shares[PERIODS.index(period)] == 1)
    if not len(hours):
        return False
    use[hours[0]] = amount
    return True


def _lines(
    tariff: Tariff,
    rates: Rates,
    use: Floats,
    given: Mapping[str, float],
    first: date,
    rulebook: Rulebook,
) -> list[BillLine]:
    capacity, demand = given.get("capacity_kva"), given.get("demand_kw")
    charge = BY_CAPACITY if capacity is not None else BY_ACTUAL if demand is not None else NO_CHARGE
    contract = SupplyContract(
        1, "MTR", tariff.measure, tariff.id, first, charge=charge, capacity_kva=capacity
    )
    metered = Metered(
        use,
        {first.month: 1.0},
        used_before=given.get("used_before", 0.0),
        demand_kw=demand,
        power_factor=given.get("power_factor"),
        area_m2=given.get("area_m2"),
    )
    table = rulebook.power_factor_tables.get(tariff.power_factor_table)
    return bill_of(contract, tariff, rates, metered, table)
