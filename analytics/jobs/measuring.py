"""Savings from stored results: of any two periods of a subject, and of a period of a contract."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from sqlalchemy import Engine

from analytics.baselines.fitted import Insufficient
from analytics.baselines.series import Interval, UseSeries
from analytics.consumption.points import Wiring
from analytics.grid import Floats, Key, hour_starts
from analytics.jobs.hand import own_points
from analytics.jobs.useseries import load_series
from analytics.money.rates import PriceBook
from analytics.money.supply import Supply
from analytics.savings.adjustments import interval_edges
from analytics.savings.normal import NormalYear, normal_year
from analytics.savings.option_c import reporting_model, savings, savings_agreed
from analytics.savings.result import Savings
from analytics.savings.settlement import Settlement, settle, worth_of, year_of
from analytics.totals.tree import Tree
from quotawatt.errors import InputError
from quotawatt.money.book import read_contracts
from quotawatt.performance.values import NonRoutineEvent, PerformanceContract
from quotawatt.register.model import Register
from quotawatt.rulebook.model import Rulebook
from quotawatt.spans import Span, local_midnight
from quotawatt.storage.port import SeriesStore

YEARS_BEFORE = 3
"""Whose use a custody baseline rests on."""


@dataclass(frozen=True, slots=True)
class Days:
    """Local days, half-open. Raises InputError where there is none."""

    first: date
    until: date

    def __post_init__(self) -> None:
        if self.until <= self.first:
            raise InputError(f"a period must end after it begins, {self.first}, got {self.until}")


@dataclass(frozen=True, slots=True)
class Reckoned:
    """Savings of a period of a contract with its settlement."""

    savings: Savings
    settlement: Settlement


class Measuring:
    """Reads series and prices, and reckons savings by them."""

    def __init__(self, series: SeriesStore, supply: Supply) -> None:
        self._series = series
        self._supply = supply
        self._tree = supply.tree

    @classmethod
    def of_stores(
        cls,
        series: SeriesStore,
        records: Engine,
        register: Register,
        rulebook: Rulebook,
        zone: ZoneInfo,
    ) -> "Measuring":
        """By the register, rulebook and supply contracts of now."""
        with records.connect() as conn:
            own, contracts = own_points(conn), read_contracts(conn)
        tree = Tree(Wiring(register), zone, own)
        return cls(series, Supply(contracts, tree, PriceBook(rulebook)))

    def savings(
        self,
        key: Key,
        baseline: Days,
        reporting: Days,
        interval: Interval = Interval.HOUR,
        events: Sequence[NonRoutineEvent] = (),
    ) -> Savings | Insufficient:
        """Savings of the reporting period against the baseline period, or why there are none.

        Raises InputError for periods that overlap, and by months for days that are not those of whole months.
        """
        series = [self._read(key, days, interval) for days in (baseline, reporting)]
        return savings(*series, events=events)

    def normal_year(
        self, key: Key, found: Savings, reporting: Days, years: Sequence[int]
    ) -> NormalYear | Insufficient:
        """Savings in the weather of these calendar years, by models of both periods.

        Raises InputError where the weather of none of the years is known.
        """
        assert found.learnt is not None
        after = reporting_model(found, self._read(key, reporting, found.interval))
        if isinstance(after, Insufficient):
            return after
        parts = [
            self._read(key, Days(date(year, 1, 1), date(year + 1, 1, 1)), found.interval).frame
            for year in sorted(set(years))
        ]
        return normal_year(found.learnt, after, pd.concat(parts)[["temperature_c"]])

    def period(
        self,
        contract: PerformanceContract,
        days: Days,
        interval: Interval = Interval.HOUR,
        events: Sequence[NonRoutineEvent] = (),
    ) -> Reckoned | Insufficient:
        """Savings of days of a contract and who gets what of them; raises like ``savings`` and ``settle``."""
        key = Key(contract.subject, contract.measure)
        _, year_days = year_of(contract, days.first, days.until)
        found: Savings | Insufficient
        if contract.agreed_use is not None:
            reporting = self._read(key, days, interval)
            found = savings_agreed(reporting, contract.agreed_use / year_days, events)
        else:
            first, until = contract.baseline_from, contract.baseline_until
            assert first is not None
            assert until is not None
            found = self.savings(key, Days(first, until), days, interval, events)
        if isinstance(found, Insufficient):
            return found
        worth = worth_of(found, self._price(contract, found))
        return Reckoned(found, settle(contract, days.first, days.until, found, worth))

    def yearly_use(self, key: Key, before: int) -> dict[int, float]:
        """Use of the calendar years before one, by year; NaN where a month of it is not known."""
        first = date(before - YEARS_BEFORE, 1, 1)
        series = self._read(key, Days(first, date(before, 1, 1)), Interval.MONTH)
        local = pd.DatetimeIndex(series.frame.index).tz_convert(series.zone)
        use = series.frame["use"].to_numpy(float)
        return {year: float(use[local.year == year].sum()) for year in range(first.year, before)}

    def _read(self, key: Key, days: Days, interval: Interval) -> UseSeries:
        if interval is Interval.MONTH and (days.first.day, days.until.day) != (1, 1):
            raise InputError(
                f"a period by months must be whole months, got {days.first} to {days.until}"
            )
        zone = self._tree.zone_of(key.subject)
        span = Span(local_midnight(days.first, zone), local_midnight(days.until, zone))
        return load_series(self._series, self._tree, key.subject, key.measure, span, interval)

    def _price(self, contract: PerformanceContract, found: Savings) -> Floats:
        """CNY a unit in each interval of the savings: the contract's, else the mean of the tariff's hours."""
        if contract.price_cny is not None:
            return np.full(len(found.frame), contract.price_cny)
        hours = hour_starts(found.span)
        price = self._supply.price(Key(contract.subject, contract.measure), hours)
        if found.interval is Interval.HOUR:
            return price
        edges = interval_edges(pd.DatetimeIndex(found.frame.index), found.zone, found.interval)
        at = np.searchsorted(hours, edges.tz_localize(None).as_unit("us").asi8)
        return np.array([price[first:last].mean() for first, last in pairwise(at)])
