"""Binding a channel that says how much flows, and has no counter, so that its use is counted.

A power counts only where a binding names it: a device that has a counter must not count twice.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from quotawatt.flows import FLOWS, counted_as
from quotawatt.quantities import COUNTERS
from quotawatt.register.model import Register
from quotawatt.register.purposes import main_quantity

Fields = Mapping[str, Any]
"""Of a binding, by the names of ``Binding``."""


def with_power_named(
    channels: Sequence[Fields], offers: Sequence[Mapping[str, Any]], register: Register
) -> tuple[Fields, ...]:
    """The bindings asked for; one of all quantities of a channel without a counter names the power.

    offers
        What the device was seen to offer, each with ``channel`` and ``quantity``.

    It does so where the power can count as what is meant: the binding's ``point_quantity``, or else what
    the asset is there to count. A plant's generation is no power's own counter and is named too. Bindings
    that name a quantity stay as they are.
    """
    return tuple(
        channel
        if channel.get("quantity")
        else {**channel, **_named(channel, _offered(channel, offers), register)}
        for channel in channels
    )


def _offered(channel: Fields, offers: Sequence[Mapping[str, Any]]) -> set[str]:
    name = channel.get("channel", "")
    return {offer["quantity"] for offer in offers if offer["channel"] == name}


def _named(channel: Fields, offered: Collection[str], register: Register) -> dict[str, str]:
    """The fields that name the power; none where a counter comes, or no power that would count."""
    if not COUNTERS.isdisjoint(offered):
        return {}
    wanted = channel.get("point_quantity") or main_quantity(register.assets.get(channel["asset"]))
    for power in sorted(FLOWS.keys() & set(offered)):
        if wanted in counted_as(power):
            named = channel.get("point_quantity", "")
            return {"quantity": power, "point_quantity": named}
        if power == "electricity_power_kw" and wanted == "pv_generation_kwh":
            return {"quantity": power, "point_quantity": wanted}
    return {}
