"""What a contract costs over a billing period, as the lines of a bill.

Every line is rounded to fen, half up, as on a bill; the total is the sum of the rounded lines.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import numpy as np

from analytics.grid import Floats
from analytics.money.rates import Rates
from quotawatt.money.bills import (
    AREA,
    CAPACITY,
    DEMAND,
    POWER_FACTOR,
    TIER,
    TOTAL,
    BillLine,
)
from quotawatt.money.contracts import BY_ACTUAL, BY_CAPACITY, BY_CONTRACTED, SupplyContract
from quotawatt.rulebook.tariffs import PERIODS, CapacityCharge, PowerFactorTable, Tariff, Tiers
from quotawatt.spans import DAY, next_month

FIXED_LINES = (CAPACITY, DEMAND, POWER_FACTOR, TIER, AREA)
"""Lines that belong to a contract and a month as a whole, not to an hour."""

_FEN = Decimal("0.01")
_ROUNDING = 1e-12


@dataclass(frozen=True, slots=True)
class Metered:
    """What was metered for a bill.

    use
        By hour of the rates, in the unit of the tariff; NaN: not known, and not charged.
    used_before
        Since the beginning of the year, or the month, that the steps of its tiers count by.
    demand_kw
        The highest demand of the period; None: from the hours of ``use``.
    power_factor
        Mean of the period; None: not known, so it is not charged.
    area_m2
        Heated area; None: not known.
    months
        The part of each calendar month that the period covers, by month: 1 for a whole one.
    """

    use: Floats
    months: Mapping[int, float]
    used_before: float = 0.0
    demand_kw: float | None = None
    power_factor: float | None = None
    area_m2: float | None = None


def bill_of(
    contract: SupplyContract,
    tariff: Tariff,
    rates: Rates,
    metered: Metered,
    table: PowerFactorTable | None = None,
) -> list[BillLine]:
    """The lines of a bill, the total last. What could not be worked out (no price, no demand) is left out."""
    lines = list(_use_lines(rates, metered.use))
    basic = _basic_charge(contract, tariff.capacity, metered)
    lines += [] if basic is None else [basic]
    if table is not None and metered.power_factor is not None:
        lines.append(_adjustment(lines, rates, table, metered.power_factor))
    used = float(np.nansum(metered.use))
    lines += [] if tariff.tiers is None else _tier_lines(tariff.tiers, metered.used_before, used)
    if tariff.area is not None and metered.area_m2 is not None:
        share = sum(metered.months.get(m, 0.0) for m in tariff.area.months) / len(
            tariff.area.months
        )
        price = tariff.area.cny_per_m2 * share
        lines.append(_line(AREA, "", metered.area_m2, price))
    return [*lines, BillLine(TOTAL, cost_cny=total_cny(lines))]


def months_of(first: date, until: date) -> dict[int, float]:
    """The part of each calendar month that the days ``[first, until)`` cover; 1 for a whole one."""
    found: dict[int, float] = {}
    day = first
    while day < until:
        begin = day.replace(day=1)
        length = (next_month(begin) - begin).days
        found[day.month] = found.get(day.month, 0.0) + 1 / length
        day += DAY
    return {month: round(share, 9) for month, share in found.items()}


def fixed_cny(lines: Sequence[BillLine]) -> float | None:
    """What of a bill is charged by the month and not by the hour, in CNY; None: none of its lines is."""
    costs = [
        line.cost_cny for line in lines if line.line in FIXED_LINES and line.cost_cny is not None
    ]
    return total_cny([BillLine(AREA, cost_cny=cost) for cost in costs]) if costs else None


def total_cny(lines: Sequence[BillLine]) -> float:
    """The sum of lines of which the cost is known, in fen exact; a line ``total`` is not added."""
    costs = (line.cost_cny for line in lines if line.line != TOTAL)
    return float(sum((Decimal(str(cost)) for cost in costs if cost is not None), Decimal(0)))


def billed_demand(charge: CapacityCharge, contracted_kw: float, highest_kw: float) -> float:
    """kW that are charged where a demand was contracted.

    As contracted up to the tolerance (105 %); above it what was met, and what lies beyond the tolerance
    again for each further time that it is charged.
    """
    limit = charge.tolerance * contracted_kw
    if highest_kw <= limit * (1 + _ROUNDING):
        return contracted_kw
    return highest_kw + (charge.excess_times - 1) * (highest_kw - limit)


def power_factor(active_kwh: float, reactive_kvarh: float) -> float | None:
    """Mean power factor of a month: active over apparent energy. None where nothing was drawn."""
    apparent = float(np.hypot(active_kwh, reactive_kvarh))
    return None if apparent <= 0 else round(active_kwh / apparent, 2)


def fen(cny: float) -> float:
    """CNY to fen, half up."""
    return float(Decimal(repr(cny)).quantize(_FEN, ROUND_HALF_UP))


def _use_lines(rates: Rates, use: Floats) -> Iterator[BillLine]:
    """A line for each part and period, one for a part that costs the same in all of them."""
    known = np.nan_to_num(use) * np.nan_to_num(rates.shares)
    for index, part in enumerate(rates.parts):
        prices = rates.by_period[:, index, :]
        used = [at for at in range(len(PERIODS)) if known[at].any()]
        if not used:
            used = [PERIODS.index("flat")]
        met = prices[used]
        met = met[~np.isnan(met)]
        if not len(met) or np.ptp(met) == 0:
            yield _part_line(part, "", known.sum(axis=0), prices[used[0]])
        else:
            for at in used:
                yield _part_line(part, PERIODS[at], known[at], prices[at])


def _part_line(part: str, period: str, use: Floats, prices: Floats) -> BillLine:
    amount = float(use.sum())
    cost = float(np.where(use != 0, use * prices, 0.0).sum())
    if np.isnan(cost):
        return BillLine(part, period, amount)
    mean = cost / amount if amount else float(np.nanmean(prices)) if len(prices) else 0.0
    return BillLine(part, period, amount, mean, fen(cost))


def _basic_charge(
    contract: SupplyContract, prices: CapacityCharge | None, metered: Metered
) -> BillLine | None:
    months = sum(metered.months.values())
    if prices is None:
        return None
    if contract.charge == BY_CAPACITY and contract.capacity_kva is not None:
        return _line(CAPACITY, "", contract.capacity_kva, prices.cny_per_kva * months)
    highest = metered.demand_kw
    if highest is None and not np.isnan(metered.use).all():
        highest = float(np.nanmax(metered.use))
    if highest is None or contract.charge not in (BY_CONTRACTED, BY_ACTUAL):
        return None
    charged = highest
    if contract.charge == BY_CONTRACTED and contract.demand_kw is not None:
        charged = billed_demand(prices, contract.demand_kw, highest)
    return _line(DEMAND, "", charged, prices.cny_per_kw * months)


def _adjustment(
    lines: Sequence[BillLine], rates: Rates, table: PowerFactorTable, factor: float
) -> BillLine:
    """力调电费: per cent of the basic charge and of those parts of the price that it is taken of."""
    left_out = {name for name, on in zip(rates.parts, rates.adjusted, strict=True) if not on}
    base = sum(line.cost_cny or 0.0 for line in lines if line.line not in left_out)
    percent = table.percent(factor)
    return BillLine(POWER_FACTOR, "", factor, percent, fen(base * percent / 100))


def _tier_lines(tiers: Tiers, before: float, used: float) -> Iterator[BillLine]:
    """Of each step what lies within it of the use of the period, at what it adds to the price."""
    bounds = [*(step.above for step in tiers.steps), float("inf")]
    for index, step in enumerate(tiers.steps):
        low, high = max(bounds[index], before), min(bounds[index + 1], before + used)
        if high > low:
            yield _line(TIER, str(index + 1), high - low, step.add)


def _line(line: str, period: str, amount: float, price: float) -> BillLine:
    return BillLine(line, period, amount, price, fen(amount * price))
