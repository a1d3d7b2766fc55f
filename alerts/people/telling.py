"""What telling people stands on, as of one run."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from alerts.channels.base import ChannelSpec
from alerts.messages.writing import Writing
from alerts.people.accounts import Accounts
from alerts.people.recipients import Staff
from quotawatt.register.model import Register
from quotawatt.rulebook.model import Rulebook


@dataclass(frozen=True, slots=True)
class Telling:
    """What telling people stands on.

    rulebook
        The book as it is in force today: routes, rules.
    users
        Accounts by name (``alerts.people.accounts.read_accounts``).
    channels
        Those that are set up, by name.
    zone
        Of assets that stand at no site.
    writing
        With what messages are written.
    """

    register: Register
    rulebook: Rulebook
    users: Accounts
    channels: Mapping[str, ChannelSpec]
    zone: ZoneInfo
    writing: Writing = field(default_factory=Writing)

    @property
    def staff(self) -> Staff:
        """Who is who."""
        return Staff(self.register, self.users, self.zone)
