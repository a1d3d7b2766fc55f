"""What returns are filled from, from the stores: for many institutions at once, a question a month."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, select

from analytics.returns.fill import Facts, Figure, Wanted, wanted_costs, wanted_people, wanted_uses
from analytics.returns.held import Part, held_parts, people_mean, register_fields
from quotawatt.hand.book import stored_of
from quotawatt.hand.entries import BILL, PURCHASE, Entry
from quotawatt.readings import Grain
from quotawatt.register.model import Register
from quotawatt.returns.periods import Period, month_days
from quotawatt.rulebook.forms import Form
from quotawatt.spans import DAY, Span, local_date, local_midnight
from quotawatt.storage.hand_tables import hand_entries
from quotawatt.storage.port import SeriesStore

_LONGEST_BILL = timedelta(days=731)


@dataclass(frozen=True, slots=True)
class _Sum:
    """The use of a part in a month; coverage is the share of its days that are known."""

    value: float
    coverage: float
    estimated: float


def read_facts(
    series: SeriesStore,
    records: Engine,
    register: Register,
    organisations: Collection[str],
    form: Form,
    period: Period,
    default_zone: ZoneInfo,
) -> dict[str, Facts]:
    """The facts of each of these institutions, of itself alone.

    Use follows the register as it stood on each day; areas and counts are those of the period's last.
    """
    wanted = wanted_uses(form)
    parts = held_parts(register, organisations, wanted, period.first, period.until)
    sums = {
        month: _sums(series, register, [p for p in parts if p.touches(month)], month, default_zone)
        for month in period.months
    }
    entries = _entries(records, register, period, default_zone)
    last_day = register.as_of(period.last)
    people = wanted_people(form)
    found = {}
    for code in organisations:
        own = [part for part in parts if part.organisation == code]
        fields = register_fields(last_day, code)
        mean = people_mean(register, code, people, period.first, period.until)
        found[code] = Facts(
            uses=_uses(own, wanted, sums, period),
            costs=_costs(entries, register, code, wanted_costs(form), default_zone),
            heat_by_area_gj=_heat_by_area(entries, register, code, period, default_zone),
            register={**fields, "people": mean},
        )
    return found


def _uses(
    own: Sequence[Part],
    wanted: Iterable[Wanted],
    sums: Mapping[str, Mapping[Part, _Sum]],
    period: Period,
) -> dict[tuple[Wanted, str], Figure]:
    found = {}
    for want in wanted:
        parts = [part for part in own if part.wanted == want]
        known = {part.series for month in sums.values() for part in parts if part in month}
        counted = [part for part in parts if part.expected or part.series in known]
        for month in period.months:
            figure = _figure([part for part in counted if part.touches(month)], sums[month], month)
            if figure is not None:
                found[want, month] = figure
    return found


def _figure(parts: Sequence[Part], sums: Mapping[Part, _Sum], month: str) -> Figure | None:
    """The use of a month; each part weighs in the coverage by the days for which it is held."""
    known = [(part, sums[part]) for part in parts if part in sums]
    if not known:
        return None
    value = sum(one.value for _, one in known)
    days = sum(part.days_in(month) for part in parts)
    covered = sum(one.coverage * part.days_in(month) for part, one in known)
    estimated = sum(abs(one.value) * one.estimated for _, one in known)
    return Figure(value, covered / days, estimated / abs(value) if value else 0.0)


def _sums(
    series: SeriesStore,
    register: Register,
    parts: Sequence[Part],
    month: str,
    default_zone: ZoneInfo,
) -> dict[Part, _Sum]:
    """What each part used in a month, added up in the store."""
    found: dict[Part, _Sum] = {}
    asked: dict[tuple[ZoneInfo, date, date], list[Part]] = defaultdict(list)
    for part in parts:
        zone = register.zone_of_asset(part.asset) or default_zone
        asked[zone, *part.within(month)].append(part)
    for (zone, first, until), some in asked.items():
        span = Span(local_midnight(first, zone), local_midnight(until, zone))
        subjects, measures = {p.subject for p in some}, {p.measure for p in some}
        table = series.sum_results(Grain.DAY, sorted(subjects), sorted(measures), span)
        days = (until - first).days
        by_series = {
            (row["subject"], row["measure"]): _Sum(
                row["value"],
                row["coverage"] * min(row["intervals"] / days, 1.0),
                row["estimated"] or 0.0,
            )
            for row in table.to_pylist()
            if row["value"] is not None
        }
        found |= {part: by_series[part.series] for part in some if part.series in by_series}
    return found


def _entries(
    records: Engine, register: Register, period: Period, zone: ZoneInfo
) -> dict[str | None, list[Entry]]:
    """Bills and purchases that end in the period or reach into it, by who answered for their asset then."""
    start, end = (local_midnight(day, zone) for day in (period.first, period.until))
    t = hand_entries.c
    query = select(hand_entries).where(
        t.latest,
        ~t.withdrawn,
        t.kind.in_((BILL, PURCHASE)),
        t.end > start,
        t.end < end + _LONGEST_BILL,
        t.start < end,
    )
    found: dict[str | None, list[Entry]] = defaultdict(list)
    with records.connect() as conn:
        for row in conn.execute(query).mappings():
            entry = stored_of(dict(row)).entry
            day = local_date(entry.end, zone) - DAY
            found[register.as_of(day).organisation_of(entry.asset)].append(entry)
    return found


def _costs(
    entries: Mapping[str | None, Sequence[Entry]],
    register: Register,
    code: str,
    measures: Collection[str],
    zone: ZoneInfo,
) -> dict[tuple[str, str], Figure]:
    """What was billed and bought, in the month in which each document ends, as the ledger has it."""
    totals: dict[tuple[str, str], float] = defaultdict(float)
    for entry in entries.get(code, ()):
        if entry.cost_cny is not None and entry.quantity in measures:
            last = local_date(entry.end, _zone(register, entry, zone)) - DAY
            totals[entry.quantity, f"{last:%Y-%m}"] += entry.cost_cny
    return {key: Figure(value) for key, value in totals.items()}


def _heat_by_area(
    entries: Mapping[str | None, Sequence[Entry]],
    register: Register,
    code: str,
    period: Period,
    zone: ZoneInfo,
) -> dict[str, float]:
    """Heat that was worked out from an area, by month; a bill spreads evenly over its days."""
    found: dict[str, float] = defaultdict(float)
    for entry in entries.get(code, ()):
        if entry.gj_per_m2 is not None and entry.amount is not None:
            own_zone = _zone(register, entry, zone)
            for month in period.months:
                found[month] += entry.amount * _share(entry.start, entry.end, month, own_zone)
    return dict(found)


def _share(start: datetime, end: datetime, month: str, zone: ZoneInfo) -> float:
    """Share of ``[start, end)`` that lies in a month."""
    first, until = (local_midnight(day, zone) for day in month_days(month))
    common = min(end, until) - max(start, first)
    return max(common / (end - start), 0.0) if end > start else 0.0


def _zone(register: Register, entry: Entry, default: ZoneInfo) -> ZoneInfo:
    return register.zone_of_asset(entry.asset) or default
