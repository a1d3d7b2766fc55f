"""The monthly ledger from the stores."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, select

from analytics.consumption.handledger import (
    Line,
    Month,
    Stand,
    Use,
    by_point,
    is_of_month,
    ledger_line,
)
from analytics.consumption.points import Stretch, Wiring
from analytics.grid import Key
from quotawatt.hand.book import stored_of
from quotawatt.hand.entries import BY_HAND, Stored, asset_of, subject_of
from quotawatt.quantities import COUNTERS
from quotawatt.readings import Grain, SeriesKey
from quotawatt.register.model import Building, Organisation, Register
from quotawatt.spans import Span, month_span
from quotawatt.storage.hand_tables import hand_entries
from quotawatt.storage.port import SeriesStore

_BEFORE = timedelta(days=62)
"""A reading from before that opens no month."""


def month_ledger(
    series: SeriesStore,
    records: Engine,
    register: Register,
    first: date,
    wanted: Callable[[str], bool],
    zone: ZoneInfo,
    now: datetime,
) -> list[Line]:
    """The lines of the month that begins on ``first``, by asset and quantity.

    wanted
        Whether the points of an asset are asked for.
    zone
        Of the months of assets that stand at no site.
    """
    by_zone: dict[ZoneInfo, list[str]] = defaultdict(list)
    for code, asset in register.assets.items():
        if wanted(code):
            subject = subject_of(code, register)
            by_zone[register.zone_of_asset(asset.code) or zone].append(subject)
    wiring = Wiring(register)
    lines = [
        line
        for there, subjects in by_zone.items()
        for line in _of_zone(series, records, wiring, first, there, subjects, now)
    ]
    return sorted(lines, key=lambda line: line.point)


def covered(register: Register, code: str) -> Callable[[str], bool]:
    """Whether an asset is this one, stands in it, or is answered for by it or an organisation below it."""
    asset = register.assets.get(code)
    if isinstance(asset, Organisation):
        below = frozenset(register.sub_organisations(code))
        return lambda other: register.organisation_of(other) in below
    if isinstance(asset, Building):
        return lambda other: other == code or other in register.in_building(code)
    return lambda other: other == code


def _of_zone(
    series: SeriesStore,
    records: Engine,
    wiring: Wiring,
    first: date,
    zone: ZoneInfo,
    subjects: Sequence[str],
    now: datetime,
) -> Iterator[Line]:
    span, before, last_year = (month_span(day, zone) for day in _months(first))
    uses = [_uses(series, subjects, each) for each in (span, before, last_year)]
    entries = by_point(_entries(records, subjects, span))
    points = sorted({*entries, *uses[0]})
    feeding = {point: [s for s in wiring.sources(point) if s.overlaps(span)] for point in points}
    stands = _stands(series, feeding, Span(span.start, max(span.start, min(span.end, now))))
    for point in points:
        use, earlier, year_ago = (found.get(point, Use()) for found in uses)
        month = Month(
            point=point,
            span=span,
            entries=entries.get(point, ()),
            device=any(_by_device(stretch) for stretch in feeding[point]),
            computed=not wiring.sources(point),
            multiplier=_multiplier(feeding[point]),
            stands=stands.get(point, (None, None)),
            use=use,
            before=earlier,
            last_year=year_ago,
        )
        if is_of_month(month):
            yield ledger_line(month)


def _months(first: date) -> tuple[date, date, date]:
    """The first days of the month, of the one before and of the same a year before."""
    earlier = (first - timedelta(days=1)).replace(day=1)
    return first, earlier, first.replace(year=first.year - 1)


def _uses(series: SeriesStore, subjects: Sequence[str], span: Span) -> Mapping[Key, Use]:
    """Totals of the span's days, added up in the store."""
    table = series.sum_results(Grain.DAY, subjects, sorted(COUNTERS), span)
    days = max(round(span.hours / 24), 1)
    return {
        Key(row["subject"], row["measure"]): Use(
            row["value"], row["coverage"] * min(row["intervals"] / days, 1.0), row["estimated"]
        )
        for row in table.to_pylist()
        if row["value"] is not None
    }


def _entries(records: Engine, subjects: Collection[str], span: Span) -> list[Stored]:
    t = hand_entries.c
    query = select(hand_entries).where(
        t.latest, ~t.withdrawn, t.end >= span.start - _BEFORE, t.start <= span.end
    )
    known = frozenset(subjects)
    with records.connect() as conn:
        found = [stored_of(dict(row)) for row in conn.execute(query).mappings()]
    return [one for one in found if one.subject in known]


def _by_device(stretch: Stretch) -> bool:
    return not stretch.series.device.startswith(BY_HAND)


def _multiplier(feeding: Sequence[Stretch]) -> float | None:
    """The one multiplier of the month; None where there are several, or none."""
    found = {stretch.binding.multiplier for stretch in feeding}
    return found.pop() if len(found) == 1 else None


def _stands(
    series: SeriesStore, feeding: Mapping[Key, Sequence[Stretch]], span: Span
) -> dict[Key, tuple[Stand | None, Stand | None]]:
    """What devices showed at both ends, of points that one device feeds over the whole span."""
    single: dict[Key, SeriesKey] = {}
    for point, of_point in feeding.items():
        bound = [stretch for stretch in of_point if not stretch.implied]
        # What a power meter shows is no stand of a counter.
        counts = len(bound) == 1 and bound[0].series.quantity in COUNTERS
        if counts and _by_device(bound[0]):
            single[point] = bound[0].series
    ends = [_shown(series, sorted(set(single.values())), at) for at in (span.start, span.end)]
    return {point: (ends[0].get(key), ends[1].get(key)) for point, key in single.items()}


def _shown(series: SeriesStore, keys: Sequence[SeriesKey], at: datetime) -> dict[SeriesKey, Stand]:
    """The last reading of each series up to an instant."""
    if not keys:
        return {}
    table = series.read_readings(keys, Span(at, at), context=1)
    return {
        SeriesKey(row["device"], row["channel"], row["quantity"]): Stand(row["time"], row["value"])
        for row in table.to_pylist()
        if row["time"] <= at and row["quality"] != "suspect"
    }


def asset_of_line(line: Line) -> str:
    """The asset that a line is of."""
    return asset_of(line.point.subject)
