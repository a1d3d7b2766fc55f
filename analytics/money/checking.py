"""A supplier's bill held against what was worked out, line by line."""

from collections.abc import Sequence
from dataclasses import dataclass

from quotawatt.money.bills import TOTAL, BillLine

NOT_BILLED, NOT_COMPUTED, AGREES = "not_billed", "not_computed", "agrees"
AMOUNT, PRICE, BOTH, MONEY = "amount", "price", "amount_and_price", "money"

_SAME = 0.005
"""A difference of half a per cent of an amount or price explains nothing."""


_NOTHING = BillLine("")


@dataclass(frozen=True, slots=True)
class Difference:
    """One line, as billed and as worked out.

    amount_difference, cost_difference_cny
        Billed less worked out; None: one of them is not known.
    cost_difference_pct
        Of what was worked out.
    why
        ``agrees``, or which side has more to it: ``amount`` (another reading or period), ``price`` (another
        tariff or month), ``amount_and_price``, ``money`` (neither tells), ``not_billed``, ``not_computed``.
    """

    line: str
    period: str
    billed: BillLine | None
    computed: BillLine | None
    amount_difference: float | None
    cost_difference_cny: float | None
    cost_difference_pct: float | None
    why: str


def compare_bill(
    billed: Sequence[BillLine],
    computed: Sequence[BillLine],
    tolerance_pct: float,
    tolerance_cny: float,
) -> list[Difference]:
    """The lines of both, those of the bill first.

    A line agrees where its cost differs by at most the tolerance in CNY or in per cent. Where a part is
    billed in one line and worked out by period, or the other way round, the periods are added up.
    """
    mine = _matched(computed, billed)
    theirs = {(line.line, line.period): line for line in _with_total(billed)}
    keys = dict.fromkeys([*theirs, *mine])
    return [
        _difference(key, theirs.get(key), mine.get(key), tolerance_pct, tolerance_cny)
        for key in keys
    ]


def total_of(differences: Sequence[Difference]) -> Difference:
    """That of the whole bill."""
    return next(d for d in differences if d.line == TOTAL)


def _with_total(lines: Sequence[BillLine]) -> list[BillLine]:
    """A bill that came without its total has the sum of its lines as one."""
    if any(line.line == TOTAL for line in lines):
        return list(lines)
    costs = [line.cost_cny for line in lines]
    total = None if None in costs else round(sum(cost or 0.0 for cost in costs), 2)
    return [*lines, BillLine(TOTAL, cost_cny=total)]


def _matched(
    computed: Sequence[BillLine], billed: Sequence[BillLine]
) -> dict[tuple[str, str], BillLine]:
    """What was worked out, with the periods of a part added up where the bill has it in one line."""
    whole = {line.line for line in billed if not line.period}
    found: dict[tuple[str, str], BillLine] = {}
    for line in computed:
        key = (line.line, "" if line.line in whole else line.period)
        found[key] = _sum(found[key], line) if key in found else _named(line, key[1])
    return found


def _named(line: BillLine, period: str) -> BillLine:
    return BillLine(line.line, period, line.amount, line.price_cny, line.cost_cny)


def _sum(one: BillLine, other: BillLine) -> BillLine:
    amount = _plus(one.amount, other.amount)
    cost = _plus(one.cost_cny, other.cost_cny)
    price = cost / amount if cost is not None and amount else None
    return BillLine(one.line, one.period, amount, price, cost)


def _plus(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else one + other


def _difference(
    key: tuple[str, str],
    billed: BillLine | None,
    computed: BillLine | None,
    tolerance_pct: float,
    tolerance_cny: float,
) -> Difference:
    theirs, mine = billed or _NOTHING, computed or _NOTHING
    amount = _minus(theirs.amount, mine.amount)
    cost, base = _minus(theirs.cost_cny, mine.cost_cny), mine.cost_cny
    share = None if cost is None or not base else 100 * cost / abs(base)
    limit = max(tolerance_cny, tolerance_pct / 100 * abs(base or 0.0))
    why = _why(billed, computed) if cost is None or abs(cost) > limit else AGREES
    return Difference(*key, billed, computed, amount, cost, share, why)


def _why(billed: BillLine | None, computed: BillLine | None) -> str:
    if billed is None:
        return NOT_BILLED
    if computed is None or computed.cost_cny is None:
        return NOT_COMPUTED
    amounts = _differ(billed.amount, computed.amount)
    prices = _differ(billed.price_cny, computed.price_cny)
    if amounts and prices:
        return BOTH
    if amounts or prices:
        return AMOUNT if amounts else PRICE
    return MONEY


def _differ(one: float | None, other: float | None) -> bool:
    return one is not None and other is not None and abs(one - other) > _SAME * abs(other)


def _minus(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else one - other
