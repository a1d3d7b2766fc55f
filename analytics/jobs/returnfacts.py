"""What returns are filled from, from the stores: for many institutions at once, a question a month."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from analytics.jobs.returncosts import Entries, billed_costs, heat_by_area, read_entries
from analytics.money.fixed import FIXED_OF
from analytics.money.supply import COST_OF
from analytics.returns.fill import Facts, Figure, Wanted, wanted_costs, wanted_people, wanted_uses
from analytics.returns.held import Part, held_parts, people_mean, register_fields
from quotawatt.readings import Grain
from quotawatt.register.model import Register
from quotawatt.returns.periods import Period, month_days
from quotawatt.rulebook.forms import Form
from quotawatt.spans import Span, local_midnight
from quotawatt.storage.port import SeriesStore

_COMPUTED: Mapping[str, str] = MappingProxyType(
    {
        "electricity_import_kwh": "electricity_cost_cny",
        "water_m3": "water_cost_cny",
        "gas_m3": "gas_cost_cny",
        "heat_gj": "heat_cost_cny",
    }
)
"""The measure of what a carrier costs by its tariff. Fuels share one, and are bought by documents."""


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
    wanted = (*wanted_uses(form), *(Wanted(name) for name in _COMPUTED.values()))
    parts = held_parts(register, organisations, wanted, period.first, period.until)
    sums = {
        month: _sums(series, register, [p for p in parts if p.touches(month)], month, default_zone)
        for month in period.months
    }
    entries = read_entries(records, register, period, default_zone)
    last_day = register.as_of(period.last)
    people = wanted_people(form)
    held: dict[str, list[Part]] = defaultdict(list)
    for part in parts:
        held[part.organisation].append(part)
    found = {}
    for code in organisations:
        own = held[code]
        fields = register_fields(last_day, code)
        mean = people_mean(register, code, people, period.first, period.until)
        found[code] = Facts(
            uses=_uses(own, wanted_uses(form), sums, period),
            costs=_costs(own, entries, register, code, form, sums, period, default_zone),
            heat_by_area_gj=heat_by_area(entries, register, code, period, default_zone),
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


def _costs(
    own: Sequence[Part],
    entries: Entries,
    register: Register,
    code: str,
    form: Form,
    sums: Mapping[str, Mapping[Part, _Sum]],
    period: Period,
    zone: ZoneInfo,
) -> dict[tuple[str, str], Figure]:
    """What was paid by bills and purchases; of a carrier without any what its tariff makes of its use.

    A carrier has one or the other over the whole period: a bill may be of several months, and be in the last.
    """
    measures = wanted_costs(form)
    billed = billed_costs(entries, register, code, measures, zone)
    documented = {entry.quantity for entry in entries.get(code, ())}
    names = [name for name in measures if name in _COMPUTED and name not in documented]
    computed = _uses(own, [Wanted(_COMPUTED[name]) for name in names], sums, period)
    by_measure = {_COMPUTED[name]: name for name in names}
    reckoned = {
        (by_measure[want.measure], month): figure._replace(estimated=1.0)
        for (want, month), figure in computed.items()
    }
    return {**reckoned, **billed}


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
        charges = _monthly_charges(series, some, month, zone)
        found |= {
            part: _with_charge(by_series[part.series], charges.get(part.series, 0.0), part, month)
            for part in some
            if part.series in by_series
        }
    return found


def _monthly_charges(
    series: SeriesStore, parts: Iterable[Part], month: str, zone: ZoneInfo
) -> dict[tuple[str, str], float]:
    """What contracts cost by the month, under the measure of the cost by the day that it goes with."""
    by_charge = {FIXED_OF[carrier]: cost for carrier, cost in COST_OF.items()}
    subjects = {part.subject for part in parts if part.measure in by_charge.values()}
    if not subjects:
        return {}
    first, until = month_days(month)
    span = Span(local_midnight(first, zone), local_midnight(until, zone))
    table = series.read_results(Grain.MONTH, sorted(subjects), sorted(by_charge), span)
    return {
        (row["subject"], by_charge[row["measure"]]): row["value"]
        for row in table.to_pylist()
        if row["value"] is not None
    }


def _with_charge(known: _Sum, charge_cny: float, part: Part, month: str) -> _Sum:
    """A cost with the month's charges; who held it for a part of the month bears them by its days."""
    first, until = month_days(month)
    share = part.days_in(month) / (until - first).days
    return replace(known, value=known.value + charge_cny * share)
