"""What rankings, scores and reports are drawn from, for routes."""

from datetime import datetime
from zoneinfo import ZoneInfo

from analytics.assessment.periods import Kind, Period, last_of, parse_period
from analytics.jobs.assessing import Sources
from api.params import parse_instant
from api.services import Services
from quotawatt.spans import local_date


def sources_of(services: Services) -> Sources:
    """The stores, the present books and the zone of the installation."""
    return Sources(
        services.series,
        services.records,
        services.register_source(),
        services.rulebook,
        ZoneInfo(services.settings.timezone),
    )


def instant_of(services: Services, as_of: str | None) -> datetime:
    """The instant that is judged: ``as_of``, else now."""
    if as_of is None:
        return services.clock()
    return parse_instant(as_of, "as_of", ZoneInfo(services.settings.timezone))


def period_of(services: Services, written: str | None, at: datetime) -> Period:
    """The period asked for, as far as it was over at ``at``; None: the last twelve months that were over.

    Raises InputError for what is no period, or has not begun.
    """
    day = local_date(at, ZoneInfo(services.settings.timezone))
    if written is None:
        return last_of(Kind.ROLLING, day)
    return parse_period(written).cut(day)
