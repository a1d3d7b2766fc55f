"""Replacing a meter: the old device's bindings end, the new one's begin, and both registers are read.

What the old meter counted up to its end reading and the new one from its start reading on is the asset's
use; so nothing of it is lost or invented over the swap.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Engine

from quotawatt.clock import require_utc
from quotawatt.errors import InputError, NotFoundError, StateError
from quotawatt.quantities import MAIN_QUANTITIES
from quotawatt.readings import Reading
from quotawatt.register.editing import judged, with_adopted
from quotawatt.register.model import Binding, Meter, Register
from quotawatt.register.operations import open_bindings
from quotawatt.register.repository import (
    Change,
    Deed,
    RegisterSource,
    change_register,
    load_register,
)
from quotawatt.storage.intake import store_readings
from quotawatt.storage.port import SeriesStore

_REVISION = 1
"""Over what the device itself said at that instant."""
_PAUSE = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Swap:
    """What is known of the replacement of a meter.

    at
        When the old meter stopped and the new one began to count.
    device, channel
        Of the new meter; those of the old one where a gateway goes on under the same name.
    end_reading, start_reading
        What the old register showed at the end and the new one at the beginning, in the unit of the
        quantity and before the multiplier.
    multiplier, register_size
        Of the new meter; see ``Binding``.
    """

    at: datetime
    device: str
    end_reading: float
    start_reading: float
    channel: str = ""
    multiplier: float = 1.0
    register_size: float | None = None


@dataclass(frozen=True)
class Replaced:
    """A register after a swap, with the two readings that belong to it."""

    register: Register
    ended: tuple[Binding, ...]
    begun: tuple[Binding, ...]
    readings: tuple[Reading, Reading]


def replace_meter(register: Register, code: str, swap: Swap, now: datetime) -> Replaced:
    """The register with another device at a meter from ``swap.at`` on.

    The end reading stands at that instant, where it closes the old binding, and so does the start
    reading. Where device and channel stay the new binding begins a second later, and the start reading
    with it: one series holds one value at an instant.

    Raises NotFoundError for an unknown code, InputError for what is no meter or a time ahead of ``now``,
    and StateError where nothing, or more than one channel, feeds the meter then.
    """
    at = require_utc(swap.at, "the time of a swap")
    meter = register.assets.get(code)
    if meter is None:
        raise NotFoundError(f"an asset must be in the register, got {code!r}")
    if not isinstance(meter, Meter):
        raise InputError(f"what is replaced must be a meter, got {code!r}")
    if at > now:
        raise InputError(f"a meter must be replaced before it is told, got {at.isoformat()}")
    old = open_bindings(register, code, at)
    device, channel = _one_channel(code, old, at)
    goes_on = (device, channel) == (swap.device, swap.channel)
    start = at + _PAUSE if goes_on else at
    ended = tuple(replace(binding, valid_until=at) for binding in old)
    begun = tuple(_begun(binding, swap, start) for binding in old)
    quantity = _counted(meter, old)
    readings = (
        Reading(device, channel, quantity, at, swap.end_reading, now, _REVISION),
        Reading(swap.device, swap.channel, quantity, start, swap.start_reading, now, _REVISION),
    )
    # Marked as adopted: a workbook of before does not name them, and must not undo the swap.
    made = with_adopted(register, [*ended, *begun])
    return Replaced(made, ended, begun, readings)


def save_replacement(
    engine: Engine,
    series: SeriesStore,
    code: str,
    swap: Swap,
    actor: str,
    now: datetime,
    near: RegisterSource | None = None,
) -> Change:
    """Replace a meter in the stores, with an entry in the ledger. Safe to repeat after a StoreError.

    The readings come first: alone they say nothing wrong, and a swap without them would lose energy.
    ``near`` as in ``change_register``. Raises RegisterError where the new binding breaks a rule, and as
    ``replace_meter`` does.
    """
    stored = load_register(engine) if near is None else near.refresh()
    planned = replace_meter(stored, code, swap, now)
    judged(stored, planned.register)
    store_readings(series, engine, list(planned.readings))

    def edit(register: Register) -> Register:
        return judged(register, replace_meter(register, code, swap, now).register)

    detail = {
        "at": require_utc(swap.at).isoformat(),
        "end_reading": swap.end_reading,
        "start_reading": swap.start_reading,
    }
    return change_register(engine, edit, actor, now, Deed("meter_replaced", code, detail), near)


def _one_channel(code: str, old: Sequence[Binding], at: datetime) -> tuple[str, str]:
    channels = sorted({(b.device, b.channel) for b in old})
    if len(channels) != 1:
        rule = "one channel of one device must feed a meter that is replaced, and go on to"
        got = ", ".join("/".join(filter(None, pair)) for pair in channels) or "none"
        raise StateError(f"{rule}, got {got} for {code} at {at.isoformat()}")
    return channels[0]


def _begun(old: Binding, swap: Swap, start: datetime) -> Binding:
    return replace(
        old,
        device=swap.device,
        channel=swap.channel,
        valid_from=start,
        valid_until=None,
        multiplier=swap.multiplier,
        register_size=swap.register_size,
    )


def _counted(meter: Meter, bindings: Sequence[Binding]) -> str:
    """The device's quantity that is the meter's main one: what its register shows."""
    main = MAIN_QUANTITIES[meter.carrier]
    for binding in bindings:
        if (binding.point_quantity or binding.quantity or main) == main:
            return binding.quantity or main
    raise StateError(f"a meter that is replaced must count {main}, got {meter.code}")
