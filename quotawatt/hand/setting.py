"""What entries are judged by, and an entry that is to be judged."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from quotawatt.hand.entries import Entry
from quotawatt.register.model import Register
from quotawatt.register.problems import Where


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry that somebody wants to make, with the place where they said so."""

    where: Where
    entry: Entry


@dataclass(frozen=True, slots=True)
class Setting:
    """What entries are judged by.

    zone
        Of the days of assets that stand at no site.
    now
        The present instant (UTC): nothing is entered of the future.
    horizon
        Readings from before it are gone (UTC); None: none are.
    sees
        Whether whoever enters reaches an asset; what they do not reach is as if it were not there.
    """

    register: Register
    zone: ZoneInfo
    now: datetime
    horizon: datetime | None = None
    sees: Callable[[str], bool] = lambda _: True

    def zone_of(self, asset: str) -> ZoneInfo:
        """The zone of the days at an asset."""
        return self.register.zone_of_asset(asset) or self.zone
