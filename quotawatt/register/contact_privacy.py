"""Addresses of people as they are shown to whom they are no business of."""

from dataclasses import replace
from typing import TypeVar

from quotawatt.register.kinds import Duty
from quotawatt.register.rows import Record

R = TypeVar("R", bound=Record)

HIDDEN = "***"
"""Stands for the rest of an address. No address may hold it, so what was hidden is never taken back in."""

ADDRESSES = ("email", "mobile", "chat")
_SHOWN = {"email": 1, "mobile": 3, "chat": 1}
"""How many characters are left."""


def masked(record: R) -> R:
    """A duty with its addresses cut to their first characters; any other record as it is."""
    if not isinstance(record, Duty):
        return record
    held = {name: getattr(record, name) for name in ADDRESSES}
    return replace(record, **{n: v[: _SHOWN[n]] + HIDDEN for n, v in held.items() if v})
