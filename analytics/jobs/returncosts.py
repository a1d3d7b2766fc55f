"""What bills and purchases say for returns: what was paid, and heat that was billed by area."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, select

from analytics.returns.fill import Figure
from quotawatt.hand.book import stored_of
from quotawatt.hand.entries import BILL, PURCHASE, Entry
from quotawatt.register.model import Register
from quotawatt.returns.periods import Period, month_days
from quotawatt.spans import DAY, local_date, local_midnight
from quotawatt.storage.hand_tables import hand_entries

Entries = Mapping[str | None, Sequence[Entry]]
"""Bills and purchases by the organisation that answered for their asset; None: nobody."""

_LONGEST_BILL = timedelta(days=731)


def read_entries(records: Engine, register: Register, period: Period, zone: ZoneInfo) -> Entries:
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


def billed_costs(
    entries: Entries,
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


def heat_by_area(
    entries: Entries,
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
