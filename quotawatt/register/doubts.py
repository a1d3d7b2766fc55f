"""What may be a mistake about a new binding though no rule forbids it, in words for whoever makes it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from quotawatt.flows import counted_as
from quotawatt.register.model import Binding, Building, Meter, Organisation, Register
from quotawatt.register.purposes import main_quantity


def warnings_of(
    seen: Mapping[str, Any], register: Register, bindings: Sequence[Binding], zone: ZoneInfo
) -> Iterator[str]:
    """What is doubtful about bindings of a device that was seen.

    seen
        What is listed of the device: its ``offers`` and ``earliest_reading``.
    zone
        Of the times in the words.
    """
    offered = {(offer["channel"], offer["quantity"]) for offer in seen["offers"]}
    for binding in bindings:
        what = f"{binding.channel!r} {binding.quantity}".strip()
        quantities = {quantity for channel, quantity in offered if channel == binding.channel}
        if not (binding.quantity in quantities if binding.quantity else quantities):
            yield f"{what}: the device has not offered it yet"
        else:
            yield from _of_asset(what, register, binding, quantities)
        earliest = seen["earliest_reading"]
        if earliest is not None and earliest < binding.valid_from:
            rule = "what was measured before valid_from feeds nothing"
            first = earliest.astimezone(zone).isoformat()
            yield f"{what}: {rule}, and the first reading is of {first}"


def _of_asset(what: str, register: Register, binding: Binding, offered: set[str]) -> Iterator[str]:
    """Whether the asset can make anything of the quantities."""
    asset = register.assets.get(binding.asset)
    if isinstance(asset, Organisation | Building):
        yield f"{what}: no total counts what feeds {asset.code} itself; its meters are counted"
    if isinstance(asset, Meter):
        main = main_quantity(asset)
        fed = set(counted_as(binding.quantity, binding.point_quantity)) - {""} or offered
        if main and main not in fed:
            names = ", ".join(sorted(fed))
            yield f"{what}: {asset.code} is a meter of {asset.carrier} and gets no {main}, but {names}"
