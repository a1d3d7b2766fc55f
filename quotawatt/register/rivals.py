"""Bindings of other devices that feed the same point at the same time: both would be added up."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal, get_args
from zoneinfo import ZoneInfo

from quotawatt.errors import InputError, StateError
from quotawatt.register.changes import key_of
from quotawatt.register.model import Binding, Register

IfFed = Literal["refuse", "replace", "also"]
"""What becomes of the others: they stand against the new one, end where it begins, or feed too."""

_RULE = (
    "an asset must not be fed by two devices with the same quantity unasked (--replace or if_fed "
    "'replace' ends the other one, --also or if_fed 'also' adds both up)"
)


def settle_rivals(
    register: Register,
    new: Sequence[Binding],
    offers: Sequence[Mapping[str, Any]],
    if_fed: IfFed,
    zone: ZoneInfo,
) -> tuple[Binding, ...]:
    """The bindings of other devices that end where the new ones begin, with that end.

    offers
        What the device was seen to offer; a binding of all quantities feeds these.
    zone
        Of the times in the words.

    Raises StateError where there are others and they may stay neither beside nor be ended, or begin no
    earlier than the new one, and InputError for an ``if_fed`` that is none.
    """
    if if_fed not in get_args(IfFed):
        raise InputError(f"if_fed must be one of {', '.join(get_args(IfFed))}, got {if_fed!r}")
    if if_fed == "also":
        return ()
    pairs = [(rival, mine) for mine in new for rival in _rivals(register, mine, offers)]
    if pairs and if_fed == "refuse":
        fed = "; ".join(dict.fromkeys(_fed_by(rival, zone) for rival, _ in pairs))
        raise StateError(f"{_RULE}, got {fed}")
    ended: dict[tuple[Any, ...], Binding] = {}
    for rival, mine in pairs:
        if rival.valid_from >= mine.valid_from:
            rule = (
                "a binding that is replaced must begin before the new one, so bind it from later on"
            )
            raise StateError(f"{rule}, got {_fed_by(rival, zone)}")
        ended[key_of("bindings", rival)] = replace(rival, valid_until=mine.valid_from)
    return tuple(ended.values())


def _rivals(
    register: Register, mine: Binding, offers: Sequence[Mapping[str, Any]]
) -> Iterator[Binding]:
    offered = {offer["quantity"] for offer in offers if offer["channel"] == mine.channel}
    fed = _quantities(mine) or offered
    for binding in register.bindings_of(mine.asset):
        goes_on = binding.valid_until is None or binding.valid_until > mine.valid_from
        if binding.device != mine.device and goes_on and _meet(fed, _quantities(binding)):
            yield binding


def _quantities(binding: Binding) -> set[str]:
    """What it is at the asset; empty: whatever the device sends."""
    return {binding.point_quantity or binding.quantity} - {""}


def _meet(one: Collection[str], other: Collection[str]) -> bool:
    """Whether they may have a quantity in common; of one that is empty nobody knows."""
    return not one or not other or bool(set(one) & set(other))


def _fed_by(binding: Binding, zone: ZoneInfo) -> str:
    since = f"{binding.valid_from.astimezone(zone):%Y-%m-%d %H:%M}"
    until = binding.valid_until
    end = "" if until is None else f" until {until.astimezone(zone):%Y-%m-%d %H:%M}"
    return f"{binding.asset} is fed by {binding.device} since {since}{end} ({zone.key})"
