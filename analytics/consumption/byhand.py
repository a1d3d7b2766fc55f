"""What is read by hand at an asset's own register feeds the asset without a binding.

A reading by hand is one of device ``asset:CODE``, channel empty; what a bill or a purchase touched is
marked under channel ``bill``. Its value is what the register shows, so the multiplier and the register
size of the device bound to the asset at that time hold for it too; where none is bound, 1 and unknown.
Where a device is bound that counts the quantity for certain, the device counts and what is by hand does
not; where a binding names the series itself, that holds.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise

from analytics.grid import Key
from quotawatt.flows import counted_as
from quotawatt.hand.entries import asset_of, subject_of
from quotawatt.quantities import COUNTERS
from quotawatt.readings import SeriesKey
from quotawatt.register.model import Binding, Register
from quotawatt.register.purposes import main_quantity
from quotawatt.spans import Span

PREFIX = "asset:"
BILL = "bill"
"""The channel under which bills and purchases are marked; no reading has it."""

BEGINNING = datetime.min.replace(tzinfo=UTC)
EVER = datetime.max.replace(tzinfo=UTC)


def hand_series(point: Key) -> SeriesKey:
    """The series of what is read by hand at a point."""
    return SeriesKey(PREFIX + point.subject, "", point.measure)


def point_by_hand(series: SeriesKey, register: Register) -> Key | None:
    """The point that a series by hand feeds of itself; None where it is no such series."""
    code = series.device.removeprefix(PREFIX)
    by_hand = series.device.startswith(PREFIX) and series.channel in ("", BILL)
    if not by_hand or series.quantity not in COUNTERS:
        return None
    # What is entered of a building or organisation itself has a series beside its total.
    asset = asset_of(code)
    if asset not in register.assets or subject_of(asset, register) != code:
        return None
    return Key(code, series.quantity)


def spans_by_hand(point: Key, register: Register) -> Iterator[tuple[Span, Binding]]:
    """When readings by hand count at a point, in order, with the binding that stands for none."""
    devices = [
        b
        for b in register.bindings_of(point.subject)
        if b.multiplier > 0 and not b.device.startswith(PREFIX)
    ]
    series = hand_series(point)
    named = [b for b in register.bindings_on(*series[:2]) if b.quantity in ("", point.measure)]
    edges = {b.valid_from for b in (*devices, *named)}
    edges |= {b.valid_until or EVER for b in (*devices, *named)}
    found: list[tuple[Span, Binding]] = []
    for start, end in pairwise(sorted(edges | {BEGINNING, EVER})):
        held = [b for b in devices if _holds(b, start)]
        certain = any(feeds_for_certain(b, point.measure, register) for b in held)
        if certain or any(_holds(b, start) for b in named):
            continue
        binding = _stand_in(point, held)
        if found and found[-1][0].end == start and found[-1][1] == binding:
            start = found.pop()[0].start
        found.append((Span(start, end), binding))
    yield from found


def _holds(binding: Binding, instant: datetime) -> bool:
    return binding.valid_from <= instant < (binding.valid_until or EVER)


def feeds_for_certain(binding: Binding, quantity: str, register: Register) -> bool:
    """Whether a binding brings the quantity to its asset by name, or as what the asset is there for."""
    if not binding.quantity:
        return quantity == (
            binding.point_quantity or main_quantity(register.assets.get(binding.asset))
        )
    return quantity in counted_as(binding.quantity, binding.point_quantity)


def _stand_in(point: Key, held: list[Binding]) -> Binding:
    """A binding of the asset to itself, with the multiplier and the register size of its device."""
    first = min(held, key=lambda b: (b.device, b.channel, b.quantity), default=None)
    multiplier = 1.0 if first is None else first.multiplier
    size = None if first is None else first.register_size
    return Binding(
        device=PREFIX + point.subject,
        asset=point.subject,
        valid_from=BEGINNING,
        quantity=point.measure,
        multiplier=multiplier,
        register_size=size,
    )
