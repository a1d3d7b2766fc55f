"""What contracts are billed for, from the stores: hours, reactive energy, and the lines that they make."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np

from analytics.consumption.points import Wiring
from analytics.grid import Floats, Key, Micros, hour_starts
from analytics.jobs.hand import own_points
from analytics.jobs.loading import load
from analytics.money.bills import Metered, bill_of, power_factor
from analytics.money.rates import PriceBook, Rates
from analytics.money.supply import Supply
from analytics.totals.rollup import hours_of_days, month_edges
from analytics.totals.tree import Tree
from api.services import Services
from quotawatt.errors import NotFoundError
from quotawatt.money.bills import POWER_FACTOR, BillLine
from quotawatt.money.book import read_contracts
from quotawatt.money.contracts import SupplyContract
from quotawatt.readings import Grain
from quotawatt.register.model import Building
from quotawatt.rulebook.model import Rulebook
from quotawatt.rulebook.tariffs import Tariff
from quotawatt.spans import DAY, Span, local_midnight

_REACTIVE = "electricity_reactive_import_kvarh"
_ACTIVE = "electricity_import_kwh"


@dataclass(frozen=True)
class Hours:
    """The hours of a contract over local days: its prices and its use."""

    contract: SupplyContract
    tariff: Tariff
    zone: ZoneInfo
    span: Span
    points: tuple[Key, ...]
    rates: Rates
    use: Floats

    @property
    def known(self) -> float:
        """Share of the hours whose use is known."""
        return float((~np.isnan(self.use)).mean()) if len(self.use) else 0.0


class MoneyReader:
    """Reads what money is reckoned from, by the present register and one rulebook."""

    def __init__(self, services: Services, rulebook: Rulebook | None = None) -> None:
        self._services = services
        self.zone = ZoneInfo(services.settings.timezone)
        self.rulebook = rulebook or services.rulebook
        with services.records.connect() as conn:
            own, self.contracts = own_points(conn), read_contracts(conn)
        self._tree = Tree(Wiring(services.register_source()), self.zone, own)
        self.supply = Supply(self.contracts, self._tree, PriceBook(self.rulebook))

    def contract(self, number: int) -> SupplyContract:
        """A contract. Raises NotFoundError where there is none of this number."""
        for contract in self.contracts:
            if contract.number == number:
                return contract
        raise NotFoundError(f"a supply contract must exist by its number, got {number}")

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
        points = tuple(self.supply.billed(contract, span))
        starts = hour_starts(hours_of_days(span))
        rates = self.supply.book.rates(name, zone, starts)
        return Hours(contract, version, zone, span, points, rates, self._use(points, starts))

    def bill(self, hours: Hours, given: Sequence[BillLine] = ()) -> list[BillLine]:
        """The lines of a bill. A bill's own power factor goes before that of the meters."""
        contract, tariff = hours.contract, hours.tariff
        name = contract.power_factor_table or tariff.power_factor_table
        table = self.rulebook.power_factor_tables.get(name)
        stated = [line.amount for line in given if line.line == POWER_FACTOR and line.amount]
        metered = Metered(
            use=hours.use,
            months=_months(hours),
            used_before=self._used_before(hours),
            power_factor=stated[0] if stated else self._power_factor(hours),
            area_m2=contract.area_m2 or self._area(contract.subject),
        )
        return bill_of(contract, tariff, hours.rates, metered, table)

    def highest_kw(self, hours: Hours) -> list[float]:
        """The highest hour of each calendar month that the hours touch, in order; 0 where none is known."""
        edges = month_edges(hours.span, hours.zone)
        return [
            float(np.nan_to_num(hours.use[low:high]).max(initial=0.0))
            for low, high in pairwise(np.searchsorted(hours.rates.starts, edges))
        ]

    def _use(self, points: Iterable[Key], starts: Micros) -> Floats:
        """The use of points together; NaN where none is known."""
        found = load(self._services.series, Grain.HOUR, list(points), starts)
        known = found.known().any(axis=0)
        return np.where(known, np.nansum(found.value, axis=0), np.nan)

    def _sum(self, points: Iterable[Key], grain: Grain, span: Span) -> float | None:
        wanted = list(points)
        rows = self._services.series.sum_results(
            grain, sorted({p.subject for p in wanted}), sorted({p.measure for p in wanted}), span
        ).to_pylist()
        found = [r["value"] for r in rows if Key(r["subject"], r["measure"]) in wanted]
        known = [value for value in found if value is not None]
        return sum(known) if known else None

    def _power_factor(self, hours: Hours) -> float | None:
        """By the month's active and reactive energy; None where a meter does not have the latter."""
        if hours.tariff.measure != _ACTIVE or not hours.points:
            return None
        reactive = self._sum(
            [Key(p.subject, _REACTIVE) for p in hours.points], Grain.HOUR, hours.span
        )
        active = float(np.nansum(hours.use))
        return None if reactive is None else power_factor(active, reactive)

    def _used_before(self, hours: Hours) -> float:
        """The use from where the steps of the tiers begin to count."""
        tiers = hours.tariff.tiers
        if tiers is None:
            return 0.0
        first = hours.span.start.astimezone(hours.zone).date()
        begin = first.replace(day=1) if tiers.period == "month" else first.replace(month=1, day=1)
        before = Span(local_midnight(begin, hours.zone), hours.span.start)
        return self._sum(hours.points, Grain.DAY, before) or 0.0 if begin < first else 0.0

    def _area(self, subject: str) -> float | None:
        building = self._tree.register.buildings.get(subject)
        if not isinstance(building, Building):
            return None
        return building.heated_area_m2 or building.gross_area_m2


def _months(hours: Hours) -> dict[int, float]:
    """The part of each calendar month that the days cover."""
    day = hours.span.start.astimezone(hours.zone).date()
    until = hours.span.end.astimezone(hours.zone).date()
    found: dict[int, float] = {}
    while day < until:
        first = day.replace(day=1)
        length = ((first + timedelta(days=31)).replace(day=1) - first).days
        found[day.month] = found.get(day.month, 0.0) + 1 / length
        day += DAY
    return {month: round(share, 9) for month, share in found.items()}
