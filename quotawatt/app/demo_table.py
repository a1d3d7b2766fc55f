"""The demo's report: who is over, by how much, since when, and under which clause."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from rich.padding import Padding
from rich.text import Text

from quotawatt.app.client import call
from quotawatt.app.console import (
    Clauses,
    Column,
    Row,
    local_time,
    number,
    percent,
    table_console,
    table_of,
)
from quotawatt.app.tables import alert_subject, alert_value, limit_words, standing_cell
from quotawatt.app.texts import text
from quotawatt.app.texts_quota import indicator_word
from quotawatt.clock import Clock
from quotawatt.settings import Language, Settings

_ELECTRICITY = "electricity_kwh_per_m2"


def print_report(settings: Settings, clock: Clock) -> None:
    """Ask the API and print two tables and the clauses: accounts, and the alerts that are open."""
    quotas = call(settings, clock, "GET", "/api/v1/quota")
    carbon = call(settings, clock, "GET", "/api/v1/carbon")["items"]
    query = {"state": "firing", "limit": 500}
    alerts = call(settings, clock, "GET", "/api/v1/alerts", params=query)["items"]
    assets = call(settings, clock, "GET", "/api/v1/assets", params={"limit": 500})["items"]
    clauses, console = Clauses(settings.language), table_console()
    accounts = _accounts(assets, quotas, carbon, alerts)
    columns, title = _account_columns(clauses, settings.language), _title(quotas, settings)
    console.print(table_of(accounts, columns, title, settings.language, console.width))
    console.print()
    alerts.sort(key=lambda a: (a["rule"], a["subject"]))
    columns = _alert_columns(clauses, settings)
    title = text("open_alerts", settings.language, count=len(alerts))
    console.print(table_of(alerts, columns, title, settings.language, console.width))
    clauses.print_to(console)
    console.print(text("trust", settings.language), style="dim", highlight=False)


def _title(quotas: Row, settings: Settings) -> str:
    zone = ZoneInfo(settings.timezone)
    as_of = local_time(quotas["as_of"], zone)
    year = quotas["items"][0]["year"] if quotas["items"] else as_of[:4]
    return text("title", settings.language, year=year, as_of=as_of)


def _accounts(
    assets: list[Row], quotas: Row, carbon: list[Row], alerts: list[Row]
) -> Iterator[Row]:
    """Each asset that has an account: its electricity, the quota that stands worst, its carbon course."""
    courses = {status["asset"]: status for status in carbon}
    for depth, asset in _tree(assets):
        statuses = [s for s in quotas["items"] if s["asset"] == asset["code"]]
        if statuses:
            yield {
                "depth": depth,
                "asset": asset,
                "kwh": next((s["used"] for s in statuses if s["indicator"] == _ELECTRICITY), None),
                "worst": max(statuses, key=lambda s: s["share_pct"]),
                "course": courses.get(asset["code"], {}),
                "alerts": sum(a["asset"] == asset["code"] for a in alerts),
            }


def _account_columns(clauses: Clauses, lang: Language) -> list[Column]:
    def name(row: Row) -> Padding:
        # Padding keeps the indent also where the name is broken.
        return Padding(Text(row["asset"][f"name_{lang}"]), (0, 0, 0, 2 * row["depth"]))

    def quota(row: Row) -> str:
        worst = row["worst"]
        return f"{indicator_word(worst, lang)} {clauses.mark(worst['clause'])}"

    def tonnes(row: Row) -> str:
        kgco2 = row["course"].get("used_kgco2")
        return number(None if kgco2 is None else kgco2 / 1000)

    return [
        Column("asset", name),
        Column("use", lambda r: number(r["kwh"]), True, True, least=110),
        Column("quota", quota, no_wrap=True),
        Column("limit", lambda r: limit_words(r["worst"], lang), True, True, least=100),
        Column("standing", lambda r: standing_cell(r["worst"], lang)),
        Column("share", lambda r: percent(r["worst"]["share_pct"]), True, True),
        Column("projected", lambda r: percent(r["worst"]["projected_share_pct"]), True, True),
        Column("carbon", tonnes, True, True, least=110),
        Column(
            "carbon_share", lambda r: percent(r["course"].get("share_pct")), True, True, least=110
        ),
        Column("alerts", lambda r: str(r["alerts"] or ""), True, True, least=110),
    ]


def _alert_columns(clauses: Clauses, settings: Settings) -> list[Column]:
    lang, zone = settings.language, ZoneInfo(settings.timezone)

    return [
        Column("rule", lambda r: r["title"][lang]),
        Column("subject", lambda r: alert_subject(r, lang)),
        Column("since", lambda r: local_time(r["firing_since"], zone, "%Y-%m-%d"), no_wrap=True),
        Column("value", lambda r: alert_value(r, lang), True, True),
        Column("clause", lambda r: clauses.mark(r["clause"]), no_wrap=True),
    ]


def _tree(assets: list[Row]) -> Iterator[tuple[int, Row]]:
    """Organisations with their buildings under them, each with its depth."""
    shown = [a for a in assets if a["kind"] in ("organisation", "building")]
    codes = {a["code"] for a in shown}

    def walk(parent: str | None, depth: int) -> Iterator[tuple[int, Row]]:
        # Buildings first: an institution's own come before the institutions below it.
        for asset in sorted(shown, key=lambda a: (a["kind"], a["code"])):
            above = asset["parent"] if asset["parent"] in codes else None
            if above == parent:
                yield depth, asset
                yield from walk(asset["code"], depth + 1)

    return walk(None, 0)
