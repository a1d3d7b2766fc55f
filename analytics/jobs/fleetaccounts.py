"""What accounts of vehicles rest on, read from the stores: monthly results and trips, no readings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, select

from analytics.fleet.accountfacts import RESULTS_OF, AccountFacts, UseOfOrder
from analytics.fleet.footprint import footprint_of
from analytics.grid import instant_of, micros
from quotawatt.dispatch.cards import fuel_cards
from quotawatt.dispatch.order import DRIVEN
from quotawatt.dispatch.services import services_between
from quotawatt.fleet.deviations_kept import standing_deviations
from quotawatt.fleet.tripcolumns import idling_columns, trip_columns
from quotawatt.readings import Grain
from quotawatt.register.model import Register, Vehicle
from quotawatt.rulebook.model import Rulebook
from quotawatt.spans import Span, local_date, local_midnight, next_month
from quotawatt.storage.fleet_tables import dispatch_orders
from quotawatt.storage.port import SeriesStore


@dataclass(frozen=True)
class AccountStores:
    """Where accounts are read from; ``zone`` is whose days and months count."""

    series: SeriesStore
    records: Engine
    register: Register
    rulebook: Rulebook
    zone: ZoneInfo


def read_account_facts(
    stores: AccountStores, vehicles: Sequence[Vehicle], months: Sequence[date], now: datetime
) -> AccountFacts:
    """What the accounts of these vehicles over some months (first days, in order) are made of."""
    first, until = months[0], next_month(months[-1])
    span = Span(local_midnight(first, stores.zone), local_midnight(until, stores.zone))
    codes = [vehicle.code for vehicle in vehicles]
    followed = [vehicle.code for vehicle in vehicles if not vehicle.tracking_exempt]
    with stores.records.connect() as conn:
        return AccountFacts(
            zone=stores.zone,
            now=now,
            vehicles=vehicles,
            trips=trip_columns(conn, span, followed),
            idlings=idling_columns(conn, span, followed),
            results=_results(stores, codes, span),
            cards=fuel_cards(conn, span.start, span.end, codes),
            services=services_between(conn, first, until, codes),
            orders=_orders(conn, span, followed),
            open_deviations=_open(conn, span, followed),
            footprints={
                (v.code, year): footprint_of(v, year, stores.register, stores.rulebook)
                for v in vehicles
                for year in range(first.year, months[-1].year + 1)
            },
            countries={v.code: country_of(v, stores.register) for v in vehicles},
        )


def country_of(vehicle: Vehicle, register: Register) -> str:
    """Whose working days a vehicle has: those of its home site, else of its organisation."""
    site = register.sites.get(vehicle.home_site or "")
    return register.country_of_asset(vehicle.organisation if site is None else site.code)


def _results(
    stores: AccountStores, codes: Sequence[str], span: Span
) -> Mapping[tuple[str, date, str], float]:
    table = stores.series.read_results(Grain.MONTH, codes, RESULTS_OF, span)
    starts = micros(table["start"]).tolist()
    columns = (table[name].to_pylist() for name in ("subject", "measure", "value"))
    return {
        (subject, local_date(instant_of(start), stores.zone).replace(day=1), measure): value
        for start, subject, measure, value in zip(starts, *columns, strict=True)
        if value is not None
    }


def _orders(conn: Connection, span: Span, codes: Sequence[str]) -> list[UseOfOrder]:
    """Those driven that were planned to start within the span."""
    t, wanted = dispatch_orders.c, frozenset(codes)
    states = sorted(state.value for state in DRIVEN)
    query = select(t.vehicle, t.planned_start, t.driver, t.cost_cny).where(
        t.planned_start >= span.start, t.planned_start < span.end, t.state.in_(states)
    )
    return [UseOfOrder(*row) for row in conn.execute(query) if row.vehicle in wanted]


def _open(conn: Connection, span: Span, codes: Sequence[str]) -> list[tuple[str, datetime]]:
    wanted = frozenset(codes)
    found = (kept.deviation for kept in standing_deviations(conn))
    return [(d.vehicle, d.start) for d in found if d.vehicle in wanted and span.contains(d.start)]
