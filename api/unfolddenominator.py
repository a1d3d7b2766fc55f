"""What the denominator of an account is made of: areas and people with the days on which they held."""

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from analytics.totals.segments import followed_tree, segments, total_books
from analytics.yearly.holdings import Holding, holdings
from analytics.yearly.quotas import QuotaStatus
from analytics.yearly.yardsticks import STAFF
from quotawatt.register.model import Building, Register
from quotawatt.rulebook.indicators import GROSS_AREA, HEADCOUNT, HEATED_AREA
from quotawatt.rulebook.model import Rulebook
from quotawatt.spans import DAY


def denominator_rows(
    status: QuotaStatus, register: Register, rulebook: Rulebook
) -> Iterator[dict[str, Any]]:
    """A row for each building and organisation, and each stretch of days on which nothing changed.

    Nothing for accounts that are divided by kilometres, by IT electricity or by nothing.
    """
    first = status.first or date(status.year, 1, 1)
    until = first + status.days * DAY
    if status.denominator_name in (GROSS_AREA, HEATED_AREA):
        yield from _areas(status, register, rulebook, first, until)
    elif status.denominator_name == HEADCOUNT:
        quota = rulebook.quotas.get(status.quota)
        components = STAFF if quota is None else tuple(quota.headcount_components)
        yield from _people(status.asset, components, register, first, until)


def _areas(
    status: QuotaStatus, register: Register, rulebook: Rulebook, first: date, until: date
) -> Iterator[dict[str, Any]]:
    pieces = segments(total_books(register), first, until)
    measures = rulebook.indicators[status.indicator].carriers
    found: dict[tuple[str, float | None], list[tuple[date, date]]] = {}
    for one in holdings(status.asset, pieces):
        for building in one.all_buildings:
            area = _held_area(one, building, status.denominator_name, measures)
            if area == 0:
                continue
            days = found.setdefault((building.code, area), [])
            if days and days[-1][1] == one.piece.first:
                days[-1] = (days[-1][0], one.piece.until)
            else:
                days.append((one.piece.first, one.piece.until))
    for (code, area), stretches in found.items():
        for start, end in stretches:
            yield _row(code, status.denominator_name, start, end, area)


def _held_area(
    one: Holding, building: Building, column: str, measures: Collection[str]
) -> float | None:
    area, part = getattr(building, column), one.part_of_area(building.code, measures)
    return None if area is None or part is None else float(area * part)


def _people(
    asset: str, components: tuple[str, ...], register: Register, first: date, until: date
) -> Iterator[dict[str, Any]]:
    for code in register.sub_organisations(asset, followed_tree(register, asset)):
        for held in register.headcounts_of(code):
            start, end = max(first, held.valid_from), min(until, held.valid_until or until)
            if held.component in components and start < end:
                yield _row(code, held.component, start, end, held.people)


def _row(
    subject: str, component: str, first: date, until: date, amount: float | None
) -> dict[str, Any]:
    days = (until - first).days
    return {
        "subject": subject,
        "component": component,
        "first": first,
        "until": until,
        "days": days,
        "amount": amount,
    }
