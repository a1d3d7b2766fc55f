"""Results of what contracts cost by the month: written for months that touched use or prices made stale.

The present month stands up to the last whole day, so it is worked out once a day; a month past where its use,
a price or a contract changes.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

import numpy as np
from sqlalchemy import Connection

from analytics.grid import Grid, Key, Micros, empty_grid, micros_of
from analytics.jobs.billing import Billing
from analytics.jobs.loading import store
from analytics.jobs.turn import Turn
from analytics.money.bills import fixed_cny
from analytics.money.fixed import (
    FIXED,
    FIXED_OF,
    FixedCharge,
    carrier_of,
    fixed_shares,
    fixed_totals,
)
from analytics.money.supply import Supply
from quotawatt.errors import NotFoundError
from quotawatt.money.contracts import SupplyContract
from quotawatt.readings import Grain
from quotawatt.spans import DAY, Span, local_date, local_midnight, next_month
from quotawatt.storage.facts import lock_fact, put_fact, read_fact
from quotawatt.storage.port import SeriesStore

_UNTIL = "costs_fixed_until"
_MEASURES = (FIXED, *FIXED_OF.values())
_REMEMBERED = 20_000


class FixedCosts:
    """Monthly charges by one supply; what it remembers can be rebuilt from the stores."""

    def __init__(
        self, series: SeriesStore, supply: Supply, stale: Mapping[date, set[int]] | None = None
    ) -> None:
        self._series = series
        self._supply = supply
        self._billing = Billing(series, supply)
        self.stale = dict(stale or {})
        self._charges: dict[tuple[int, date], FixedCharge] = {}

    def touch(self, contracts: Collection[SupplyContract], span: Span) -> None:
        """The use or the price of contracts has changed over a span: its months are stale.

        So is the rest of the year of one with steps, which count from its beginning.
        """
        zone = self._supply.tree.default_zone
        first, last = local_date(span.start, zone), local_date(span.end, zone)
        for contract in contracts:
            tariff = self._supply.book.tariff_on(contract.tariff, first)
            until = last if tariff is None or tariff.tiers is None else date(last.year, 12, 31)
            month = first.replace(day=1)
            while month <= until:
                self.stale.setdefault(month, set()).add(contract.number)
                month = next_month(month)

    def touch_month(self, month: date) -> None:
        """A contract of a month is gone: its totals are added up anew."""
        self.stale.setdefault(month, set())

    def write(self, conn: Connection, turn: Turn) -> date:
        """Work out and write what is stale; the day up to which all is then (``keep_fixed``)."""
        tree, frozen = self._supply.tree, turn.frozen
        today = local_date(turn.now, tree.default_zone)
        done = date.fromisoformat(read_fact(conn, _UNTIL, today.isoformat()))
        if done < today and not self._supply.is_empty:
            self.touch(self._supply.contracts(), self._span(done, today - DAY))
        for month in sorted(self.stale):
            begins = local_midnight(month, tree.default_zone)
            if month <= today and (frozen is None or begins >= frozen):
                turn.report.months += self._write_month(month, today)
        self.stale.clear()
        return today

    def _write_month(self, month: date, today: date) -> int:
        """Write what of a month's results has changed; how many rows."""
        if len(self._charges) > _REMEMBERED:
            self._charges.clear()
        for number in self.stale[month]:
            self._charges.pop((number, month), None)
        tree = self._supply.tree
        contracts = self._supply.contracts()
        lacking = [
            c
            for c in contracts
            if (c.number, month) not in self._charges and self._billing.charges_by_month(c, month)
        ]
        self._billing.read_ahead(lacking, self._span(month, next_month(month)))
        charges = [self._charge(c, month, today) for c in contracts]
        totals = fixed_totals([c for c in charges if c is not None], tree.register)
        around = self._span(month - DAY, next_month(month) + DAY)
        stored = self._series.read_results(Grain.MONTH, None, _MEASURES, around)
        names = stored.select(list(Key._fields)).to_pylist()
        keys = sorted({*totals, *(Key(**row) for row in names)})
        changed = []
        for zone in dict.fromkeys(tree.zone_of(key.subject) for key in keys):
            of_zone = [key for key in keys if tree.zone_of(key.subject) == zone]
            starts = np.array([micros_of(local_midnight(month, zone))], dtype=np.int64)
            after = _grid(of_zone, starts, totals)
            before = empty_grid(of_zone, starts).place(stored)
            changed.append(after.results(after.changed_from(before)))
        return store(self._series, Grain.MONTH, changed)

    def _span(self, first: date, until: date) -> Span:
        zone = self._supply.tree.default_zone
        return Span(local_midnight(first, zone), local_midnight(until, zone))

    def _charge(self, contract: SupplyContract, month: date, today: date) -> FixedCharge | None:
        """The charge of a contract over its days of a month before today; None: there are none."""
        first = max(contract.valid_from, month)
        until = min(contract.valid_until or date.max, next_month(month), today)
        if first >= until or not self._billing.charges_by_month(contract, first):
            return None
        kept = (contract.number, month)
        if kept not in self._charges:
            self._charges[kept] = self._work_out(contract, first, until)
        return self._charges[kept]

    def _work_out(self, contract: SupplyContract, first: date, until: date) -> FixedCharge:
        carrier = carrier_of(contract)
        try:
            hours = self._billing.hours(contract, first, until)
        except NotFoundError:
            return FixedCharge(carrier, None, {})
        cny = fixed_cny(self._billing.bill(hours))
        if cny is None:
            return FixedCharge(carrier, None, {})
        sums = np.nansum(hours.used, axis=1).tolist()
        used = {
            point: amount for point, amount in zip(hours.points, sums, strict=True) if amount > 0
        }
        return FixedCharge(carrier, cny, fixed_shares(contract, self._supply, hours.span, used))


def keep_fixed(conn: Connection, until: date) -> None:
    """Monthly charges are worked out up to a day, and their results are durable."""
    lock_fact(conn, _UNTIL, until.isoformat())
    put_fact(conn, _UNTIL, until.isoformat())


def _grid(keys: Sequence[Key], starts: Micros, totals: Mapping[Key, float]) -> Grid:
    """One month of totals; NaN where there is none."""
    value = np.array([[totals.get(key, np.nan)] for key in keys], dtype=float)
    known = ~np.isnan(value)
    return Grid(tuple(keys), starts, value, known.astype(float), np.zeros(value.shape, dtype=bool))
