"""A figure unfolded: the series of an account down to buildings, meters and bills, by month and day.

The lines under a series are what adds up to it in the register of each day. What they do not explain is a
line of its own, so the lines of a series always sum to its amount.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from analytics.grid import Key
from analytics.totals.relations import Relations
from analytics.totals.segments import Segment
from analytics.yearly.dailyuse import DailyUse
from analytics.yearly.projection import Matrix
from analytics.yearly.quotastatus import QuotaPart, QuotaStatus, counted_factor
from quotawatt.hand.entries import asset_of
from quotawatt.register.formulas import measures
from quotawatt.spans import DAY

REST = "rest"
"""What stands in the place of a subject for use that no line explains."""

_NOTICED = 1e-9

RelationsOf = Callable[[Segment], Relations]


@dataclass(frozen=True, slots=True)
class Node:
    """A series below another one, with the days ``[first, until)`` on which it adds to it, and how often."""

    key: Key
    windows: tuple[tuple[date, date, float], ...]
    below: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Interval:
    """Use of a day or month that begins on ``first``; None where none of it is known."""

    first: date
    amount: float | None
    value: float | None
    coverage: float


@dataclass(frozen=True, slots=True)
class Line:
    """One series of a figure.

    subject, kind
        Code of the asset, and ``asset``, ``hand`` (entered by hand of a building or organisation itself) or
        ``rest`` (use that the lines beside it do not explain).
    amount, value
        In the measure's unit, and in the account's: converted, corrected, with its sign.
    coverage
        Mean share of its days that rests on measurements, 0..1.
    estimated
        Whether any of it does not rest on measurements.
    months, days
        The same by month, and by day of the month that was asked for.
    below
        What adds up to it.
    """

    subject: str
    kind: str
    measure: str
    amount: float
    value: float
    coverage: float
    estimated: bool
    months: tuple[Interval, ...]
    days: tuple[Interval, ...]
    below: tuple["Line", ...]


def node_of(part: QuotaPart, pieces: Sequence[Segment], relations: RelationsOf, depth: int) -> Node:
    """The series of a part of an account, with ``depth`` levels of what adds up to it."""
    first, until = pieces[0].first, pieces[-1].until
    windows = ((part.first or first, part.until or until, part.weight),)
    key = Key(part.subject, part.measure)
    return Node(key, windows, _below(key, windows, pieces, relations, depth))


def nodes_in(node: Node) -> Iterator[Node]:
    """The node and all below it."""
    yield node
    for one in node.below:
        yield from nodes_in(one)


def line_of(
    node: Node, factor: float, use: DailyUse, year: int, until_year: int, month: date | None = None
) -> Line:
    """The use of a node and of all below it over calendar years; ``factor`` makes amounts values.

    month
        First day of the month whose days are wanted; None: none.
    """
    days = _days(node, use, range(year, until_year + 1))
    below = [line_of(one, factor, use, year, until_year, month) for one in node.below]
    amount = _sum(days.used)
    if below:
        below += _rest(days, amount, below, node.key.measure, factor)
    coverage = float(days.coverage.mean()) if len(days.coverage) else 0.0
    return Line(
        subject=asset_of(node.key.subject),
        kind="asset" if asset_of(node.key.subject) == node.key.subject else "hand",
        measure=node.key.measure,
        amount=amount,
        value=amount * factor,
        coverage=coverage,
        estimated=coverage < 1,
        months=tuple(_months(days, factor)),
        days=tuple(_of_month(days, factor, month)) if month is not None else (),
        below=tuple(below),
    )


def unfolded(
    status: QuotaStatus, nodes: Sequence[Node], use: DailyUse, month: date | None = None
) -> list[Line]:
    """The parts of an account as lines, in their order; their values sum to what was used."""
    first = status.first or date(status.year, 1, 1)
    last = first + (status.days - 1) * DAY
    return [
        line_of(node, counted_factor(status, part), use, first.year, last.year, month)
        for node, part in zip(nodes, status.parts, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class _Days:
    dates: tuple[date, ...]
    used: Matrix
    coverage: Matrix


def _below(
    key: Key,
    windows: Sequence[tuple[date, date, float]],
    pieces: Sequence[Segment],
    relations: RelationsOf,
    depth: int,
) -> tuple[Node, ...]:
    if depth == 0:
        return ()
    found: dict[Key, list[tuple[date, date, float]]] = {}
    for piece in pieces:
        for first, until, times in windows:
            start, end = max(first, piece.first), min(until, piece.until)
            if start < end:
                for part, weight in relations(piece).weights(key).items():
                    meter = piece.register.meters.get(part.subject)
                    if meter is not None and not measures(meter.carrier, part.measure):
                        continue
                    found.setdefault(part, []).append((start, end, weight * times))
    return tuple(
        Node(part, tuple(of_part), _below(part, of_part, pieces, relations, depth - 1))
        for part, of_part in found.items()
    )


def _days(node: Node, use: DailyUse, years: Sequence[int]) -> _Days:
    """The days of a node's windows, weighted; a day that is not known is NaN."""
    found = [use.days([(node.key.subject, node.key.measure)], year) for year in years]
    used = np.concatenate([values[0] for values, _ in found])
    coverage = np.concatenate([covered[0] for _, covered in found])
    begin = date(years[0], 1, 1)
    weights = np.zeros(len(used))
    for first, until, weight in node.windows:
        weights[(first - begin).days : (until - begin).days] += weight
    chosen = np.flatnonzero(weights)
    dates = tuple(begin + int(i) * DAY for i in chosen)
    return _Days(dates, (used * weights)[chosen], coverage[chosen])


def _rest(
    days: _Days, amount: float, below: Sequence[Line], measure: str, factor: float
) -> list[Line]:
    rest = amount - math.fsum(line.amount for line in below)
    if abs(rest) <= _NOTICED * max(abs(amount), 1.0):
        return []
    by_month = {one.first: one.amount or 0.0 for one in _months(days, factor)}
    for line in below:
        for one in line.months:
            by_month[one.first] = by_month.get(one.first, 0.0) - (one.amount or 0.0)
    months = tuple(Interval(m, a, a * factor, 0.0) for m, a in sorted(by_month.items()))
    return [Line(REST, REST, measure, rest, rest * factor, 0.0, True, months, (), ())]


def _months(days: _Days, factor: float) -> Iterator[Interval]:
    grouped: dict[date, list[int]] = {}
    for i, day in enumerate(days.dates):
        grouped.setdefault(day.replace(day=1), []).append(i)
    for first, columns in grouped.items():
        yield _interval(first, days.used[columns], days.coverage[columns], factor)


def _of_month(days: _Days, factor: float, month: date) -> Iterator[Interval]:
    for i, day in enumerate(days.dates):
        if day.replace(day=1) == month:
            yield _interval(day, days.used[i : i + 1], days.coverage[i : i + 1], factor)


def _interval(first: date, used: Matrix, coverage: Matrix, factor: float) -> Interval:
    if np.isnan(used).all():
        return Interval(first, None, None, 0.0)
    amount = _sum(used)
    return Interval(first, amount, amount * factor, float(coverage.mean()))


def _sum(values: Matrix) -> float:
    return math.fsum(v for v in values.tolist() if not math.isnan(v))


def by_months(lines: Sequence[Line]) -> Mapping[date, float]:
    """The account's value of each month, over all lines."""
    found: dict[date, float] = {}
    for line in lines:
        for one in line.months:
            found[one.first] = found.get(one.first, 0.0) + (one.value or 0.0)
    return dict(sorted(found.items()))
