"""The terms of an account: which series it adds up and takes off, by which factor, and the area beside."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from analytics.yearly.holdings import Holding, days_of
from analytics.yearly.items import PURPOSE_AREAS, Items, MeteredItem
from analytics.yearly.usetable import Pair, UseTable
from quotawatt.rulebook.basics import Trust
from quotawatt.rulebook.indicators import KGCE_IN, Indicator
from quotawatt.rulebook.model import FactorSet

CARRIER, TAKES_IN, LEAVES_OUT = "carrier", "takes_in", "leaves_out"


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
        ``carrier``, ``takes_in`` or ``leaves_out``; the last counts negatively.
    purpose
        Of an item; empty for a carrier.
    """

    subject: str
    measure: str
    role: str
    purpose: str = ""
    first: date | None = None
    until: date | None = None

    @property
    def pair(self) -> Pair:
        """Subject and measure."""
        return self.subject, self.measure

    @property
    def sign(self) -> int:
        """1, or -1 for what is left out."""
        return -1 if self.role == LEAVES_OUT else 1


@dataclass(frozen=True, slots=True)
class Adjustment:
    """What changed an account beside its plain sum.

    kind
        ``leaves_out``: a purpose whose use, and area where it has one, were left out. ``correction``: a
        factor on the use. ``partly_metered``: area without meters that was not divided by.
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
        for building in one.buildings:
            for item in items.of(building.code, indicator.takes_in):
                yield _of_item(item, TAKES_IN, one, held)
            for item in items.of(building.code, indicator.leaves_out):
                yield _of_item(item, LEAVES_OUT, one, held)


def _of_item(item: MeteredItem, role: str, one: Holding, held: Sequence[Holding]) -> Term:
    if len(held) == 1:
        return Term(item.subject, item.measure, role, item.purpose)
    piece = one.piece
    return Term(item.subject, item.measure, role, item.purpose, piece.first, piece.until)


def areas_left_out(
    terms: Sequence[Term], held: Sequence[Holding], table: UseTable
) -> dict[str, float]:
    """By purpose the area (m², daily mean) that leaves the denominator with its use.

    It leaves for the days on which the use is known: what is not sub-metered stays in both.
    """
    days = days_of(held)
    found: dict[str, float] = {}
    seen: dict[tuple[str, str, int], int] = {}
    for term in terms:
        if term.role != LEAVES_OUT or term.purpose not in PURPOSE_AREAS:
            continue
        code = term.subject.partition("/")[0]
        for index, one in enumerate(held):
            if term.first not in (None, one.piece.first):
                continue
            known = table.known_days(term.pair, one.piece.first, one.piece.until)
            # Of several items of a purpose in one building the best known says how long it is metered.
            key = (code, term.purpose, index)
            seen[key] = max(seen.get(key, 0), known)
    for (code, purpose, index), known in seen.items():
        building = next((b for b in held[index].buildings if b.code == code), None)
        area = getattr(building, PURPOSE_AREAS[purpose], None)
        if area and known:
            found[purpose] = found.get(purpose, 0.0) + area * known / days
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
