"""What the reader of the pages of vehicles chose in the address: the month, and whose vehicles."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from pydantic import BaseModel, Field

from quotawatt.register.model import Register, Vehicle
from quotawatt.spans import Span, local_date, month_span, next_month

_MONTH = r"^$|^20\d\d-(0[1-9]|1[0-2])$"


@dataclass(frozen=True, slots=True)
class Month:
    """A local month; ``first`` is its first day."""

    first: date

    @property
    def text(self) -> str:
        """As ``2023-12``."""
        return f"{self.first:%Y-%m}"

    @property
    def until(self) -> date:
        """The first day of the next month."""
        return next_month(self.first)

    @property
    def before(self) -> "Month":
        """The month before."""
        return Month((self.first - timedelta(days=1)).replace(day=1))

    @property
    def after(self) -> "Month":
        """The next month."""
        return Month(self.until)

    def span(self, zone: ZoneInfo) -> Span:
        """Its instants, ``[start, end)``."""
        return month_span(self.first, zone)


class MonthFilter(BaseModel):
    """The month; empty: the one that was going on a day ago, so that a month that just ended shows."""

    month: str = Field(default="", pattern=_MONTH)
    done: str = Field(default="", max_length=32)

    def chosen(self, now: datetime, zone: ZoneInfo) -> Month:
        """The month that is shown."""
        if self.month:
            return Month(date.fromisoformat(f"{self.month}-01"))
        return Month(local_date(now - timedelta(days=1), zone).replace(day=1))


class FleetFilter(MonthFilter):
    """The month, and whose vehicles: an organisation with those below it, and a pool of drivers."""

    organisation: str = Field(default="", max_length=64)
    pool: str = Field(default="", max_length=64)

    def query(self, **changes: str) -> str:
        """The address's parameters with some changed, those that say nothing left out."""
        own = {"month": self.month, "organisation": self.organisation, "pool": self.pool}
        return urlencode({name: value for name, value in {**own, **changes}.items() if value})

    def vehicles(self, register: Register) -> list[Vehicle]:
        """The vehicles that are meant, in the register's order."""
        within = {self.organisation}
        if self.organisation in register.organisations:
            within = set(register.sub_organisations(self.organisation))
        return [
            vehicle
            for vehicle in register.vehicles.values()
            if (not self.organisation or vehicle.organisation in within)
            and (not self.pool or vehicle.driver_pool == self.pool)
        ]


def pools_of(register: Register) -> list[str]:
    """The pools of drivers that vehicles of the register belong to."""
    return sorted({v.driver_pool for v in register.vehicles.values() if v.driver_pool})
