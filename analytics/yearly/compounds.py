"""Shared compounds (合署办公): parts of a building's use and area that go to other organisations' accounts.

A virtual meter that serves an organisation is that organisation's part of the building, by whatever its
formula says: area, people or a fixed factor. Its use leaves the accounts of whom the building is accounted
to and enters those of the organisation served; an account above both has neither. So every part counts once.

Area goes the same way by the part of the whole building that the formula takes; where it takes sub-meters
only, by the rooms that the organisation occupies.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from analytics.grid import Key
from analytics.totals.segments import Segment, counts, followed_tree
from analytics.totals.virtual import share_of, weights_of
from quotawatt.register.formulas import Share, measures
from quotawatt.register.model import Building, Meter, Register, VirtualMeter


class SharedPart(NamedTuple):
    """A part of a building that an organisation has, whom it is not accounted to.

    weights
        What the part is the weighted sum of.
    of_area
        The part of the building's area, 0..1; None: not known.
    """

    meter: str
    quantity: str
    building: Building
    to: str
    weights: Mapping[Key, float]
    of_area: float | None

    def of_meter(self, meter: Meter, register: Register) -> float:
        """How much of a meter's use is in the part: 0.4 of the building is 0.4 of every meter in it."""
        held = self.weights.get(Key(self.building.code, self.quantity), 0.0)
        step: Meter | None = meter
        seen: set[str] = set()
        while step is not None and step.code not in seen:
            seen.add(step.code)
            held += self.weights.get(Key(step.code, self.quantity), 0.0)
            step = register.meters.get(step.parent or "")
        return held


class Moved(NamedTuple):
    """A shared part that enters an account (``sign`` 1) or leaves it (-1)."""

    part: SharedPart
    sign: int


def shared_parts(piece: Segment) -> tuple[SharedPart, ...]:
    """The shared parts of all buildings in use over a piece; head-counts are those of its first day."""
    register = piece.register
    serving = list(_serving(register))
    if not serving:
        return ()
    weights = weights_of(register, piece.first)
    found = (_part(m, weights[Key(m.code, m.quantity)], piece) for m in serving)
    return tuple(part for part in found if part.weights)


def moved(asset: str, register: Register, parts: tuple[SharedPart, ...]) -> tuple[Moved, ...]:
    """What of the shared parts enters or leaves the accounts of an organisation and all below it."""
    if not parts or asset not in register.organisations:
        return ()
    inside = set(register.sub_organisations(asset, followed_tree(register, asset)))
    return tuple(
        Moved(part, 1 if part.to in inside else -1)
        for part in parts
        if (part.to in inside) != (part.building.organisation in inside)
    )


def buildings_shared_with(asset: str, register: Register) -> tuple[Building, ...]:
    """Of a snapshot the buildings in use of which an organisation, or one below it, has a part."""
    codes = register.sub_organisations(asset, followed_tree(register, asset))
    serving = [m.building for code in codes for m in register.virtual_meters_serving(code)]
    found = (register.buildings.get(code) for code in dict.fromkeys(serving))
    return tuple(b for b in found if b is not None and counts(register, b.code))


def _serving(register: Register) -> Iterator[VirtualMeter]:
    for meter in register.virtual_meters.values():
        if meter.serves not in register.organisations or not counts(register, meter.code):
            continue
        building = register.buildings.get(meter.building)
        if building is None or meter.serves == building.organisation:
            continue
        if counts(register, building.code):
            yield meter


def _part(meter: VirtualMeter, weights: Mapping[Key, float], piece: Segment) -> SharedPart:
    building, to = piece.register.buildings[meter.building], str(meter.serves)
    part = SharedPart(meter.code, meter.quantity, building, to, weights, None)
    whole = _of_whole(part, piece.register)
    if whole is None:
        whole = share_of(piece.register, building.code, Share("area", to))
    return part._replace(of_area=whole)


def _of_whole(part: SharedPart, register: Register) -> float | None:
    """The part of the whole building that it takes; None where its meters are in it unequally."""
    if Key(part.building.code, part.quantity) in part.weights:
        return part.weights[Key(part.building.code, part.quantity)]
    roots = [
        meter
        for meter in register.meters_of(part.building.code)
        if meter.parent is None
        and measures(meter.carrier, part.quantity)
        and counts(register, meter.code)
    ]
    times = {part.of_meter(root, register) for root in roots}
    return times.pop() if len(times) == 1 and max(times) > 0 else None
