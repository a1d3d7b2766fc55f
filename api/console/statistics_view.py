"""The statistics of cases as their page asks for them: a span of days, a grouping, a part."""

from datetime import date, datetime, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from pydantic import BaseModel, Field

from api.case_schemas import Grouping
from quotawatt.access.principal import Tree
from quotawatt.spans import local_date

_DAY = timedelta(days=1)


class StatisticsFilter(BaseModel):
    """What the reader chose in the address; empty days: the last twelve months, up to now.

    first, last
        Local days of opening, both included; ISO.
    """

    first: str = Field(default="", max_length=10)
    last: str = Field(default="", max_length=10)
    by: Grouping = "organisation"
    organisation: str = Field(default="", max_length=64)
    tree: Tree = "region"

    def begin(self, now: datetime, zone: ZoneInfo) -> str:
        """The first day: the one chosen, else the first of the month eleven months ago."""
        return self.first or year_back(local_date(now, zone)).isoformat()

    def end(self) -> str | None:
        """The day after the last, as the API takes it; None: now. What is no day is left for its rule."""
        try:
            return (date.fromisoformat(self.last) + _DAY).isoformat() if self.last else None
        except (ValueError, OverflowError):
            return self.last

    def query(self, **changes: object) -> str:
        """The address's part behind ``?``, of what is not as it is by default."""
        chosen = {**self.model_dump(), **changes}
        defaults = StatisticsFilter().model_dump()
        return urlencode({k: v for k, v in chosen.items() if v != defaults[k]})


def year_back(today: date) -> date:
    """The first of the month eleven months before this one: with it, twelve calendar months."""
    month = today.year * 12 + today.month - 1 - 11
    return date(month // 12, month % 12 + 1, 1)
