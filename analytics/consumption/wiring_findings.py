"""Bindings that cannot be right: the register's own checks refuse them, older data may hold them still.

What counts meanwhile: a binding whose multiplier is not above 0 feeds nothing, a register size not above 0
is unknown, and of two bindings of one series at one time the newer feeds, so that nothing counts twice.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import combinations

from analytics.consumption.byhand import EVER
from quotawatt.findings import Finding
from quotawatt.register.model import Binding, Register


def wiring_findings(register: Register) -> Iterator[Finding]:
    """What is wrong with bindings of any time, by itself and beside others on their channel.

    ``multiplier_not_positive``, ``register_size_not_positive``, ``binding_ends_first``, ``bindings_overlap``.
    """
    channels: dict[tuple[str, str], list[Binding]] = {}
    for binding in register.bindings:
        yield from _by_itself(binding)
        channels.setdefault((binding.device, binding.channel), []).append(binding)
    for bindings in channels.values():
        yield from _overlaps(bindings)


def _by_itself(binding: Binding) -> Iterator[Finding]:
    if not binding.multiplier > 0:
        found = {**_named(binding), "multiplier": binding.multiplier}
        yield Finding("multiplier_not_positive", binding.asset, found)
    if binding.register_size is not None and not binding.register_size > 0:
        found = {**_named(binding), "register_size": binding.register_size}
        yield Finding("register_size_not_positive", binding.asset, found)
    if binding.valid_until is not None and binding.valid_until <= binding.valid_from:
        found = {**_named(binding), "until": binding.valid_until.isoformat()}
        yield Finding("binding_ends_first", binding.asset, found)


def _overlaps(bindings: Sequence[Binding]) -> Iterator[Finding]:
    """Two bindings of one quantity, or of all, at one time. One of a quantity may overlap one of all."""
    in_order = sorted(bindings, key=lambda b: (b.valid_from, b.asset))
    for one, other in combinations(in_order, 2):
        start, end = other.valid_from, min(_end(one), _end(other))
        if one.quantity == other.quantity and start < end:
            found = {**_named(one), "other": other.asset, "since": start.isoformat()}
            yield Finding("bindings_overlap", one.asset, found)


def _end(binding: Binding) -> datetime:
    return binding.valid_until or EVER


def _named(binding: Binding) -> dict[str, str | float | int | None]:
    return {
        "device": binding.device,
        "channel": binding.channel,
        "quantity": binding.quantity,
        "since": binding.valid_from.isoformat(),
    }
