"""What the register says of an asset of the pool once it is with somebody else, and once it is back."""

from datetime import date, timedelta

from quotawatt.errors import InputError
from quotawatt.register.model import Equipment, Register, Space
from quotawatt.register.operations import change, move_space, set_status, transfer

_OF_EQUIPMENT = ("building", "space", "serves")
_OF_ROOMS = ("post", "occupants")


def passed_on(register: Register, code: str, organisation: str, day: date) -> Register:
    """The asset with another organisation from ``day`` on, in use.

    Where equipment stands and what it works for, and who works in a room, is not known until the register
    is told. Raises InputError for what is neither equipment nor a room, and as ``operations.change``.
    """
    move = transfer if isinstance(_asset(register, code), Equipment) else move_space
    return set_status(move(register, code, organisation, day), code, "in_use", day)


def given_back(register: Register, code: str, day: date, lent_on: date) -> Register:
    """The asset back with its holder from ``day`` on, idle, and as it was before it was lent.

    Raises like ``passed_on``.
    """
    before = _asset(register.as_of(lent_on - timedelta(days=1)), code)
    kept = _OF_EQUIPMENT if isinstance(before, Equipment) else _OF_ROOMS
    values = {name: getattr(before, name) for name in ("organisation", *kept)}
    back = change(register, code, values, day)
    return set_status(back, code, "idle", day)


def _asset(register: Register, code: str) -> Equipment | Space:
    asset = register.assets.get(code)
    if not isinstance(asset, Equipment | Space):
        raise InputError(f"what is handed over must be equipment or a room, got {code!r}")
    return asset
