"""Working calendars: which days offices work.

China's calendar is announced by the State Council year by year, with weekends that are worked in exchange
for bridge days; chinesecalendar carries the announcements of 2004 to 2026. DST-correct days are in
``spans``.
"""

from datetime import date
from functools import lru_cache

from chinese_calendar.constants import holidays, workdays

_FIRST_YEAR: int = min(holidays).year
_LAST_YEAR: int = max(holidays).year
_SATURDAY = 5

# (month, day) of the public holidays that are fixed in the solar calendar; State Council Order 795,
# in force from 2025. Those of the lunar calendar move and cannot be told without the announcement.
_FIXED_HOLIDAYS = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})


def working_calendar_known(day: date, country: str = "CN") -> bool:
    """Whether the announced calendar of the day's year is at hand.

    Where it is not, ``is_working_day`` still answers, from weekends and fixed holidays alone, and
    whoever shows a figure that hangs on it should say so.
    """
    return country == "CN" and _FIRST_YEAR <= day.year <= _LAST_YEAR


@lru_cache(maxsize=4096)
def is_working_day(day: date, country: str = "CN") -> bool:
    """Whether offices work on ``day``, a calendar day of the site's own time zone.

    ``country`` is an ISO 3166 code. A country other than CN has its weekends only (Saturday and Sunday).
    """
    if country != "CN":
        return day.weekday() < _SATURDAY
    if not working_calendar_known(day):
        return day.weekday() < _SATURDAY and (day.month, day.day) not in _FIXED_HOLIDAYS
    return day in workdays or (day.weekday() < _SATURDAY and day not in holidays)
