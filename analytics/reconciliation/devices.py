"""Devices that the register does not know, or knows twice."""

from collections.abc import Iterator, Sequence
from itertools import combinations

from analytics.consumption.cleaning import USED
from analytics.reconciliation.world import SeenDevice, World, iso
from quotawatt.findings import Evidence, Finding
from quotawatt.register.model import Asset, Binding, Meter, Vehicle


def unregistered_devices(world: World) -> Iterator[Finding]:
    """``device_unregistered``, and ``channel_unbound`` of a known device that offers a counter more.

    What was heard once or is heard no more is left out: somebody has tried something.
    """
    for device in world.seen:
        recent = world.now - device.last_seen <= world.limits.seen_within
        if recent and device.messages >= world.limits.seen_messages:
            yield from _of_device(world, device)


def _of_device(world: World, device: SeenDevice) -> Iterator[Finding]:
    detail: Evidence = {
        "since": iso(device.first_seen),
        "until": iso(device.last_seen),
        "messages": device.messages,
        "topic": device.topic,
    }
    if device.device not in world.register.bound_channels:
        offers = sorted({quantity for _, quantity in device.offers})
        yield Finding("device_unregistered", device.device, {**detail, "offers": ", ".join(offers)})
        return
    # Only what results are computed from: nobody needs to bind every voltage.
    worth = sorted({f"{c or '-'} {q}" for c, q in device.offers if q in USED})
    if worth:
        yield Finding("channel_unbound", device.device, {**detail, "offers": ", ".join(worth)})


def doubled_bindings(world: World) -> Iterator[Finding]:
    """``device_feeds_two`` and ``asset_fed_twice``, of bindings that hold now.

    One device may feed a meter and a plant, or meters of several carriers, by different quantities; that a
    channel feeds two meters of one carrier, or two vehicles, is a mistake. An asset that two devices feed
    with one quantity is counted twice.
    """
    by_channel: dict[tuple[str, str], list[Binding]] = {}
    for bindings in world.feeding.values():
        for binding in bindings:
            by_channel.setdefault((binding.device, binding.channel), []).append(binding)
    for channel_bindings in by_channel.values():
        for one, other in combinations(sorted(channel_bindings, key=_asset), 2):
            yield from _feeds_two(world, one, other)
    for asset in world.feeding:
        yield from _fed_twice(world, world.feeding[asset])


def _asset(binding: Binding) -> str:
    return binding.asset


def _feeds_two(world: World, one: Binding, other: Binding) -> Iterator[Finding]:
    assets = world.register.assets
    if one.asset == other.asset or not _alike(assets.get(one.asset), assets.get(other.asset)):
        return
    yield Finding(
        "device_feeds_two",
        one.asset,
        {
            "device": one.device,
            "channel": one.channel,
            "other": other.asset,
            "quantity": one.quantity,
            "other_quantity": other.quantity,
            "since": iso(max(one.valid_from, other.valid_from)),
        },
    )


def _alike(one: Asset | None, other: Asset | None) -> bool:
    if isinstance(one, Meter) and isinstance(other, Meter):
        return one.carrier == other.carrier
    return isinstance(one, Vehicle) and isinstance(other, Vehicle)


def _fed_twice(world: World, bindings: Sequence[Binding]) -> Iterator[Finding]:
    for one, other in combinations(sorted(bindings, key=lambda b: (b.valid_from, b.device)), 2):
        same_source = (one.device, one.channel) == (other.device, other.channel)
        shared = sorted(_points(world, one) & _points(world, other) & USED)
        if same_source or not shared:
            continue
        yield Finding(
            "asset_fed_twice",
            one.asset,
            {
                "device": one.device,
                "channel": one.channel,
                "other": f"{other.device} {other.channel}".strip(),
                "measure": ", ".join(shared),
                "since": iso(other.valid_from),
            },
        )


def _points(world: World, binding: Binding) -> set[str]:
    """What a binding brings to its asset: what it names, else what was heard."""
    if named := binding.point_quantity or binding.quantity:
        return {named}
    return {h.key.quantity for h in world.heard(binding, world.history)}
