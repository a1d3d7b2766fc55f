"""What the yearly accounts of quotas and carbon share: whose they are, area, people, and results.

Area and people are daily means of what was held, over the days judged:

    M = (area held on day 1 + ... + area held on day n) / n

So a building that goes over on 1 July counts with half its area at each of the two in that year, beside
half a year of its use; and what is bought or given up within the year weighs by its days.
"""

import math
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import cache, partial
from typing import NamedTuple

from analytics.totals.segments import Segment, books, counts, followed_tree, segments
from analytics.yearly.dailyuse import DailyUse, YearToDate, year_to_date
from quotawatt.register.model import Building, Register


class AccountYear(NamedTuple):
    """Whose account is drawn up, its year to date, and the days judged, cut where the register changes."""

    asset: str
    to_date: YearToDate
    pieces: tuple[Segment, ...]


def account_years(
    use: DailyUse,
    register: Register,
    as_of: datetime,
    only: Collection[str] | None = None,
    limited: Callable[[Register], Register] = books,
) -> Iterator[AccountYear]:
    """Organisations and buildings that were in use on any day of the year judged at ``as_of``, sorted.

    ``only`` names those that are asked for; None: all. ``limited`` leaves of the register what the accounts
    rest on: where that changes the days are cut.
    """
    cut = cache(partial(segments, limited(register)))
    everyone = [*register.organisations, *register.buildings]
    for asset in sorted(everyone if only is None else set(only).intersection(everyone)):
        to_date = year_to_date(as_of, use.zone_of(asset))
        first = date(to_date.year, 1, 1)
        pieces = cut(first, first + timedelta(days=to_date.days))
        if any(counts(piece.register, asset) for piece in pieces):
            yield AccountYear(asset, to_date, pieces)


def held_buildings(asset: str, register: Register) -> tuple[Building, ...]:
    """Of a snapshot the building itself, or those of an organisation and all below it, that are in use."""
    building = register.buildings.get(asset)
    found = (building,) if building is not None else _buildings_of(asset, register)
    return tuple(b for b in found if counts(register, b.code))


def last_held(asset: str, pieces: Sequence[Segment]) -> Register:
    """The last snapshot in which a building was in use, or an organisation had one; else the last of all."""
    snapshots = [piece.register for piece in reversed(pieces)]
    return next((r for r in snapshots if held_buildings(asset, r)), snapshots[0])


def mean_area_m2(asset: str, pieces: Sequence[Segment]) -> float | None:
    """Daily mean of the gross area of a building, or of those of an organisation, over the pieces.

    A day without buildings counts 0. None where any area is unknown, and where there was never one.
    """
    days = sum(piece.days for piece in pieces)
    shares: list[float] = []
    for piece in pieces:
        for building in held_buildings(asset, piece.register):
            area = building.gross_area_m2
            if area is None or area <= 0:
                return None
            shares.append(area * (piece.days / days))
    return math.fsum(shares) if shares else None


def mean_people(asset: str, components: Sequence[str], pieces: Sequence[Segment]) -> float | None:
    """Daily mean of the people of an organisation and of all below it over the pieces.

    None where they are not known of every organisation on every day, and where there was nobody.
    """
    days = sum(piece.days for piece in pieces)
    people = 0.0
    for piece in pieces:
        register = piece.register
        tree = followed_tree(register, asset)
        mean = register.headcount_mean(asset, components, piece.first, piece.until, tree)
        if mean is None:
            return None
        people += mean * (piece.days / days)
    return people or None


def _buildings_of(organisation: str, register: Register) -> tuple[Building, ...]:
    return register.buildings_of(organisation, followed_tree(register, organisation))
