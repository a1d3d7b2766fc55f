"""What would have cost less: use moved to cheaper hours, saved at night, another basic charge.

Pure functions over hours that were. Prices are those of the time; nothing is assumed of the future.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from analytics.grid import Bools, Floats, Micros
from analytics.money.bills import billed_demand
from analytics.money.rates import Rates
from quotawatt.rulebook.tariffs import PERIODS, CapacityCharge

DEAR = ("sharp", "peak")
CHEAP = ("valley", "deep_valley")


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change comes to. Energy in the tariff's unit; ``moved`` is what left its hours."""

    cost_before_cny: float
    cost_after_cny: float
    moved: float
    saved: float
    highest_before_kw: float
    highest_after_kw: float

    @property
    def less_cny(self) -> float:
        """By how much it would have cost less."""
        return self.cost_before_cny - self.cost_after_cny


@dataclass(frozen=True, slots=True)
class BasicChoice:
    """A year's (or other months') basic charge by each way of reckoning it, in CNY.

    best_contracted_kw
        The one demand for all months that costs least where the demand is contracted.
    """

    by_capacity_cny: float | None
    by_actual_cny: float
    by_contracted_cny: float | None
    best_contracted_kw: float
    best_contracted_cny: float


def shift(
    rates: Rates,
    use: Floats,
    kw: float,
    zone: ZoneInfo,
    dear: Collection[str] = DEAR,
    cheap: Collection[str] = CHEAP,
) -> tuple[Floats, Effect]:
    """Move up to ``kw`` from dear periods to the cheap ones of the same local day; the use after it.

    What is moved in an hour is at most what was used in its dear part, and spread evenly over the day's
    cheap time. A day without cheap time keeps its use. Energy is conserved day by day.
    """
    known = np.nan_to_num(use)
    share = np.nan_to_num(rates.shares)
    from_share = share[[PERIODS.index(name) for name in dear]].sum(axis=0)
    to_share = share[[PERIODS.index(name) for name in cheap]].sum(axis=0)
    day = _days(rates.starts, zone)
    room = np.bincount(day, weights=to_share)
    taken = np.minimum(np.maximum(known, 0.0), kw) * from_share * (room[day] > 0)
    by_day = np.bincount(day, weights=taken)
    given = by_day[day] * np.divide(
        to_share, room[day], out=np.zeros_like(known), where=room[day] > 0
    )
    after = known - taken + given
    # Within an hour that windows cut, what is moved leaves its dear part and enters its cheap one.
    price = _mean_prices(rates)
    less = (taken * _price_in(rates, price, dear)).sum() - (
        given * _price_in(rates, price, cheap)
    ).sum()
    return after, _effect(rates, known, after, float(less), float(taken.sum()))


def save(
    rates: Rates, use: Floats, percent: float, zone: ZoneInfo, hours: Collection[int]
) -> tuple[Floats, Effect]:
    """Save a share of the use in some hours of the local day; the use after it."""
    known = np.nan_to_num(use)
    local = _local(rates.starts, zone)
    chosen = np.isin(np.asarray(local.hour), list(hours))
    after = np.where(chosen, known * (1 - percent / 100), known)
    less = float(((known - after) * np.nan_to_num(rates.total)).sum())
    return after, _effect(rates, known, after, less, 0.0)


def basic_choice(
    prices: CapacityCharge,
    monthly_kw: Sequence[float],
    capacity_kva: float | None,
    contracted_kw: float | None,
) -> BasicChoice:
    """The basic charge of whole months by capacity, by the highest demand, and by a contracted one.

    The cheapest contracted demand is at one of the months' own, or where its tolerance ends at it: between
    these the charge is linear.
    """
    candidates = sorted({kw / t for kw in monthly_kw for t in (1.0, prices.tolerance) if kw > 0})
    costs = [(_contracted(prices, monthly_kw, kw), kw) for kw in candidates] or [(0.0, 0.0)]
    best_cny, best_kw = min(costs)
    months = len(monthly_kw)
    return BasicChoice(
        None if capacity_kva is None else prices.cny_per_kva * capacity_kva * months,
        prices.cny_per_kw * sum(monthly_kw),
        None if contracted_kw is None else _contracted(prices, monthly_kw, contracted_kw),
        best_kw,
        best_cny,
    )


def _contracted(prices: CapacityCharge, monthly_kw: Sequence[float], kw: float) -> float:
    return prices.cny_per_kw * sum(billed_demand(prices, kw, met) for met in monthly_kw)


def _effect(rates: Rates, before: Floats, after: Floats, less: float, moved: float) -> Effect:
    cost = float((before * np.nan_to_num(rates.total)).sum())
    saved = float(before.sum() - after.sum())
    return Effect(cost, cost - less, moved, saved, _highest(before), _highest(after))


def _highest(use: Floats) -> float:
    return float(use.max()) if len(use) else 0.0


def _mean_prices(rates: Rates) -> Floats:
    """CNY a unit by period and hour, all parts together; 0 where not known."""
    found: Floats = np.nan_to_num(rates.by_period.sum(axis=1))
    return found


def _price_in(rates: Rates, prices: Floats, periods: Collection[str]) -> Floats:
    """The mean price of an hour's time in these periods; 0 where it has none."""
    rows = [PERIODS.index(name) for name in periods]
    share = np.nan_to_num(rates.shares[rows])
    total = share.sum(axis=0)
    weighted = (share * prices[rows]).sum(axis=0)
    found: Floats = np.divide(weighted, total, out=np.zeros_like(total), where=total > 0)
    return found


def _days(starts: Micros, zone: ZoneInfo) -> "np.ndarray[tuple[int], np.dtype[np.intp]]":
    _, which = np.unique(_local(starts, zone).normalize(), return_inverse=True)
    return np.asarray(which, dtype=np.intp)


def _local(starts: Micros, zone: ZoneInfo) -> pd.DatetimeIndex:
    return pd.DatetimeIndex(starts.view("datetime64[us]"), tz="UTC").tz_convert(zone)


def hours_between(first: int, until: int) -> Bools:
    """Whether each hour of the day lies in ``[first, until)``, which may go over midnight."""
    hour = np.arange(24)
    inside = (hour >= first) & (hour < until)
    return inside if first < until else (hour >= first) | (hour < until)
