"""What each hour cost: use times price for points, and sums up the tree like the use itself.

A point is a meter, a vehicle, or what was entered by hand. Its costs go by carrier; where an asset is priced
in two ways (import and the credit for export) they are added. No contract, or no price of the month, is no
cost: never zero.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from analytics.grid import (
    HOUR_US,
    Bools,
    Floats,
    Grid,
    Key,
    Micros,
    empty_grid,
    instant_of,
    stack,
)
from analytics.money.supply import COST, COST_OF, Supply
from analytics.totals.rollup import add_up
from analytics.totals.tree import Tree
from quotawatt.rulebook.tariffs import CARRIER_OF
from quotawatt.spans import Span

OF_VEHICLES_ONLY = frozenset({"charge_energy_kwh"})
"""Inside some building's electricity already, so its cost enters no total."""


def cost_key(key: Key) -> Key | None:
    """The series of the cost of a series of use, by carrier; None: it is not priced."""
    carrier = CARRIER_OF.get(key.measure)
    return None if carrier is None else Key(key.subject, COST_OF[carrier])


def point_costs(use: Grid, supply: Supply, stated: Mapping[Key, Floats]) -> Grid:
    """Costs by carrier of the points of a grid of use.

    stated
        By point CNY a unit that was paid by purchases and bills with an amount of money, NaN where none.
        It stands where no contract gives a price; for fuel it goes first.
    """
    rows: dict[Key, list[Grid]] = {}
    for key in use.keys:
        cost = cost_key(key)
        if cost is not None:
            price = _priced(key, use.starts, supply, stated.get(key))
            rows.setdefault(cost, []).append(_times(cost, use.select([key]), price))
    return stack([empty_grid((), use.starts), *(_added(key, grids) for key, grids in rows.items())])


def total_costs(costs: Grid, totals: Iterable[Key], tree: Tree) -> Grid:
    """Costs by carrier of the totals of use given, parts before their totals, from a grid of their parts."""
    wanted = [k for k in totals if k.measure in CARRIER_OF and k.measure not in OF_VEHICLES_ONLY]
    by_cost: dict[Key, list[Key]] = {}
    for key in wanted:
        cost = cost_key(key)
        assert cost is not None
        by_cost.setdefault(cost, []).append(key)
    return add_up(costs, by_cost, CostTree(tree, by_cost))


def all_carriers(costs: Grid) -> Grid:
    """The cost of each subject over its carriers.

    Known where any carrier's is; coverage is the mean of those known.
    """
    by_subject: dict[str, list[Key]] = {}
    for key in costs.keys:
        by_subject.setdefault(key.subject, []).append(key)
    sums = [
        _added(Key(subject, COST), [costs.select([key]) for key in keys])
        for subject, keys in by_subject.items()
    ]
    return stack([empty_grid((), costs.starts), *sums])


class CostTree:
    """Which costs add up to which: as the use that they are of."""

    def __init__(self, tree: Tree, by_cost: Mapping[Key, Sequence[Key]]) -> None:
        self._tree = tree
        self._by_cost = by_cost
        self._known: dict[tuple[Key, Span], Mapping[str, list[Key]]] = {}

    def parts(self, total: Key, span: Span) -> tuple[Key, ...]:
        """The costs of the parts of the use."""
        found = (part for use in self._by_cost[total] for part in self._tree.parts(use, span))
        return tuple(dict.fromkeys(Key(part.subject, total.measure) for part in found))

    def held(self, total: Key, part: Key, starts: Micros) -> Bools:
        """For each of the hours whether any use of the part adds to the total's."""
        found = np.zeros(len(starts), dtype=bool)
        for use, source in self._sources(total, part, starts):
            found |= self._tree.held(use, source, starts)
        return found

    def weights(self, total: Key, part: Key, starts: Micros) -> Floats:
        """For each of the hours how many times the part counts in a virtual meter, which has one measure."""
        found = np.zeros(len(starts))
        for use, source in self._sources(total, part, starts):
            found += self._tree.weights(use, source, starts)
        return found

    def expected(self, key: Key, starts: Micros) -> Bools:
        """For each of the hours whether any use of this carrier should have a result."""
        found = np.zeros(len(starts), dtype=bool)
        for name, carrier in CARRIER_OF.items():
            if COST_OF[carrier] == key.measure:
                found |= self._tree.expected(Key(key.subject, name), starts)
        return found

    def is_virtual(self, subject: str) -> bool:
        """Whether the subject is a virtual meter."""
        return self._tree.is_virtual(subject)

    def _sources(self, total: Key, part: Key, starts: Micros) -> Iterator[tuple[Key, Key]]:
        """Pairs of a use of the total and the part's use in it."""
        span = Span(instant_of(starts[0]), instant_of(starts[-1] + HOUR_US))
        for use in self._by_cost[total]:
            for source in self._by_subject(use, span).get(part.subject, ()):
                yield use, source

    def _by_subject(self, use: Key, span: Span) -> Mapping[str, list[Key]]:
        if (use, span) not in self._known:
            found: dict[str, list[Key]] = {}
            for source in self._tree.parts(use, span):
                found.setdefault(source.subject, []).append(source)
            self._known[use, span] = found
        return self._known[use, span]


def _priced(key: Key, starts: Micros, supply: Supply, stated: Floats | None) -> Floats:
    price = supply.price(key, starts)
    if stated is None:
        return price
    first, then = (stated, price) if CARRIER_OF[key.measure] == "fuel" else (price, stated)
    return np.where(np.isnan(first), then, first)


def _times(cost: Key, use: Grid, price: Floats) -> Grid:
    value = use.value * price
    known = ~np.isnan(value)
    coverage = np.where(known, use.coverage, 0.0)
    return Grid((cost,), use.starts, value, coverage, use.estimated & known)


def _added(key: Key, grids: Sequence[Grid]) -> Grid:
    """Grids of one row each as one row: their sum where any is known."""
    together = [
        np.concatenate([getattr(grid, name) for grid in grids])
        for name in ("value", "coverage", "estimated")
    ]
    value, coverage, estimated = together
    known = ~np.isnan(value)
    count = known.sum(axis=0, keepdims=True)
    return Grid(
        (key,),
        grids[0].starts,
        np.where(count > 0, np.nansum(value, axis=0, keepdims=True), np.nan),
        np.where(known, coverage, 0.0).sum(axis=0, keepdims=True) / np.maximum(count, 1),
        np.asarray(estimated.any(axis=0, keepdims=True)),
    )
