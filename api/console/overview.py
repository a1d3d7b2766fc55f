"""The overview page's content, gathered from the stores for one choice of year and building."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from alerts.cases.of_alerts import said_on_acknowledging
from api.access import Permit
from api.accounts import read_accounts
from api.alertlist import in_year, list_alerts
from api.console.load import Month, load_months, total
from api.console.texts import Words
from api.console.view import (
    Row,
    Tiles,
    account_figures,
    default_year,
    table_rows,
    tiles,
    worst_building,
)
from api.health import health_report
from api.params import zone_of_subject
from api.services import Services
from quotawatt.errors import InputError, NotFoundError
from quotawatt.readings import Grain
from quotawatt.register.model import Building, Organisation, Register, Site
from quotawatt.rulebook.model import Rulebook
from quotawatt.spans import DAY, INSTANT, Span, judged_year, local_date, year_span

OPEN = ("firing",)
MAX_OPEN_ALERTS = 200
YEARS_BACK = 5
_USE = "electricity_import_kwh"


@dataclass(frozen=True)
class Choice:
    """What the reader chose in the address; None: the page chooses."""

    year: int | None
    building: str | None


@dataclass(frozen=True)
class LoadPanel:
    """The chosen building: its months, and the local days that its charts may show."""

    building: Building
    site: Site
    organisation: Organisation
    zone: ZoneInfo
    months: list[Month]
    whole: Month
    first_day: date
    until_day: date


@dataclass(frozen=True)
class Overview:
    """All that the page shows. ``as_of`` is now, or the end of a year that is over.

    alerts
        Open ones about accounts of the year; on the page that shows first and on the present year's
        also those about no account, for they tell how things are now. Critical ones first.
    """

    now: datetime
    as_of: datetime
    zone: ZoneInfo
    year: int
    years: list[int]
    complete: bool
    closing: bool
    healthy: bool
    tiles: Tiles
    rows: list[Row]
    load: LoadPanel | None
    buildings: list[Building]
    alerts: list[dict[str, Any]]
    alerts_total: int
    unacknowledged: int
    register: Register
    rulebook: Rulebook

    @property
    def stay(self) -> str:
        """What the address of an account's page needs to show the same year; nothing for now."""
        last = local_date(self.as_of - INSTANT, self.zone)
        return f"?day={last.isoformat()}" if self.as_of < self.now else ""


def overview(services: Services, words: Words, choice: Choice, permit: Permit) -> Overview:
    """Gather the page, of what the permit holds over.

    Raises NotFoundError for a building that the register does not know and InputError for a year
    that has not begun.
    """
    register = permit.register
    zone = ZoneInfo(services.settings.timezone)
    now = services.clock()
    present = judged_year(now, zone)
    opening = default_year(now, zone)
    year = choice.year if choice.year is not None else opening
    if year > present:
        raise InputError(f"a year must have begun, got {year} in {present}")
    span = year_span(year, zone)
    as_of = min(now, span.end)
    # With all that hangs under them: a part of an account is not the account.
    accounts = read_accounts(services, services.register_source(), as_of)
    shown = in_year(year, with_others=year in {opening, present})
    alerts_total, alerts = list_alerts(
        services, register, OPEN, MAX_OPEN_ALERTS, 0, permit.sees, within=shown
    )
    used = electricity_of(services, register, span, as_of)
    rows = table_rows(register, accounts, used, alerts, services.rulebook)
    return Overview(
        now=now,
        as_of=as_of,
        zone=zone,
        year=year,
        years=years_with_data(services, register, now, zone, year),
        complete=now >= span.end,
        closing=choice.year is None and year < present,
        healthy=health_report(services)["status"] == "ok",
        tiles=tiles(rows, register, services.rulebook),
        rows=rows,
        load=load_panel(services, register, choice.building or worst_building(rows), year, as_of),
        buildings=sorted(register.buildings.values(), key=lambda b: words.name(b)),
        alerts=alert_cards(services, alerts),
        alerts_total=alerts_total,
        unacknowledged=sum(a["acknowledged_at"] is None for a in alerts),
        register=register,
        rulebook=services.rulebook,
    )


def alert_cards(services: Services, alerts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The alerts as their cards show them, critical ones first.

    Each with ``figures`` of its account and the ``comment`` of its acknowledgement, None where there
    are none.
    """
    known = [a["case"] for a in alerts if a["case"] is not None]
    with services.records.connect() as conn:
        comments = said_on_acknowledging(conn, known)
    cards = [
        {**a, "figures": account_figures(a["detail"]), "comment": comments.get(a["case"])}
        for a in alerts
    ]
    return sorted(cards, key=lambda card: card["severity"] != "critical")


def electricity_of(
    services: Services, register: Register, span: Span, as_of: datetime
) -> dict[str, float]:
    """Electricity of each organisation and building from the span's start to ``as_of``, kWh."""
    subjects = [*register.organisations, *register.buildings]
    so_far = Span(span.start, max(as_of, span.start))
    sums = services.series.sum_results(Grain.DAY, subjects, [_USE], so_far)
    rows = sums.select(["subject", "value"]).to_pylist()
    return {row["subject"]: row["value"] for row in rows if row["value"] is not None}


def years_with_data(
    services: Services, register: Register, now: datetime, zone: ZoneInfo, shown: int
) -> list[int]:
    """The years to choose from: those of the last few with any result, the present and the shown one."""
    present = judged_year(now, zone)
    span = Span(year_span(present - YEARS_BACK, zone).start, now)
    subjects = list(register.organisations)
    months = services.series.read_results(Grain.MONTH, subjects, [_USE], span).to_pylist()
    found = {local_date(month["start"], zone).year for month in months}
    return sorted(found | {present, shown})


def load_panel(
    services: Services, register: Register, code: str | None, year: int, as_of: datetime
) -> LoadPanel | None:
    """The panel of a building of the register; None where there is none to show."""
    if code is None:
        return None
    if code not in register.buildings:
        raise NotFoundError(f"a building must be one of the register, got {code!r}")
    building = register.buildings[code]
    zone = zone_of_subject(register, code, services.settings)
    span = year_span(year, zone)
    months = load_months(services.series, code, Span(span.start, max(as_of, span.start)), zone)
    last = min(as_of, span.end)
    return LoadPanel(
        building=building,
        site=register.sites[building.site],
        organisation=register.organisations[building.organisation],
        zone=zone,
        months=months,
        whole=total(months),
        first_day=date(year, 1, 1),
        until_day=local_date(last, zone) + DAY if last < span.end else date(year + 1, 1, 1),
    )
