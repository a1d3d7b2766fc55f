"""The day that a page of accounts is asked about: its figures are those at the end of that day."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import Query

from api.services import Services
from quotawatt.spans import DAY, INSTANT, local_date, local_midnight

DayParam = Annotated[date | None, Query(description="Last local day that counts; default now")]


@dataclass(frozen=True, slots=True)
class AsOf:
    """An instant, the last local day before it, and whether that day was chosen.

    at
        End of the chosen day, never later than now.
    chosen
        The day as an address has it; empty where the page shows how things are now.
    """

    at: datetime
    day: date
    zone: ZoneInfo
    chosen: str

    @property
    def text(self) -> str:
        """The instant as the routes of the API take it."""
        return self.at.isoformat()

    @property
    def query(self) -> dict[str, str]:
        """What an address needs to stay on the day."""
        return {"day": self.chosen} if self.chosen else {}


def as_of(services: Services, day: date | None) -> AsOf:
    """The instant that a day means; a day that is not over means now."""
    zone = ZoneInfo(services.settings.timezone)
    now = services.clock()
    if day is None or day >= local_date(now, zone):
        return AsOf(now, local_date(now - INSTANT, zone), zone, "")
    return AsOf(local_midnight(day + DAY, zone), day, zone, day.isoformat())
