"""What routes take from a request: checked, or refused with the rule and the value."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import Depends, Query, Request

from alerts.places import zone_of
from api.services import Services
from quotawatt.clock import require_utc
from quotawatt.errors import InputError, NotFoundError
from quotawatt.measures import measure
from quotawatt.readings import Grain
from quotawatt.register.model import Asset, Register
from quotawatt.settings import Settings
from quotawatt.spans import HOUR, Span, local_date, local_midnight

MAX_INTERVALS = 60_000
"""Of one answer: seven measures of a year of hours fit in."""

FIRST_YEAR, LAST_YEAR = 1990, 2199
"""Years that may be asked about: those in which meters are read, and a calendar can be counted on."""

_HOURS_OF = {Grain.HOUR: 1.0, Grain.DAY: 24.0, Grain.MONTH: 24.0 * 30}


def services_of(request: Request) -> Services:
    """The application's services."""
    services: Services = request.app.state.services
    return services


Given = Annotated[Services, Depends(services_of)]

FromParam = Annotated[
    str,
    Query(
        alias="from",
        description="First instant: ISO 8601 with a time zone, or a date (local midnight)",
        examples=["2023-01-01"],
    ),
]
UntilParam = Annotated[
    str | None,
    Query(
        alias="until",
        description="End, not included: ISO 8601 with a time zone, or a date; default now",
        examples=["2024-01-01T00:00:00+08:00"],
    ),
]
AsOfParam = Annotated[
    str | None,
    Query(
        alias="as_of",
        description="The instant that is judged, and with it the year; default now",
        examples=["2024-01-01"],
    ),
]
LimitParam = Annotated[int, Query(ge=1, le=1000, description="Rows of one page")]
OffsetParam = Annotated[int, Query(ge=0, le=10_000_000, description="Rows left out before it")]


def parse_instant(text: str, name: str, zone: ZoneInfo) -> datetime:
    """An instant (UTC) from ISO 8601 with a zone, or from a date: its midnight in ``zone``.

    Raises InputError for anything else, a time without a zone included, and where the year, as written,
    lies outside ``FIRST_YEAR`` to ``LAST_YEAR``.
    """
    try:
        if len(text) == len("2023-01-01"):
            day = date.fromisoformat(text)
            _require_year(day, text, name)
            return local_midnight(day, zone)
        instant = datetime.fromisoformat(text)
        _require_year(instant, text, name)
        return require_utc(instant, name)
    except (ValueError, OverflowError):
        raise InputError(
            f"{name} must be a date or an instant in ISO 8601 with a time zone (+ in an address is "
            f"written %2B), got {text!r}"
        ) from None


def _require_year(day: date, text: str, name: str) -> None:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise InputError(f"{name} must lie in the years {FIRST_YEAR} to {LAST_YEAR}, got {text!r}")


def today_of(services: Services) -> date:
    """The present day in the installation's time zone."""
    return local_date(services.clock(), ZoneInfo(services.settings.timezone))


def as_of_instant(services: Services, text: str | None) -> datetime:
    """The instant that ``as_of`` asks for, as ``parse_instant``; now where it is None."""
    if text is None:
        return services.clock()
    return parse_instant(text, "as_of", ZoneInfo(services.settings.timezone))


def parse_span(first: str, until: str | None, zone: ZoneInfo, now: datetime) -> Span:
    """The span ``[from, until)``; raises InputError where it is empty or runs backwards."""
    start = parse_instant(first, "from", zone)
    end = parse_instant(until, "until", zone) if until is not None else now
    if start >= end:
        given = until if until is not None else f"now, {now.isoformat()}"
        raise InputError(f"from must lie before until, got {first} and {given}")
    return Span(start, end)


def parse_measures(names: Sequence[str]) -> list[str]:
    """The measures asked for, each once; raises InputError for one that does not exist."""
    return [measure(name).name for name in dict.fromkeys(names)]


def require_size(span: Span, grain: Grain, measures: int) -> None:
    """Raise InputError where an answer would be larger than ``MAX_INTERVALS``."""
    intervals = int(span.hours / _HOURS_OF[grain]) * measures
    if intervals > MAX_INTERVALS:
        raise InputError(
            f"an answer must have at most {MAX_INTERVALS} intervals (ask for a shorter span or a "
            f"coarser grain), got {intervals} for {span} by {grain.value}"
        )


def require_max_span(span: Span, days: int) -> None:
    """Raise InputError where the span is longer than ``days``."""
    if span.hours * HOUR.total_seconds() > days * 86_400:
        raise InputError(f"a span must be at most {days} days long, got {span}")


def require_asset(register: Register, code: str) -> Asset:
    """The asset of this code; raises NotFoundError where there is none."""
    try:
        return register.assets[code]
    except KeyError:
        raise NotFoundError(f"a code must be one of the register, got {code!r}") from None


def zone_of_subject(register: Register, subject: str, settings: Settings) -> ZoneInfo:
    """The time zone in which a subject's days are cut; ``subject`` is a code, or ``ASSET/ACCOUNT``."""
    return zone_of(register, subject.partition("/")[0], ZoneInfo(settings.timezone))
