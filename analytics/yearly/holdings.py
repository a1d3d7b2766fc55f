"""What an account is divided by: area, heated area or people, as daily means of what was held."""

import math
from collections.abc import Sequence
from typing import NamedTuple

from analytics.totals.segments import Segment
from analytics.yearly.accounts import held_buildings
from quotawatt.register.model import Building, Register


class Holding(NamedTuple):
    """The buildings of an account over one piece of its days."""

    piece: Segment
    buildings: tuple[Building, ...]


def holdings(asset: str, pieces: Sequence[Segment]) -> tuple[Holding, ...]:
    """Of each piece the building, or those of the organisation and all below it, that are in use."""
    return tuple(Holding(piece, held_buildings(asset, piece.register)) for piece in pieces)


def days_of(held: Sequence[Holding]) -> int:
    """All days of the pieces."""
    return sum(one.piece.days for one in held)


def mean_of_column(held: Sequence[Holding], column: str) -> float | None:
    """Daily mean of an area column over the holdings; m².

    A day without buildings counts 0. None where any area is unknown or 0, and where there was never one.
    """
    days = days_of(held)
    shares: list[float] = []
    for one in held:
        for building in one.buildings:
            area = getattr(building, column)
            if area is None or area <= 0:
                return None
            shares.append(area * (one.piece.days / days))
    return math.fsum(shares) if shares else None


def people_of_building(building: Building, register: Register) -> float | None:
    """Who works in a building: the occupants of its rooms; None where those of no room are known."""
    known = [
        space.occupants
        for space in register.spaces.values()
        if space.building == building.code and space.occupants is not None
    ]
    return float(sum(known)) if known else None
