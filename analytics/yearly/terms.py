"""The terms of an account: which series it adds up and takes off, by which factor, and the area beside."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import fmean
from typing import NamedTuple

from analytics.totals.groups import ITEM_MEASURE, building_of_item
from analytics.yearly.holdings import Holding, days_of
from analytics.yearly.items import PURPOSE_AREAS, Items, MeteredItem
from analytics.yearly.usetable import Pair, UseTable
from quotawatt.register.model import Building
from quotawatt.rulebook.basics import Trust
from quotawatt.rulebook.indicators import KGCE_IN, Indicator
from quotawatt.rulebook.model import FactorSet

CARRIER, TAKES_IN, LEAVES_OUT = "carrier", "takes_in", "leaves_out"
SHARED_IN, SHARED_OUT = "shared_in", "shared_out"

CORRECTION, ASSUMED, NOT_CORRECTED = "correction", "assumed", "not_corrected"

NEGATIVE = frozenset({LEAVES_OUT, SHARED_OUT})
"""Roles that count negatively."""


_Days = tuple[date | None, date | None]


class Conversion(NamedTuple):
    """What a unit of a measure counts in the account."""

    value: float
    unit: str
    trust: Trust
    from_set: str = ""


@dataclass(frozen=True, slots=True)
class Term:
    """One series of an account; its days ``[first, until)`` count, None: from the beginning, to the end.

    role
        ``carrier``, ``takes_in``, ``shared_in`` (a part of another's building), and, counting negatively,
        ``leaves_out`` and ``shared_out``.
    purpose
        Of an item; empty for a carrier.
    weight
        How much of the series is the account's: below 1 for items of shared buildings.
    """

    subject: str
    measure: str
    role: str
    purpose: str = ""
    first: date | None = None
    until: date | None = None
    weight: float = 1.0

    @property
    def pair(self) -> Pair:
        """Subject and measure."""
        return self.subject, self.measure

    @property
    def sign(self) -> float:
        """How often it counts: its weight, negative for what is left out."""
        return -self.weight if self.role in NEGATIVE else self.weight


@dataclass(frozen=True, slots=True)
class Adjustment:
    """What changed an account beside its plain sum.

    kind
        ``leaves_out``: a purpose whose use, and area where it has one, were left out. ``correction``: a
        factor on the use; ``assumed`` where it rests on the working calendar, ``not_corrected`` where the
        register says too little. ``partly_metered``: area without meters that was not divided by.
    name
        The purpose, or what the correction goes by.
    amount
        Use that it takes off, in the account's unit, 0 or more; 0 for what is no use.
    area_m2
        Area that it takes off the denominator (daily mean); None: none.
    factor
        Of a correction; else None.
    """

    kind: str
    name: str
    amount: float
    area_m2: float | None
    factor: float | None
    trust: Trust


def terms_of(
    asset: str, indicator: Indicator, held: Sequence[Holding], items: Items
) -> Iterator[Term]:
    """All terms that an account may have, known or not."""
    for name in indicator.carriers:
        yield Term(asset, name, CARRIER)
    for one in held:
        days = (None, None) if len(held) == 1 else (one.piece.first, one.piece.until)
        for part, sign in one.moved:
            if part.quantity in indicator.carriers:
                role = SHARED_IN if sign > 0 else SHARED_OUT
                yield Term(part.meter, part.quantity, role, "", *days)
        for building in one.all_buildings:
            for item in items.of(building.code, indicator.takes_in):
                yield from _of_item(item, TAKES_IN, building, one, days, items)
            for item in items.of(building.code, indicator.leaves_out):
                if item.measure in indicator.carriers:
                    yield from _of_item(item, LEAVES_OUT, building, one, days, items)


def _of_item(
    item: MeteredItem, role: str, building: Building, one: Holding, days: _Days, items: Items
) -> Iterator[Term]:
    weight = 1.0
    if one.moved:
        meters = [one.piece.register.meters[m] for m in item.meters]
        weight = fmean(one.part_of_meter(meter, item.measure) for meter in meters)
    if weight == 0:
        return
    windows: Iterable[_Days] = (days,)
    # What a heating account takes in is cut by its own period.
    if item.seasonal and role == LEAVES_OUT:
        windows = items.windows(building, one.piece.first, one.piece.until)
    for first, until in windows:
        yield Term(item.subject, item.measure, role, item.purpose, first, until, weight)


def areas_left_out(
    terms: Sequence[Term], held: Sequence[Holding], table: UseTable
) -> dict[str, float]:
    """By purpose the area (m², daily mean) that leaves the denominator with its use.

    It leaves for the days on which the use is known: what is not sub-metered stays in both.
    """
    days = days_of(held)
    found: dict[str, float] = {}
    seen: dict[tuple[str, str, int], float] = {}
    for term in terms:
        if term.role != LEAVES_OUT or term.purpose not in PURPOSE_AREAS:
            continue
        # A kitchen of which gas alone is metered keeps its area, for its electricity is still in.
        if term.measure != ITEM_MEASURE:
            continue
        code = (
            building_of_item(term.subject) or held[0].piece.register.meters[term.subject].building
        )
        for index, one in enumerate(held):
            if term.first not in (None, one.piece.first):
                continue
            known = table.known_days(term.pair, one.piece.first, one.piece.until)
            # Of several items of a purpose in one building the best known says how long it is metered.
            key = (code, term.purpose, index)
            seen[key] = max(seen.get(key, 0.0), known * term.weight)
    for (code, purpose, index), held_days in seen.items():
        building = next((b for b in held[index].all_buildings if b.code == code), None)
        area = getattr(building, PURPOSE_AREAS[purpose], None)
        if area and held_days:
            found[purpose] = found.get(purpose, 0.0) + area * held_days / days
    return found


def conversion(
    measure: str, indicator: Indicator, factor_set: FactorSet | None, trust: Trust
) -> Conversion | None:
    """What a unit of the measure counts in the account; None where the factor set does not say."""
    if not indicator.converts:
        return Conversion(1.0, "1", trust)
    factor = None if factor_set is None else factor_set.coal_equivalent.get(measure)
    if factor is None:
        return None
    unit = factor.unit.replace("kgce", indicator.amount_unit)
    value = factor.value / KGCE_IN[indicator.amount_unit]
    return Conversion(value, unit, factor.trust, factor.from_set)
