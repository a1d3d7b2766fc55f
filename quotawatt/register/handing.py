"""What the register says of an asset of the pool once it is with somebody else, and once it is back."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from quotawatt.errors import InputError
from quotawatt.register.model import Equipment, Register, Space, Vehicle
from quotawatt.register.operations import change, move_space, set_status, transfer

_OF_EQUIPMENT = ("building", "space", "serves")
_OF_ROOMS = ("post", "occupants")
_OF_VEHICLES: Mapping[str, str | None] = {"home_site": None, "home_area": None, "driver_pool": ""}
"""What is not known of a vehicle that is with somebody else, and what stands for it."""


def passed_on(register: Register, code: str, organisation: str, day: date) -> Register:
    """The asset with another organisation from ``day`` on, in use.

    Where equipment stands and what it works for, who works in a room, and where a vehicle is at home, is not
    known until the register is told. Raises InputError for anything else, and as ``operations.change``.
    """
    asset = _asset(register, code)
    if isinstance(asset, Vehicle):
        moved = change(register, code, {"organisation": organisation, **_OF_VEHICLES}, day)
    else:
        move = transfer if isinstance(asset, Equipment) else move_space
        moved = move(register, code, organisation, day)
    return set_status(moved, code, "in_use", day)


def given_back(register: Register, code: str, day: date, lent_on: date) -> Register:
    """The asset back with its holder from ``day`` on, idle, and as it was before it was lent.

    Raises like ``passed_on``.
    """
    before = _asset(register.as_of(lent_on - timedelta(days=1)), code)
    kept: Iterable[str] = _OF_ROOMS
    if isinstance(before, Equipment | Vehicle):
        kept = _OF_EQUIPMENT if isinstance(before, Equipment) else _OF_VEHICLES
    values = {name: getattr(before, name) for name in ("organisation", *kept)}
    back = change(register, code, values, day)
    return set_status(back, code, "idle", day)


def _asset(register: Register, code: str) -> Equipment | Space | Vehicle:
    asset = register.assets.get(code)
    if not isinstance(asset, Equipment | Space | Vehicle):
        raise InputError(
            f"what is handed over must be a vehicle, equipment or a room, got {code!r}"
        )
    return asset
