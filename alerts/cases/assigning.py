"""Who can be given a case: an account, or who holds a duty by the register.

Asked for by a key of ``alerts.people.recipients``, ``account:NAME`` or ``contact:ASSET/DUTY/RANK``; a name
alone is that of an account. Who has left, is blocked, or does not reach the case's asset is refused by name.
"""

from datetime import datetime

from sqlalchemy import Connection

from alerts.cases.model import Case
from alerts.people.holders import places_of
from alerts.people.recipients import Recipient, Staff, recipient_by_key
from quotawatt.access.grants import grants_of
from quotawatt.access.principal import Principal
from quotawatt.access.roles import Permission
from quotawatt.access.scope import Reach
from quotawatt.access.users import canonical_name
from quotawatt.errors import InputError, StateError

_ACCOUNT, _CONTACT = "account:", "contact:"


def require_assignee(
    conn: Connection, staff: Staff, case: Case, wanted: str, now: datetime
) -> Recipient:
    """Whoever goes by this key or name, and can be given the case at ``now``.

    Raises InputError for a key that is none, and StateError for somebody who has left, is blocked, holds
    no duty over the case's asset, or may not act on it.
    """
    key = key_of(wanted)
    found = recipient_by_key(staff, key, now)
    if found is None:
        raise StateError(
            f"a case must be given to somebody who is there, got {key} who {_why(staff, key)}"
        )
    if key.startswith(_ACCOUNT):
        _require_right(conn, staff, case, found.account, now)
    elif _place_of(key) not in places_of(staff.register, case.asset):
        raise StateError(f"a case must be given to a holder of a duty over {case.asset}, got {key}")
    return found


def key_of(wanted: str) -> str:
    """The key that somebody is asked for by; a name alone is that of an account."""
    wanted = wanted.strip()
    kind, colon, rest = wanted.partition(":")
    if not colon and wanted:
        return f"{_ACCOUNT}{canonical_name(wanted)}"
    if f"{kind}:" not in (_ACCOUNT, _CONTACT) or not rest:
        raise InputError(
            f"an assignee must be account:NAME or contact:ASSET/DUTY/RANK, got {wanted!r}"
        )
    return wanted


def _require_right(conn: Connection, staff: Staff, case: Case, account: str, now: datetime) -> None:
    principal = Principal(name=account, grants=grants_of(conn, account), user=account)
    grants = principal.grants_for(Permission.ALERTS_ACT)
    present = staff.register.as_of(staff.day_at(case.asset, now))
    if not Reach(present, grants).sees(case.asset):
        raise StateError(
            f"an assignee must have {Permission.ALERTS_ACT.value} over {case.asset}, got {account}"
        )


def _place_of(key: str) -> str:
    return key.removeprefix(_CONTACT).partition("/")[0]


def _why(staff: Staff, key: str) -> str:
    if key.startswith(_CONTACT):
        return "holds that duty no more"
    account = staff.users.get(key.removeprefix(_ACCOUNT))
    return "has no account" if account is None else "is blocked"
