"""Addresses of who holds a duty: whole for who may change the register there, cut for all others."""

from collections.abc import Iterable
from typing import TypeVar

from api.access import Permit
from quotawatt.access.roles import Permission
from quotawatt.register.contact_privacy import masked
from quotawatt.register.kinds import Duty
from quotawatt.register.rows import Record

R = TypeVar("R", bound=Record)


def seen(permit: Permit, records: Iterable[R]) -> list[R]:
    """The records as the one who asks may see them."""
    return [
        masked(record)
        if isinstance(record, Duty) and not permit.may_also(Permission.REGISTER_WRITE, record.asset)
        else record
        for record in records
    ]
