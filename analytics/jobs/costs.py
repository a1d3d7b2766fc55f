"""Costs brought up to date: of the hours that a recomputation of use touched, and of what is priced anew."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Engine

from analytics.calculation import Plan, make_plan
from analytics.consumption.windows import hull
from analytics.grid import Grid, Key, Micros, empty_grid, stack
from analytics.jobs.coststore import write_costs
from analytics.jobs.fixedcosts import FixedCosts
from analytics.jobs.loading import load
from analytics.jobs.prices import PricedMonths, changed_months, priced_months
from analytics.jobs.statedprices import stated_prices
from analytics.jobs.turn import Turn
from analytics.money.costs import all_carriers, cost_key, point_costs, total_costs
from analytics.money.findings import money_findings
from analytics.money.rates import PriceBook
from analytics.money.supply import COST, COST_OF, Supply, hours_span
from analytics.totals.rollup import hours_of_days
from analytics.totals.tree import Tree
from quotawatt.hand.carriers import quantities_of
from quotawatt.money.book import contracts_version, read_contracts
from quotawatt.readings import Grain
from quotawatt.rulebook.model import Rulebook
from quotawatt.rulebook.tariffs import CARRIER_OF
from quotawatt.spans import INSTANT, Span, local_date, local_midnight
from quotawatt.storage.port import SeriesStore

_BILLED_AS = {"electricity_reactive_import_kvarh": "electricity_import_kwh"}
"""Of what is not priced itself, whose bill it enters."""


@dataclass(frozen=True)
class _Affected:
    """What costs something else than before, all as series of use.

    points
        Whose costs are computed anew and written.
    beside
        Points that enter the same totals, computed and not written.
    totals
        Parts before their totals.
    stored
        Totals that enter those, with costs as they are stored.
    """

    points: tuple[Key, ...]
    beside: tuple[Key, ...]
    totals: tuple[Key, ...]
    stored: tuple[Key, ...]


class Costs:
    """Computes costs by one register and rulebook; what it remembers can be rebuilt from the stores."""

    def __init__(
        self, series: SeriesStore, records: Engine, tree: Tree, rulebook: Rulebook
    ) -> None:
        self._series = series
        self._records = records
        self._tree = tree
        self._book = PriceBook(rulebook)
        self._version = -1
        self._supply = Supply((), tree, self._book)
        self._fixed = FixedCosts(series, self._supply)
        self._checked: tuple[int, str] | None = None

    def update(self, plan: Plan, hours: Grid, turn: Turn, *, anew: bool = False) -> None:
        """The costs of the local days that a plan touched.

        hours
            The use of all series of the plan, over these days at least.
        anew
            Whether what has no contract may have had one, by another register, so that its costs go.
        """
        self._follow()
        if not self._supply.is_empty:
            self._touch(plan, turn)
            self._apply(plan, hours, turn, everything=anew)

    def reprice(self, turn: Turn) -> PricedMonths | None:
        """Compute anew the months of which a price or contract has changed; None: nothing was looked at.

        What is frozen stays as it is, like all results before the raw horizon.
        What it answers is to be kept once the results are durable (``keep_priced``).
        """
        self._follow()
        seen = (self._version, turn.now.strftime("%Y-%m"))
        if seen == self._checked:
            return None
        now = priced_months(self._supply, turn.now)
        with self._records.connect() as conn:
            changed = changed_months(conn, now, self._tree.default_zone)
        for span, places in changed:
            self._fixed.touch_month(local_date(span.start, self._tree.default_zone))
            of_places = [c for c in self._supply.contracts() if (c.subject, c.measure) in places]
            self._fixed.touch(of_places, Span(span.start, span.end - INSTANT))
            points = {key for place in places for key in self._supply.points_under(*place, span)}
            start = max(span.start, turn.frozen or span.start)
            self._recompute(sorted(points), start, min(span.end, turn.now), turn)
        self._checked = seen
        return now

    def write_fixed(self, turn: Turn) -> date:
        """What is charged by the month, where it may have changed; the day up to which it is known then.

        After all use of the turn is written. What it answers is to be kept once the results are durable
        (``keep_fixed``).
        """
        with self._records.connect() as conn:
            return self._fixed.write(conn, turn)

    def _touch(self, plan: Plan, turn: Turn) -> None:
        """The months of contracts whose use was computed anew; of the present day there is more to come."""
        today = local_midnight(
            local_date(turn.now, self._tree.default_zone), self._tree.default_zone
        )
        if plan.hours.start < today:
            span = Span(plan.hours.start, min(plan.hours.end, today) - INSTANT)
            keys = {
                Key(key.subject, _BILLED_AS.get(key.measure, key.measure)) for key in plan.windows
            }
            touched = {c for key in keys for c in self._supply.contracts_of(key, span)}
            self._fixed.touch(touched, span)

    def _recompute(self, points: Sequence[Key], start: datetime, end: datetime, turn: Turn) -> None:
        """Costs of points from ``start`` until ``end`` from the use that is stored."""
        if not points or end <= start:
            return
        span = Span(start, end)
        rows = self._series.sum_results(
            Grain.HOUR,
            sorted({p.subject for p in points}),
            sorted({p.measure for p in points}),
            span,
        )
        known = {Key(**row) for row in rows.select(list(Key._fields)).to_pylist()}
        used = known.intersection(points)
        if used:
            plan = make_plan(dict.fromkeys(sorted(used), span), self._tree)
            self._apply(plan, empty_grid((), plan.hour_starts()), turn, everything=True)

    def _apply(self, plan: Plan, hours: Grid, turn: Turn, *, everything: bool) -> None:
        """Costs of the points of a plan: all of them, or those that a contract or entry prices."""
        inside = hours.between(_days_of(plan))
        if not len(inside.starts):
            return
        subjects = sorted({key.subject for key in plan.windows if key.measure in CARRIER_OF})
        points = [key for subject in subjects for key in self._priced(subject)]
        with self._records.connect() as conn:
            stated = stated_prices(conn, inside.starts)
        if not everything:
            priced = [p for p in points if p in stated or self._has_contract(p, inside.starts)]
            rest = inside.select(sorted({*points}.difference(priced)))
            nothing = empty_grid(filter(None, map(cost_key, rest.keys)), inside.starts)
            turn.findings += money_findings(rest, nothing, self._supply)
            points = priced
        affected = self._affected(points, plan, plan.totals if everything else ())
        if not points:
            return
        use = self._use((*affected.points, *affected.beside), inside)
        priced_points = point_costs(use, self._supply, stated)
        points_use = use.select(affected.points)
        turn.findings += money_findings(points_use, priced_points, self._supply)
        siblings = self._load_costs(affected.stored, use.starts)
        totals = total_costs(stack([priced_points, siblings]), affected.totals, self._tree)
        written = self._written(affected, priced_points, totals)
        write_costs(self._series, self._tree, plan, written, turn)

    def _has_contract(self, point: Key, starts: Micros) -> bool:
        return bool(self._supply.contracts_of(point, hours_span(starts)))

    def _affected(self, points: Sequence[Key], plan: Plan, more: Sequence[Key]) -> _Affected:
        totals = self._tree.totals_over(dict.fromkeys(points, plan.hours), more)
        totals = tuple(key for key in totals if key.measure in CARRIER_OF)
        parts = dict.fromkeys(p for t in totals for p in self._tree.parts(t, plan.hours))
        others = [p for p in parts if p not in points and p not in totals]
        stored = tuple(p for p in others if self._is_total(p.subject))
        beside = tuple(p for p in others if not self._is_total(p.subject))
        return _Affected(tuple(points), beside, totals, stored)

    def _priced(self, subject: str) -> list[Key]:
        """The series of a point that have a price: another of its quantities adds to the same cost."""
        asset = self._tree.register.assets.get(subject)
        names = () if asset is None else quantities_of(asset)
        own = (key.measure for key in self._tree.own if key.subject == subject)
        return [Key(subject, name) for name in (*names, *own) if name in CARRIER_OF]

    def _use(self, keys: Sequence[Key], hours: Grid) -> Grid:
        """The use of points: from the plan's hours, and what is stored of those that are not in it."""
        held = hours.select(keys)
        lacking = [key for key in keys if hours.row(key) is None]
        return stack([held, load(self._series, Grain.HOUR, lacking, hours.starts)])

    def _load_costs(self, totals: Iterable[Key], starts: Micros) -> Grid:
        """The stored costs by carrier of totals of use."""
        wanted = {
            cost: self._stored_as(cost) for key in totals if (cost := cost_key(key)) is not None
        }
        found = load(self._series, Grain.HOUR, list(wanted.values()), starts)
        rows = [replace(found.select([kept]), keys=(cost,)) for cost, kept in wanted.items()]
        return stack([empty_grid((), starts), *rows])

    def _written(self, affected: _Affected, points: Grid, totals: Grid) -> Grid:
        """The series to write: by carrier for what can have several, and over all carriers."""
        own = points.select(
            k for k in points.keys if k.subject in {p.subject for p in affected.points}
        )
        several = {key.subject for key in totals.keys if self._has_several(key.subject)}
        missing = [
            Key(subject, name)
            for subject in sorted(several)
            for name in COST_OF.values()
            if totals.row(Key(subject, name)) is None
        ]
        others = load(self._series, Grain.HOUR, missing, totals.starts)
        every = all_carriers(stack([own, totals, others]))
        carriers = totals.select(key for key in totals.keys if key.subject in several)
        return stack([carriers, every])

    def _is_total(self, subject: str) -> bool:
        return self._has_several(subject) or self._tree.is_virtual(subject) or "/item:" in subject

    def _has_several(self, subject: str) -> bool:
        """Whether a subject can have costs of several carriers, so that each is kept by itself."""
        register = self._tree.register
        return any(
            subject in kind
            for kind in (register.buildings, register.organisations, register.spaces)
        )

    def _stored_as(self, cost: Key) -> Key:
        return cost if self._has_several(cost.subject) else Key(cost.subject, COST)

    def _follow(self) -> None:
        """Take up the contracts where they have changed."""
        with self._records.connect() as conn:
            version = contracts_version(conn)
            if version != self._version:
                self._supply = Supply(read_contracts(conn), self._tree, self._book)
                self._fixed = FixedCosts(self._series, self._supply, self._fixed.stale)
                self._version = version


def _days_of(plan: Plan) -> Span:
    """The hours of all local days that a plan touches."""
    return hull(hours_of_days(plan.days(zone)) for zone in plan.zones)
