"""What contracts are billed for, from the stores: hours, reactive energy, and the lines that they make."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import Engine

from analytics.consumption.points import Wiring
from analytics.grid import Bools, Floats, Grid, Key, Micros, hour_starts
from analytics.jobs.demand import highest_demand
from analytics.jobs.hand import own_points
from analytics.jobs.loading import load
from analytics.money.bills import Metered, bill_of, months_of, power_factor
from analytics.money.demand import Demand
from analytics.money.rates import PriceBook, Rates
from analytics.money.supply import Supply, hours_span
from analytics.totals.rollup import hours_of_days, month_edges
from analytics.totals.tree import Tree
from quotawatt.errors import NotFoundError
from quotawatt.money.bills import POWER_FACTOR, BillLine
from quotawatt.money.book import read_contracts
from quotawatt.money.contracts import BY_ACTUAL, BY_CONTRACTED, NO_CHARGE, SupplyContract
from quotawatt.readings import Grain
from quotawatt.register.model import Register
from quotawatt.rulebook.model import Rulebook
from quotawatt.rulebook.tariffs import Tariff
from quotawatt.spans import Span, local_date, local_midnight
from quotawatt.storage.port import SeriesStore

_REACTIVE = "electricity_reactive_import_kvarh"
_ACTIVE = "electricity_import_kwh"


@dataclass(frozen=True)
class Hours:
    """The hours of a contract over local days: its prices and its use.

    points
        What it prices, each with the hours in which it does.
    used
        The use of each of them, in their order; NaN: not known, or priced by another contract.
    """

    contract: SupplyContract
    tariff: Tariff
    zone: ZoneInfo
    span: Span
    points: Mapping[Key, Bools]
    rates: Rates
    used: Floats

    @property
    def use(self) -> Floats:
        """The use of the points together; NaN where none is known."""
        known = ~np.isnan(self.used)
        return np.where(known.any(axis=0), np.nansum(self.used, axis=0), np.nan)

    @property
    def known(self) -> float:
        """Share of the hours whose use is known."""
        return float((~np.isnan(self.use)).mean()) if len(self.use) else 0.0


class Billing:
    """Works out bills by the contracts, tariffs and register of a supply."""

    def __init__(self, series: SeriesStore, supply: Supply) -> None:
        self.supply = supply
        self._series = series
        self._tree = supply.tree
        self._held: Grid | None = None

    @classmethod
    def of_stores(
        cls,
        series: SeriesStore,
        records: Engine,
        register: Register,
        rulebook: Rulebook,
        zone: ZoneInfo,
    ) -> "Billing":
        """By the contracts that are kept now."""
        with records.connect() as conn:
            own, contracts = own_points(conn), read_contracts(conn)
        tree = Tree(Wiring(register), zone, own)
        return cls(series, Supply(contracts, tree, PriceBook(rulebook)))

    def read_ahead(self, contracts: Iterable[SupplyContract], span: Span) -> None:
        """Read the hours of many contracts at once, in the place of those read ahead before."""
        starts = hour_starts(hours_of_days(span))
        points = {point for c in contracts for point in self.supply.billed(c, starts)}
        self._held = load(self._series, Grain.HOUR, sorted(points), starts)

    def contract(self, number: int) -> SupplyContract:
        """A contract. Raises NotFoundError where there is none of this number."""
        for contract in self.supply.contracts():
            if contract.number == number:
                return contract
        raise NotFoundError(f"a supply contract must exist by its number, got {number}")

    def charges_by_month(self, contract: SupplyContract, day: date) -> bool:
        """Whether anything can be charged by the month, by the version of the tariff of a day."""
        tariff = self.supply.book.tariff_on(contract.tariff, day)
        if tariff is None:
            return False
        basic = tariff.capacity is not None and contract.charge != NO_CHARGE
        by_factor = contract.power_factor_table or tariff.power_factor_table
        return bool(basic or by_factor or tariff.tiers or tariff.area)

    def hours(self, contract: SupplyContract, first: date, until: date, tariff: str = "") -> Hours:
        """The hours of the local days ``[first, until)``, by the contract's tariff or another.

        Raises NotFoundError where no version of the tariff is in force on the first day.
        """
        zone = self._tree.zone_of(contract.subject)
        name = tariff or contract.tariff
        version = self.supply.book.tariff_on(name, first)
        if version is None:
            raise NotFoundError(f"a tariff must be in force on {first}, got {name}")
        span = Span(local_midnight(first, zone), local_midnight(until, zone))
        starts = hour_starts(hours_of_days(span))
        points = self.supply.billed(contract, starts)
        rates = self.supply.book.rates(name, zone, starts)
        used = self._use_of(list(points), starts)
        used[~_stacked(points, len(starts))] = np.nan
        return Hours(contract, version, zone, span, points, rates, used)

    def bill(self, hours: Hours, given: Sequence[BillLine] = ()) -> list[BillLine]:
        """The lines of a bill. A bill's own power factor goes before that of the meters."""
        contract, tariff = hours.contract, hours.tariff
        first = local_date(hours.span.start, hours.zone)
        name = contract.power_factor_table or tariff.power_factor_table
        table = self.supply.book.rulebook.as_of(first).power_factor_tables.get(name)
        stated = [line.amount for line in given if line.line == POWER_FACTOR and line.amount]
        factor = None
        if table is not None:
            factor = stated[0] if stated else self._power_factor(hours)
        demand = self.demand(hours)
        metered = Metered(
            use=hours.use,
            months=months_of(first, local_date(hours.span.end, hours.zone)),
            used_before=self._used_before(hours),
            demand_kw=None if demand is None else demand.kw,
            power_factor=factor,
            area_m2=contract.area_m2 or self._area(contract.subject, first),
        )
        return bill_of(contract, tariff, hours.rates, metered, table)

    def demand(self, hours: Hours) -> Demand | None:
        """The highest demand that a basic charge goes by; None: none does, or nothing is known."""
        if hours.tariff.capacity is None or hours.contract.charge not in (
            BY_CONTRACTED,
            BY_ACTUAL,
        ):
            return None
        return highest_demand(self._series, self._tree.wiring, hours.points, hours.use, hours.span)

    def highest_kw(self, hours: Hours) -> list[float]:
        """The highest hour of each calendar month that the hours touch, in order; 0 where none is known."""
        edges = month_edges(hours.span, hours.zone)
        return [
            float(np.nan_to_num(hours.use[low:high]).max(initial=0.0))
            for low, high in pairwise(np.searchsorted(hours.rates.starts, edges))
        ]

    def _use_of(self, points: Sequence[Key], starts: Micros) -> Floats:
        """A copy of the use of points by hour, one a row."""
        held = self._held
        if held is not None and all(held.row(point) is not None for point in points):
            inside = held.between(hours_span(starts))
            if np.array_equal(inside.starts, starts):
                return inside.select(points).value.copy()
        return load(self._series, Grain.HOUR, points, starts).value

    def _power_factor(self, hours: Hours) -> float | None:
        """By active and reactive energy of the hours that have both; None: a meter has no reactive one."""
        if hours.tariff.measure != _ACTIVE:
            return None
        keys = [Key(point.subject, _REACTIVE) for point in hours.points]
        if not any(self._tree.wiring.sources(key) for key in keys):
            return None
        reactive = load(self._series, Grain.HOUR, keys, hours.rates.starts).value
        both = ~np.isnan(reactive) & ~np.isnan(hours.used)
        if not both.any() or (~both.any(axis=1) & (np.nansum(hours.used, axis=1) > 0)).any():
            return None
        return power_factor(float(hours.used[both].sum()), float(reactive[both].sum()))

    def _used_before(self, hours: Hours) -> float:
        """The use under the contract from where the steps of the tiers begin to count."""
        tiers = hours.tariff.tiers
        first = local_date(hours.span.start, hours.zone)
        if tiers is None:
            return 0.0
        begin = first.replace(day=1) if tiers.period == "month" else first.replace(month=1, day=1)
        if begin == first:
            return 0.0
        before = hour_starts(
            hours_of_days(Span(local_midnight(begin, hours.zone), hours.span.start))
        )
        points = self.supply.billed(hours.contract, before)
        used: Grid = load(self._series, Grain.HOUR, list(points), before)
        return float(np.nansum(used.value[_stacked(points, len(before))]))

    def _area(self, subject: str, day: date) -> float | None:
        building = self._tree.register.as_of(day).buildings.get(subject)
        return None if building is None else building.heated_area_m2 or building.gross_area_m2


def _stacked(points: Mapping[Key, Bools], hours: int) -> Bools:
    return np.array(list(points.values()), dtype=bool).reshape(len(points), hours)
