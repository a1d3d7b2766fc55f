"""What an account is divided by: area, heated area or people, as daily means of what was held."""

import math
from collections.abc import Callable, Collection, Sequence
from typing import NamedTuple

from analytics.totals.segments import Segment
from analytics.yearly.accounts import held_buildings
from analytics.yearly.compounds import Moved, SharedPart, moved, shared_parts
from quotawatt.register.model import Building, Meter, Register


class Holding(NamedTuple):
    """The buildings of an account over one piece of its days.

    moved
        Parts of shared buildings that enter the account from elsewhere, or leave it.
    """

    piece: Segment
    buildings: tuple[Building, ...]
    moved: tuple[Moved, ...] = ()

    @property
    def all_buildings(self) -> tuple[Building, ...]:
        """Those of which it has all or a part."""
        return tuple(
            {b.code: b for b in (*self.buildings, *(m.part.building for m in self.moved))}.values()
        )

    def part_of_area(self, building: str, measures: Collection[str]) -> float | None:
        """The part of a building's area that is the account's, 0..1; None: not known.

        ``measures`` are those of the account: area goes along with what is shared of these.
        """
        held = float(any(b.code == building for b in self.buildings))
        seen: set[str] = set()
        for part, sign in self._of(building, measures):
            if part.to not in seen:
                if part.of_area is None:
                    return None
                seen.add(part.to)
                held += sign * part.of_area
        return held

    def part_of_meter(self, meter: Meter, measure: str) -> float:
        """How much of a meter's use is the account's, 0..1."""
        held = float(any(b.code == meter.building for b in self.buildings))
        return held + math.fsum(
            sign * part.of_meter(meter, self.piece.register)
            for part, sign in self._of(meter.building, (measure,))
        )

    def _of(self, building: str, measures: Collection[str]) -> list[Moved]:
        return [
            one
            for one in self.moved
            if one.part.building.code == building and one.part.quantity in measures
        ]


def holdings(
    asset: str,
    pieces: Sequence[Segment],
    shared: Callable[[Segment], tuple[SharedPart, ...]] = shared_parts,
) -> tuple[Holding, ...]:
    """Of each piece the building, or those of the organisation and all below it, that are in use.

    ``shared`` says which parts of buildings are shared; whoever asks for many assets remembers it.
    """
    return tuple(
        Holding(
            piece,
            held_buildings(asset, piece.register),
            moved(asset, piece.register, shared(piece)),
        )
        for piece in pieces
    )


def days_of(held: Sequence[Holding]) -> int:
    """All days of the pieces."""
    return sum(one.piece.days for one in held)


def mean_of_column(
    held: Sequence[Holding], column: str, measures: Collection[str] = ()
) -> float | None:
    """Daily mean of an area column over the holdings; m².

    measures
        Those of the account: where a building's use of one of them is shared, its area is too.

    A day without buildings counts 0. None where any area is unknown or 0, and where there was never one.
    """
    days = days_of(held)
    shares: list[float] = []
    for one in held:
        for building in one.all_buildings:
            part, area = one.part_of_area(building.code, measures), getattr(building, column)
            if part == 0:
                continue
            if part is None or area is None or area <= 0:
                return None
            shares.append(area * part * (one.piece.days / days))
    return math.fsum(shares) if shares else None


def people_of_building(building: Building, register: Register) -> float | None:
    """Who works in a building: the occupants of its rooms; None where those of no room are known."""
    known = [
        space.occupants
        for space in register.spaces_in(building.code)
        if space.occupants is not None
    ]
    return float(sum(known)) if known else None
