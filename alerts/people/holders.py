"""Who holds a duty over an asset at an instant, and who stands in for those who cannot be told.

A duty is held at the nearest place that names it: the asset, what it is part of, its building, its site, the
organisation that answers for it, and those above that one by region. Who has left, whose account is blocked
and who cannot be reached is passed over, for the next rank, then for the next duty in turn: deputy,
supervisor, manager. Who was passed over is said (``Gone``), never swallowed.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from alerts.people.accounts import managers_over
from alerts.people.recipients import Recipient, Staff, holds, key_of, of_account, of_duty
from quotawatt.register.kinds import Building, Duty, Equipment, Vehicle
from quotawatt.register.model import Register
from quotawatt.rulebook.basics import Text
from quotawatt.rulebook.routes import OFFICES

DUTIES = tuple(OFFICES.values())
"""Duties in the order in which one stands in for the one before it."""

LEFT = "left"
BLOCKED = "blocked"
UNKNOWN_ACCOUNT = "unknown_account"
NO_ADDRESS = "no_address"
NOBODY = "nobody"

Reachable = Callable[[Recipient], bool]


@dataclass(frozen=True, slots=True)
class Gone:
    """That a holder of a duty was passed over.

    why
        ``left``, ``blocked``, ``unknown_account``, ``no_address`` (by no channel that is set up), and
        ``nobody`` where the register names none; the key is empty then.
    """

    key: str
    name: Text
    duty: str
    why: str


@dataclass(frozen=True, slots=True)
class Found:
    """Who is told for a duty, and who was passed over on the way."""

    recipients: tuple[Recipient, ...]
    gone: tuple[Gone, ...] = ()


def _always(_: Recipient) -> bool:
    return True


def recipients_of(staff: Staff, asset: str, duty: str, now: datetime) -> list[Recipient]:
    """Who holds a duty over an asset, or stands in; empty where nobody does. See ``find_holders``."""
    return list(find_holders(staff, asset, duty, now).recipients)


def find_holders(
    staff: Staff, asset: str, duty: str, now: datetime, reachable: Reachable = _always
) -> Found:
    """Who is told for a duty over an asset at ``now``: the first by rank; of deputies, all of the place.

    Where nobody holds it who can be told: the first who holds the next duty, at the nearest place that names
    that one; else any holder farther up; else the accounts that manage the organisation, the nearest first.
    """
    search = _Search(staff, asset, now, reachable)
    for wanted in DUTIES[DUTIES.index(duty) :]:
        if held := search.nearest(wanted):
            chosen = held if wanted == duty == "deputy" else held[:1]
            return Found(chosen, tuple(search.gone))
    return Found(search.farther_up(duty) or search.managers(), tuple(search.gone))


def places_of(register: Register, asset: str) -> tuple[str, ...]:
    """The asset and what it belongs to, the nearest first: each where a duty over it may be named."""
    found = dict.fromkeys(_inside(register, asset))
    organisation = register.organisation_of(asset) or _organisation_of_site(register, asset)
    return tuple(found | dict.fromkeys(register.path_of(organisation)))


def _inside(register: Register, code: str) -> Iterator[str]:
    """The asset, the space and the building in which it is, and the site."""
    yield code
    asset = register.assets.get(code)
    if isinstance(asset, Equipment) and asset.space:
        yield asset.space
    building = asset if isinstance(asset, Building) else _building_of(register, code)
    if building is not None:
        yield building.code
        yield building.site


def _building_of(register: Register, code: str) -> Building | None:
    asset = register.assets.get(code)
    if asset is None or isinstance(asset, Vehicle):
        return None
    return register.buildings.get(getattr(asset, "building", None) or "")


def _organisation_of_site(register: Register, code: str) -> str | None:
    """Of a site whose buildings are all of one organisation, that one."""
    owners = {b.organisation for b in register.buildings.values() if b.site == code}
    return owners.pop() if len(owners) == 1 else None


class _Search:
    """One search for who holds a duty over an asset; ``gone`` grows as people are passed over."""

    def __init__(self, staff: Staff, asset: str, now: datetime, reachable: Reachable) -> None:
        self._staff = staff
        self._day = staff.day_at(asset, now)
        self._reachable = reachable
        self._places = places_of(staff.register, asset)
        self.gone: list[Gone] = []

    def nearest(self, duty: str) -> tuple[Recipient, ...]:
        """Who holds the duty at the nearest place that names it, by rank."""
        for place in self._places:
            if rows := self._named(place, duty):
                return tuple(self._sound(rows))
        self.gone.append(Gone("", Text("", ""), duty, NOBODY))
        return ()

    def farther_up(self, duty: str) -> tuple[Recipient, ...]:
        """The first who holds this duty or one after it at any place."""
        for wanted in DUTIES[DUTIES.index(duty) :]:
            for place in self._places:
                for row in self._named(place, wanted):
                    if not self._fault(row):
                        return (of_duty(row),)
        return ()

    def managers(self) -> tuple[Recipient, ...]:
        """The accounts that manage the organisation."""
        register = self._staff.register
        organisation = next((p for p in self._places if p in register.organisations), "")
        accounts = managers_over(self._staff.users, register, organisation)
        return tuple(of_account(account, "manager") for account in accounts)

    def _named(self, place: str, duty: str) -> list[Duty]:
        """Who holds or has held the duty at a place; who begins later does not count yet."""
        held = self._staff.register.duties_of(place)
        return [row for row in held if row.duty == duty and row.valid_from <= self._day]

    def _sound(self, rows: Sequence[Duty]) -> Iterator[Recipient]:
        taken_over = {row.rank for row in rows if holds(row, self._day)}
        for row in rows:
            fault = self._fault(row)
            if not fault:
                yield of_duty(row)
            elif fault != LEFT or row.rank not in taken_over:
                name = Text(row.name_zh, row.name_en or row.name_zh)
                self.gone.append(Gone(key_of(row), name, row.duty, fault))

    def _fault(self, row: Duty) -> str:
        """Why a holder is passed over; empty: is not."""
        if not holds(row, self._day):
            return LEFT
        account = self._staff.users.get(row.account)
        if row.account and account is None:
            return UNKNOWN_ACCOUNT
        if account is not None and account.blocked:
            return BLOCKED
        return "" if self._reachable(of_duty(row)) else NO_ADDRESS
