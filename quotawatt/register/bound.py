"""What bindings say, of a device's channel and of an asset."""

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property

from quotawatt.register.kinds import Binding
from quotawatt.register.records import Records


class BoundChannels(Records):
    """A register's look-ups by device and channel."""

    def binding(
        self, device: str, channel: str, quantity: str, instant: datetime
    ) -> Binding | None:
        """The binding of a device's quantity at an instant; None where nothing binds it."""
        held = [
            b for b in self._by_channel.get((device, channel), ()) if b.holds(quantity, instant)
        ]
        # A binding of the one quantity goes before one of all.
        return max(held, key=lambda b: bool(b.quantity), default=None)

    def knows(self, device: str, channel: str) -> bool:
        """Whether any binding, of any time, names this device and channel."""
        return (device, channel) in self._by_channel

    @cached_property
    def bound_channels(self) -> Mapping[str, frozenset[str]]:
        """The channels that bindings, of any time, name, by device: a device not in it is unknown."""
        found: dict[str, set[str]] = {}
        for device, channel in self._by_channel:
            found.setdefault(device, set()).add(channel)
        return {device: frozenset(channels) for device, channels in found.items()}

    @cached_property
    def gcj02_channels(self) -> Mapping[str, frozenset[str]]:
        """The channels of a device whose positions are GCJ-02, by its newest binding on each."""
        found: dict[str, set[str]] = {}
        for (device, channel), bindings in self._by_channel.items():
            if max(bindings, key=lambda b: b.valid_from).datum == "gcj02":
                found.setdefault(device, set()).add(channel)
        return {device: frozenset(channels) for device, channels in found.items()}

    def bindings_of(self, asset: str) -> tuple[Binding, ...]:
        """All bindings of an asset, of all times."""
        return tuple(self._by_asset.get(asset, ()))

    def bindings_on(self, device: str, channel: str) -> tuple[Binding, ...]:
        """All bindings on a device's channel, of all times."""
        return tuple(self._by_channel.get((device, channel), ()))

    @cached_property
    def _by_channel(self) -> Mapping[tuple[str, str], list[Binding]]:
        found: dict[tuple[str, str], list[Binding]] = {}
        for binding in self.bindings:
            found.setdefault((binding.device, binding.channel), []).append(binding)
        return found

    @cached_property
    def _by_asset(self) -> Mapping[str, list[Binding]]:
        found: dict[str, list[Binding]] = {}
        for binding in self.bindings:
            found.setdefault(binding.asset, []).append(binding)
        return found
