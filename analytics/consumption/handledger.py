"""The monthly ledger (台账): what each point used in a month, and what it was read, billed and bought by.

A line is of one point and one local month. ``use`` is that of the calendar month, as consumption has it;
``use_by_readings`` is that between the two readings, whose dates are not those of the month.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from analytics.grid import Key
from quotawatt.hand.entries import BILL, PURCHASE, READING, Entry, Stored
from quotawatt.spans import Span

TELEMETRY, COMPUTED, MISSING = "telemetry", "computed", "missing"
"""Sources beside the kinds of entries: a device, the sum of others, or nothing tells of the month."""


@dataclass(frozen=True, slots=True)
class Use:
    """What was used in a month: ``value`` None where nothing is known.

    coverage
        Share of the month's days that are known.
    estimated
        Share of the value that is estimated; None where there is no value.
    """

    value: float | None = None
    coverage: float = 0.0
    estimated: float | None = None


@dataclass(frozen=True, slots=True)
class Stand:
    """What a register showed at an instant (UTC), before the multiplier."""

    time: datetime
    value: float


@dataclass(frozen=True, slots=True)
class Month:
    """What is known of a point and a month.

    entries
        Those that stand, of any time that matters.
    device
        Whether a device is bound to the point at any time of the month.
    computed
        Whether it is a total or a virtual meter, which nothing feeds.
    multiplier
        By which the stands count; None: several, or none is known.
    stands
        Of a device: at the beginning and the end.
    """

    point: Key
    span: Span
    entries: Sequence[Stored] = ()
    device: bool = False
    computed: bool = False
    multiplier: float | None = None
    stands: tuple[Stand | None, Stand | None] = (None, None)
    use: Use = Use()
    before: Use = Use()
    last_year: Use = Use()


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the ledger. Amounts are in the quantity's unit; None: not known, or none.

    billed, opening_stock, bought, closing_stock, cost_cny
        Of the bills and purchases that end within the month.
    entries
        The numbers of the entries on which the line rests.
    """

    point: Key
    source: str
    opening_reading: Stand | None
    closing_reading: Stand | None
    multiplier: float | None
    use_by_readings: float | None
    use: float | None
    coverage: float
    estimated: float | None
    billed: float | None
    opening_stock: float | None
    bought: float | None
    closing_stock: float | None
    cost_cny: float | None
    entries: tuple[int, ...] = ()
    entered_by: tuple[str, ...] = ()
    previous_month: float | None = None
    last_year: float | None = None


def ledger_line(month: Month) -> Line:
    """The line of a point and month."""
    within = [one for one in month.entries if _touches(one.entry, month.span)]
    readings = [one for one in month.entries if one.entry.kind == READING]
    opening, closing = month.stands if month.device else _stands(readings, month.span)
    billed = [one.entry for one in within if one.entry.kind == BILL]
    bought = [one.entry for one in within if one.entry.kind == PURCHASE]
    source = _source(month, closing, billed, bought)
    # A document over two months counts in the one in which it ends, so that months add up to the year.
    billed = [entry for entry in billed if entry.end <= month.span.end]
    bought = [entry for entry in bought if entry.end <= month.span.end]
    return Line(
        point=month.point,
        source=source,
        opening_reading=opening,
        closing_reading=closing,
        multiplier=month.multiplier,
        use_by_readings=_between(month, readings, opening, closing),
        use=month.use.value,
        coverage=month.use.coverage,
        estimated=month.use.estimated,
        billed=_sum(entry.amount for entry in billed),
        opening_stock=bought[0].opening if bought else None,
        bought=_sum(entry.bought for entry in bought),
        closing_stock=bought[-1].closing if bought else None,
        cost_cny=_sum(entry.cost_cny for entry in (*billed, *bought)),
        entries=_numbers(within, readings, opening),
        entered_by=tuple(sorted({one.entered_by for one in within})),
        previous_month=month.before.value,
        last_year=month.last_year.value,
    )


def is_of_month(month: Month) -> bool:
    """Whether there is anything to say of a point and month."""
    touched = any(_touches(one.entry, month.span) for one in month.entries)
    return touched or None not in (month.use.value, month.use.estimated)


def by_point(entries: Iterable[Stored]) -> Mapping[Key, list[Stored]]:
    """Entries by the point of their results, in order of time."""
    found: dict[Key, list[Stored]] = {}
    for one in sorted(entries, key=lambda one: one.entry.start):
        found.setdefault(Key(one.subject, one.entry.quantity), []).append(one)
    return found


def _touches(entry: Entry, span: Span) -> bool:
    """Whether any of it lies within the span; a reading at its very end closes it."""
    if entry.kind == READING:
        return span.start <= entry.start <= span.end
    return entry.start < span.end and span.start < entry.end


def _stands(readings: Sequence[Stored], span: Span) -> tuple[Stand | None, Stand | None]:
    """The last reading at or before the beginning, else the first within, and the last up to the end."""
    known = [Stand(one.entry.start, one.entry.value or 0.0) for one in readings]
    early = [stand for stand in known if stand.time <= span.start]
    within = [stand for stand in known if span.start < stand.time <= span.end]
    opening = early[-1] if early else within[0] if within else None
    return opening, within[-1] if within and within[-1] != opening else None


def _numbers(
    within: Sequence[Stored], readings: Sequence[Stored], opening: Stand | None
) -> tuple[int, ...]:
    """Of the entries within the month, and of the reading before it that opens it."""
    opens = [one for one in readings if opening is not None and one.entry.start == opening.time]
    return tuple(sorted({one.number for one in (*within, *opens)}))


def _source(
    month: Month, closing: Stand | None, billed: Sequence[Entry], bought: Sequence[Entry]
) -> str:
    if month.device:
        return TELEMETRY
    if closing is not None:
        return READING
    if billed or bought:
        return BILL if billed else PURCHASE
    return COMPUTED if month.computed and month.use.value is not None else MISSING


def _between(
    month: Month, readings: Sequence[Stored], opening: Stand | None, closing: Stand | None
) -> float | None:
    """The use between two stands; None where the register fell in between: only consumption can tell."""
    if opening is None or closing is None or month.multiplier is None:
        return None
    steps = [one.entry.value or 0.0 for one in readings if _within(one, opening, closing)]
    if closing.value < opening.value or any(after < before for before, after in pairwise(steps)):
        return None
    return (closing.value - opening.value) * month.multiplier


def _within(one: Stored, opening: Stand, closing: Stand) -> bool:
    return opening.time <= one.entry.start <= closing.time


def _sum(figures: Iterable[float | None]) -> float | None:
    known = [figure for figure in figures if figure is not None]
    return sum(known) if known else None
