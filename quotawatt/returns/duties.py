"""Who owes which return, and whether it was handed in, and in time. Pure.

Quarters, and years, are collected from the first one on of which anybody handed in a return: an installation
that does not collect them owes nothing, and nobody is late for the time before.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from quotawatt.register.model import Register
from quotawatt.returns.book import HandedIn
from quotawatt.returns.periods import FIRST_YEAR, Period, parse_period
from quotawatt.returns.sums import respondents
from quotawatt.rulebook.model import Rulebook
from quotawatt.spans import local_date

Known = Mapping[tuple[str, str, str], HandedIn]
"""What was handed in, by form, organisation and period."""


@dataclass(frozen=True, slots=True)
class Duty:
    """A return that an organisation owed by the end of the local day ``due``.

    handed_in
        Local day on which it was handed in for the first time; None: it never was.
    stands
        Whether it was handed in and not sent back since.
    """

    form: str
    organisation: str
    period: Period
    due: date
    handed_in: date | None
    stands: bool

    @property
    def in_time(self) -> bool:
        """Whether it came in time. That it was sent back, or reopened, later makes it no later."""
        return self.handed_in is not None and self.handed_in <= self.due


def duties(
    known: Known, register: Register, rulebook: Rulebook, since: date, until: date, zone: ZoneInfo
) -> list[Duty]:
    """The returns that were due on days ``[since, until)``, by form, period and organisation.

    zone
        Whose days those of handing in are.
    """
    found = []
    for form_id, first in _collected(known):
        for period in _periods(first, until):
            form = rulebook.as_of(period.last).forms.get(form_id)
            if form is None or not since <= period.due(form) < until:
                continue
            for code in respondents(register.as_of(period.last)):
                handed = known.get((form_id, code, str(period)))
                found.append(
                    Duty(
                        form_id,
                        code,
                        period,
                        period.due(form),
                        None if handed is None else local_date(handed.at, zone),
                        stands=handed is not None and handed.stands,
                    )
                )
    return found


def returns_in_time(owed: Sequence[Duty]) -> dict[str, tuple[int, int]]:
    """Of each organisation how many returns it owed, and how many of them came in time."""
    found: dict[str, tuple[int, int]] = {}
    for duty in owed:
        due, in_time = found.get(duty.organisation, (0, 0))
        found[duty.organisation] = (due + 1, in_time + duty.in_time)
    return found


def _collected(known: Known) -> list[tuple[str, Period]]:
    """Each form with the first quarter, and the first year, that anybody handed in."""
    first: dict[tuple[str, bool], Period] = {}
    for form, _, written in known:
        period = parse_period(written)
        key = form, period.quarter > 0
        first[key] = min(period, first.get(key, period))
    return [(form, period) for (form, _), period in sorted(first.items())]


def _periods(first: Period, until: date) -> Iterator[Period]:
    """Quarters from a quarter on, or years from a year on, that begin before ``until``."""
    for year in range(max(first.year, FIRST_YEAR), until.year + 1):
        for quarter in (1, 2, 3, 4) if first.quarter else (0,):
            period = Period(year, quarter)
            if first <= period and period.first < until:
                yield period
