"""Who is who on the pages of cases: names of recipients, of actors and of organisations."""

from functools import cached_property
from zoneinfo import ZoneInfo

from alerts.people.accounts import Accounts, read_accounts
from alerts.people.holders import places_of
from alerts.people.recipients import Staff, holds, key_of, of_duty, recipient_by_key
from api.console.forms import Choice
from api.console.texts import Words
from api.services import Services

_SYSTEM = frozenset({"alerts", "commands"})
"""What the system calls itself in steps."""


class People:
    """Names as of now, in the reader's language. What nobody goes by any more shows by its key."""

    def __init__(self, services: Services, words: Words) -> None:
        self._services = services
        self._words = words

    @cached_property
    def accounts(self) -> Accounts:
        """All accounts by name, read once for the page."""
        with self._services.records.connect() as conn:
            return read_accounts(conn)

    def of(self, key: str) -> str:
        """Whoever goes by a recipient's key; empty for an empty key."""
        if not key:
            return ""
        found = recipient_by_key(self._staff, key, self._services.clock())
        if key.startswith("channel:") or found is None:
            return key.partition(":")[2]
        return found.name.in_language(self._words.language)

    def actor(self, name: str) -> str:
        """Who did something: the account's own name where it has one, the system's for itself."""
        if name in _SYSTEM:
            return self._words("case_by_system")
        account = self.accounts.get(name)
        return account.display_name or name if account is not None else name

    def organisation(self, code: str) -> str:
        """An organisation's name; its code where the register does not have it any more."""
        found = self._staff.register.organisations.get(code)
        return code if found is None else self._words.name(found)

    def assignees(self, asset: str) -> list[Choice]:
        """Who holds a duty over an asset now, the nearest first."""
        staff, now = self._staff, self._services.clock()
        found: dict[str, Choice] = {}
        for place in places_of(staff.register, asset):
            for duty in staff.register.duties_of(place):
                key = key_of(duty)
                if holds(duty, staff.day_at(place, now)) and key not in found:
                    name = of_duty(duty).name.in_language(self._words.language)
                    label = f"{name} · {self._words('case_duty_' + duty.duty)}"
                    found[key] = Choice(key, label)
        return list(found.values())

    @cached_property
    def _staff(self) -> Staff:
        zone = ZoneInfo(self._services.settings.timezone)
        return Staff(self._services.register_source(), self.accounts, zone)
