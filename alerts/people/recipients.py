"""Who can be told something, and by what they are known.

A recipient goes by a key that stays the same over time: ``account:NAME`` where the register names an account,
``contact:ASSET/DUTY/RANK`` for another holder of a duty, ``channel:NAME`` for a channel that is nobody's own.
"""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from alerts.people.accounts import Account, Accounts
from quotawatt.register.kinds import Duty
from quotawatt.register.model import Register
from quotawatt.rulebook.basics import Text
from quotawatt.spans import local_date

_ACCOUNT, _CONTACT, _CHANNEL = "account:", "contact:", "channel:"


@dataclass(frozen=True, slots=True)
class Staff:
    """What says who is who: the register's duties, and the accounts.

    zone
        Of assets that stand at no site: their days are those of this zone.
    """

    register: Register
    users: Accounts
    zone: ZoneInfo

    def day_at(self, asset: str, now: datetime) -> date:
        """The local day at an asset."""
        return local_date(now, self.register.zone_of_asset(asset) or self.zone)


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody, or a channel that is nobody's own, who can be told something.

    duty
        What they are told as: ``owner``, ``deputy``, ``supervisor``, ``manager``; empty for a channel and for
        an account that holds none.
    account, email, mobile, chat
        Where they can be reached; empty: not there.
    language
        ``zh`` or ``en``.
    """

    key: str
    name: Text
    duty: str = ""
    account: str = ""
    email: str = ""
    mobile: str = ""
    language: str = "zh"
    chat: str = ""


def of_channel(name: str) -> Recipient:
    """A channel that is nobody's own, as a recipient."""
    return Recipient(f"{_CHANNEL}{name}", Text(name, name))


def of_account(account: Account, duty: str = "") -> Recipient:
    """An account of which the register says nothing more."""
    name = account.display_name or account.name
    return Recipient(f"{_ACCOUNT}{account.name}", Text(name, name), duty, account.name)


def of_duty(duty: Duty) -> Recipient:
    """Who holds a duty."""
    return Recipient(
        key=key_of(duty),
        name=Text(duty.name_zh, duty.name_en or duty.name_zh),
        duty=duty.duty,
        account=duty.account,
        email=duty.email,
        mobile=duty.mobile,
        language=duty.language,
        chat=duty.chat,
    )


def key_of(duty: Duty) -> str:
    """The key of who holds a duty."""
    if duty.account:
        return f"{_ACCOUNT}{duty.account}"
    return f"{_CONTACT}{duty.asset}/{duty.duty}/{duty.rank}"


def holds(duty: Duty, day: date) -> bool:
    """Whether a duty is held on a day, local at its asset."""
    return duty.valid_from <= day and (duty.valid_until is None or day < duty.valid_until)


def recipient_by_key(staff: Staff, key: str, now: datetime) -> Recipient | None:
    """Who goes by a key at ``now``, with their present addresses; None: nobody any more."""
    if key.startswith(_CHANNEL):
        return of_channel(key.removeprefix(_CHANNEL))
    if key.startswith(_ACCOUNT):
        return _by_account(staff, key.removeprefix(_ACCOUNT), now)
    asset, _, rest = key.removeprefix(_CONTACT).partition("/")
    day = staff.day_at(asset, now)
    for duty in staff.register.duties_of(asset):
        if f"{duty.duty}/{duty.rank}" == rest and holds(duty, day) and not duty.account:
            return of_duty(duty)
    return None


def _by_account(staff: Staff, name: str, now: datetime) -> Recipient | None:
    account = staff.users.get(name)
    if account is None or account.blocked:
        return None
    for duty in staff.register.duties_by_account.get(name, ()):
        if holds(duty, staff.day_at(duty.asset, now)):
            return of_duty(duty)
    return of_account(account)
