"""What meters and buildings used of late, summed in the store: what the check of the books looks at."""

from datetime import datetime
from itertools import pairwise, starmap
from zoneinfo import ZoneInfo

from analytics.reconciliation.intensities import MEASURES
from analytics.reconciliation.limits import Limits
from analytics.reconciliation.uses import Uses, uses_of
from quotawatt.quantities import MAIN_QUANTITIES
from quotawatt.readings import Grain
from quotawatt.register.model import Register
from quotawatt.spans import DAY, Span, local_date, local_midnight
from quotawatt.storage.port import SeriesStore


def used_last_month(
    series: SeriesStore, register: Register, limits: Limits, now: datetime, zone: ZoneInfo
) -> Uses:
    """What meters and buildings used over the last complete local days (``limits.month_days``).

    Days of sites in other zones count where they begin within these.
    """
    subjects = sorted({*register.meters, *register.buildings})
    measures = sorted(MAIN_QUANTITIES.values())
    return _used(series, subjects, measures, limits.month_days, now, zone)


def used_lately(
    series: SeriesStore, register: Register, limits: Limits, now: datetime, zone: ZoneInfo
) -> Uses:
    """What meters used over the last complete local days (``limits.recent``)."""
    measures = sorted(MAIN_QUANTITIES.values())
    return _used(series, sorted(register.meters), measures, limits.recent // DAY, now, zone)


def used_by_virtual_meters(
    series: SeriesStore, register: Register, limits: Limits, now: datetime, zone: ZoneInfo
) -> tuple[Uses, ...]:
    """What virtual meters and meters and buildings used on each of the last complete local days."""
    virtual = register.virtual_meters.values()
    if not virtual:
        return ()
    subjects = sorted(
        {*register.virtual_meters, *register.meters, *register.buildings, *register.pv_plants}
    )
    measures = sorted({meter.quantity for meter in virtual})
    today = local_date(now, zone)
    midnights = [local_midnight(today - n * DAY, zone) for n in range(limits.negative_days, -1, -1)]
    return tuple(
        uses_of(series.sum_results(Grain.DAY, subjects, measures, day), day, 1)
        for day in starmap(Span, pairwise(midnights))
    )


def used_last_year(
    series: SeriesStore, register: Register, limits: Limits, now: datetime, zone: ZoneInfo
) -> Uses:
    """What buildings used over the last year of complete local days, of what is judged by area."""
    subjects, measures = sorted(register.buildings), sorted(MEASURES)
    return _used(series, subjects, measures, limits.year_days, now, zone)


def _used(
    series: SeriesStore,
    subjects: list[str],
    measures: list[str],
    days: int,
    now: datetime,
    zone: ZoneInfo,
) -> Uses:
    today = local_date(now, zone)
    span = Span(local_midnight(today - days * DAY, zone), local_midnight(today, zone))
    return uses_of(series.sum_results(Grain.DAY, subjects, measures, span), span, days)
