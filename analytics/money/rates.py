"""The price of a unit in each hour, by its parts and periods, from a tariff and the local clock."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from analytics.grid import Bools, Floats, Micros
from quotawatt.rulebook.model import Rulebook
from quotawatt.rulebook.tariffs import (
    FLAT,
    MINUTES_A_DAY,
    PERIODS,
    PricePart,
    Tariff,
    Windows,
    agent_key,
    day_kind,
)

_HOUR_MINUTES = 60
_EXPORT = "electricity_export_kwh"


@dataclass(frozen=True)
class Rates:
    """Prices of one tariff over hours.

    starts
        Starts of the hours, microseconds since 1970 UTC.
    parts
        Names of the price's parts.
    price
        CNY a unit, parts x hours; below zero for a credit; NaN: not known, or no tariff is in force.
    shares
        Share of each hour in each of ``PERIODS``, periods x hours; NaN where no tariff is in force.
    by_period
        CNY a unit in each of ``PERIODS``, periods x parts x hours: what ``price`` is the mean of.
    adjusted
        Whether the power-factor adjustment is taken of a part.
    """

    starts: Micros
    parts: tuple[str, ...]
    price: Floats
    shares: Floats
    by_period: Floats
    adjusted: Bools

    @property
    def total(self) -> Floats:
        """CNY a unit, all parts together."""
        found: Floats = self.price.sum(axis=0)
        return found


class PriceBook:
    """Tariffs and agent prices of a rulebook, by day; what was worked out is remembered."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self._rates: Callable[[str, str, int, int], Rates] = lru_cache(maxsize=512)(self._work_out)

    def tariff_on(self, tariff: str, day: date) -> Tariff | None:
        """The version of a tariff in force on a day; None: there was none."""
        return self.rulebook.as_of(day).tariffs.get(tariff)

    def agent_price(self, tariff: Tariff, day: date) -> float:
        """CNY/kWh of the day's month, as far as it is known by now; NaN: it is not."""
        key = agent_key(tariff.agent_region, tariff.agent_voltage, day.year, day.month)
        known = self.rulebook.agent_prices.get(key)
        return float("nan") if known is None else known.cny_per_kwh

    def rates(self, tariff: str, zone: ZoneInfo, starts: Micros) -> Rates:
        """The prices of hours that follow one another without a gap; there is at least one."""
        return self._rates(tariff, zone.key, int(starts[0]), len(starts))

    def _work_out(self, tariff: str, zone: str, first_us: int, hours: int) -> Rates:
        starts = first_us + np.arange(hours, dtype=np.int64) * 3_600_000_000
        local = pd.DatetimeIndex(starts.view("datetime64[us]"), tz="UTC").tz_convert(zone)
        days, which = np.unique(local.normalize().tz_localize(None), return_inverse=True)
        minute = np.asarray(local.hour * 60 + local.minute, dtype=np.intp)
        dates = [pd.Timestamp(day).date() for day in days]
        versions = [self.tariff_on(tariff, day) for day in dates]
        known = next((version for version in versions if version is not None), None)
        parts = tuple(dict.fromkeys(part.name for v in versions if v for part in v.parts))
        shares = np.full((len(PERIODS), hours), np.nan)
        price = np.full((len(PERIODS), len(parts), hours), np.nan)
        for index, (day, version) in enumerate(zip(dates, versions, strict=True)):
            if version is not None:
                of_day = which == index
                shares[:, of_day] = _shares(version, day)[:, minute[of_day]]
                price[:, :, of_day] = self._prices(version, day, parts)[:, :, np.newaxis]
        mean = np.einsum("ph,pnh->nh", shares, np.where(shares[:, None] == 0, 0.0, price))
        adjusted = {part.name: part.adjusted for part in known.parts} if known else {}
        flags = np.array([adjusted.get(name, True) for name in parts], dtype=bool)
        return Rates(starts, parts, mean, shares, price, flags)

    def _prices(self, tariff: Tariff, day: date, parts: Sequence[str]) -> Floats:
        """CNY a unit by period and part on a day; a part that the version does not have costs nothing."""
        by_name = {part.name: part for part in tariff.parts}
        sign = -1.0 if tariff.measure == _EXPORT else 1.0
        agent = self.agent_price(tariff, day)
        return np.array(
            [
                [sign * _price(by_name.get(name), period, tariff, agent) for name in parts]
                for period in PERIODS
            ]
        ).reshape(len(PERIODS), len(parts))


def _price(part: PricePart | None, period: str, tariff: Tariff, agent: float) -> float:
    if part is None:
        return 0.0
    if part.prices:
        return part.prices.get(period, float("nan"))
    base = agent if part.agent else (part.price or 0.0)
    return base * tariff.ratios.get(period, float("nan")) if part.by_period else base


def _shares(tariff: Tariff, day: date) -> Floats:
    """By period and minute of the local day: the share of the hour from that minute on."""
    windows = tariff.windows_on(day.month, day_kind(day, tariff.country))
    return _hour_shares(windows)


@lru_cache(maxsize=256)
def _hour_shares(windows: Windows | None) -> Floats:
    within = np.zeros((len(PERIODS), MINUTES_A_DAY))
    stretches: Mapping[str, list[tuple[int, int]]] = {FLAT: [(0, MINUTES_A_DAY)]}
    for period, listed in (stretches if windows is None else windows.minutes()).items():
        for first, until in listed:
            within[PERIODS.index(period), first:until] = 1.0
    # An hour that begins so late that it reaches over midnight takes the day's own first minutes.
    around = np.concatenate([within, within[:, :_HOUR_MINUTES]], axis=1)
    summed = np.concatenate([np.zeros((len(PERIODS), 1)), np.cumsum(around, axis=1)], axis=1)
    found: Floats = (summed[:, _HOUR_MINUTES:-1] - summed[:, : -_HOUR_MINUTES - 1]) / _HOUR_MINUTES
    return found
