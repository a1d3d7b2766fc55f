"""The yearly statistics of official vehicles (公务用车统计报告) as sheets; figures with unit and source."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from analytics.fleet.accounts import Account, SumBy
from analytics.fleet.fleetsums import HELD, FleetSum, fleet_sum, organisation_sums
from analytics.fleet.reportcolumns import Head, columns_of
from analytics.fleet.utilisation import PoolUse, Surplus, pool_of
from quotawatt.fleet.masking import shown_plate
from quotawatt.fleet.reportwords import report_word
from quotawatt.fleet.sheets import Sheet
from quotawatt.register.model import Organisation, Register, Vehicle
from quotawatt.settings import Language
from quotawatt.spreadsheets import Cell


@dataclass(frozen=True)
class ReportFacts:
    """What a report rests on.

    first, until
        Local days ``[first, until)``.
    organisation
        Code of the one reported on; empty: all within reach.
    register
        What the reader sees of it.
    accounts
        One a vehicle, of the whole time.
    renewable_years
        After how many years a vehicle may be renewed; None: no rule says.
    sources
        Factor sets and instruments.
    """

    first: date
    until: date
    organisation: str
    register: Register
    accounts: Sequence[Account]
    pools: Sequence[PoolUse]
    surpluses: Sequence[Surplus]
    renewable_years: float | None
    sources: Sequence[str]


def report_sheets(facts: ReportFacts, language: Language) -> list[Sheet]:
    """Summary, holdings, organisations, vehicles, pools, what is due, and notes."""
    makers = {
        "summary": _summary,
        "structure": _structure,
        "organisations": _organisations,
        "vehicles": _vehicles,
        "pools": _pools,
        "due": _due,
        "notes": _notes,
    }
    last = date.fromordinal(facts.until.toordinal() - 1)
    whose = facts.register.organisations.get(facts.organisation)
    name = report_word("all", language) if whose is None else _name(whose, language)
    line = report_word("line", language, organisation=name, first=facts.first, last=last)
    sheets = []
    for key, make in makers.items():
        heads, rows = make(facts, language)
        columns = columns_of(heads, language)
        sheets.append(Sheet(report_word(key, language), line, columns, rows))
    return sheets


Table = tuple[Sequence[Head], list[list[Cell]]]


def _summary(facts: ReportFacts, language: Language) -> Table:
    total = fleet_sum(facts.accounts)
    quotas = [o.vehicle_quota for o in facts.register.organisations.values()]
    quota = sum(q for q in quotas if q is not None) if any(quotas) else None
    figures: list[tuple[str, Cell]] = [
        ("vehicle_quota", quota),
        ("held", total.held),
        ("exempt", total.exempt),
        ("nev", total.electric),
        ("nev_share", _percent(total.electric_share)),
        *zip(_USE, _use(total), strict=True),
        ("cost", total.cost_cny),
        ("kgco2", total.kgco2),
        ("kgce", total.kgce),
        ("trips", total.trips),
        ("used_share", _percent(total.used_share)),
        ("idling_h", total.idling_h),
        ("deviations", total.open_deviations),
    ]
    columns = columns_of([key for key, _ in figures], language)
    rows: list[list[Cell]] = [
        [column.name, _rounded(value), column.unit, column.source]
        for column, (_, value) in zip(columns, figures, strict=True)
    ]
    return ("item", "figure", "unit", "source"), rows


_USE = ("km", "fuel", "l_per_100km", "electricity", "kwh_per_100km")


def _use(total: FleetSum) -> list[Cell]:
    fuel, electricity = total.fuel, total.electricity
    return [
        total.km,
        fuel.amount.value,
        fuel.per_100km,
        electricity.amount.value,
        electricity.per_100km,
    ]


def _structure(facts: ReportFacts, language: Language) -> Table:
    groups: dict[tuple[str, str], list[Account]] = {}
    for account in facts.accounts:
        key = account.vehicle.kind, account.vehicle.energy
        groups.setdefault(key, []).append(account)
    rows = []
    for (kind, energy), own in sorted(groups.items()):
        total = fleet_sum(own)
        words: list[Cell] = [kind, report_word(energy, language), total.held, total.exempt]
        rows.append([*words, *_use(total), total.cost_cny, _percent(total.used_share)])
    return ("kind", "energy", "held", "exempt", *_USE, "cost", "used_share"), rows


def _organisations(facts: ReportFacts, language: Language) -> Table:
    rows: list[list[Cell]] = []
    for one in organisation_sums(facts.accounts, facts.register):
        total, organisation = one.total, one.organisation
        name = "　" * one.depth + _name(organisation, language)
        held: list[Cell] = [organisation.vehicle_quota, one.own_held, one.over, total.held]
        shares: list[Cell] = [_percent(total.electric_share), *_use(total)]
        rows.append([name, *held, *shares, total.cost_cny, total.kgco2, total.kgce])
    heads = ("organisation", "vehicle_quota", "own_held", "over", "held_below", "nev_share")
    return (*heads, *_USE, "cost", "kgco2", "kgce"), rows


def _vehicles(facts: ReportFacts, language: Language) -> Table:
    rows: list[list[Cell]] = []
    for account in facts.accounts:
        vehicle, use = account.vehicle, account.use
        organisation = facts.register.organisations.get(vehicle.organisation)
        whose = vehicle.organisation if organisation is None else _name(organisation, language)
        words: list[Cell] = [vehicle.code, shown_plate(vehicle), whose, pool_of(vehicle)]
        words += [vehicle.kind, report_word(vehicle.energy, language)]
        followed: list[Cell] = [account.trips, account.days, account.hours, account.idling_h]
        if account.masked:
            followed = [None] * len(followed)
        by = "+".join(
            report_word("counter" if one is SumBy.COUNTER else "by_trips", language)
            for one in account.km.by
        )
        used: list[Cell] = [account.km.value, by, account.fuel.amount.value]
        used += [account.electricity.amount.value, use.per_100km, use.quota_per_100km]
        cost: list[Cell] = [account.cost_cny, account.cost_per_km, account.kgco2, account.kgce]
        rows.append([*words, *used, *followed, *cost])
    heads = ("code", "plate", "organisation", "pool", "kind", "energy", "km", "by", "fuel")
    more = ("electricity", "per_100km", "quota_per_100km", "trips", "days", "hours", "idling_h")
    return (*heads, *more, "cost", "cost_per_km", "kgco2", "kgce"), rows


def _pools(facts: ReportFacts, language: Language) -> Table:
    rows: list[list[Cell]] = [
        [
            *(pool.pool, pool.vehicles, pool.masked, _percent(pool.used_share), pool.trips),
            *(pool.km_per_vehicle, pool.hours_per_vehicle, pool.empty_km),
            *(_percent(pool.empty_share), pool.unknown_km, pool.at_once.most),
        ]
        for pool in facts.pools
    ]
    heads = ("pool", "held", "exempt", "used_share", "trips", "km_per_vehicle")
    return (
        *heads,
        "hours_per_vehicle",
        "empty_km",
        "empty_share",
        "unknown_km",
        "most_at_once",
    ), rows


def _due(facts: ReportFacts, language: Language) -> Table:
    rows: list[list[Cell]] = []
    for account in facts.accounts:
        vehicle = account.vehicle
        start: list[Cell] = [vehicle.code, shown_plate(vehicle), vehicle.organisation]
        if vehicle.status not in HELD:
            rows.append([*start, report_word("disposed", language), vehicle.status])
        elif _renewable(facts, vehicle):
            detail = {"acquired": vehicle.acquired, "years": facts.renewable_years}
            said = report_word("renewable_detail", language, **detail)
            rows.append([*start, report_word("renewable", language), said])
    vehicles = {account.vehicle.code: account.vehicle for account in facts.accounts}
    for one in facts.surpluses:
        for code, days, _ in one.could_go:
            figures = {"held": one.held, "needed": one.needed_by_day, "days": days}
            said = report_word("could_go_detail", language, **figures)
            vehicle = vehicles[code]
            start = [code, shown_plate(vehicle), vehicle.organisation]
            rows.append([*start, report_word("could_go", language), said])
    return ("code", "plate", "organisation", "reason", "detail"), rows


def _renewable(facts: ReportFacts, vehicle: Vehicle) -> bool:
    if facts.renewable_years is None or vehicle.acquired is None:
        return False
    return (facts.until - vehicle.acquired).days >= facts.renewable_years * 365.25


def _notes(facts: ReportFacts, language: Language) -> Table:
    keys = ("note_km", "note_energy", "note_cost", "note_empty", "note_exempt", "note_nev")
    rows: list[list[Cell]] = [[report_word(key, language)] for key in keys]
    rows.append([report_word("note_factors", language, sources=", ".join(facts.sources))])
    return ("detail",), rows


def _name(organisation: Organisation, language: Language) -> str:
    return organisation.name_zh if language == "zh" else organisation.name_en


def _percent(share: float | None) -> float | None:
    return None if share is None else 100 * share


def _rounded(value: Cell) -> Cell:
    return round(value, 3) if isinstance(value, float) else value
