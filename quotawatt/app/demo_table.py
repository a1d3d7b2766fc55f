"""The demo's report: who is over, by how much, since when, and under which clause."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table
from rich.text import Text

from quotawatt.app.client import call
from quotawatt.app.commands_query import clause_words
from quotawatt.app.console import stdout
from quotawatt.app.texts import text
from quotawatt.clock import Clock
from quotawatt.settings import Settings

_TIERS = {
    "over_constraint": ("over", "bold red"),
    "over_baseline": ("amber", "yellow"),
    "over_guidance": ("within_baseline", "green"),
    "within_guidance": ("within_guidance", "green"),
}
# Piped output has no width of its own; narrower than this the tables cannot be read.
_LEAST_WIDTH = 118

Row = dict[str, Any]


@dataclass
class _Clauses:
    """Clauses in the order in which they are first cited, each with its number."""

    language: str
    cited: dict[tuple[str, str], Row] = field(default_factory=dict)

    def mark(self, clause: Row) -> str:
        """The number to print where the clause is cited."""
        key = (clause["instrument"], clause["clause"])
        self.cited.setdefault(key, clause)
        return f"[{list(self.cited).index(key) + 1}]"

    def lines(self) -> Iterator[str]:
        """Instrument, clause, our summary of it, and its trust mark."""
        for number, clause in enumerate(self.cited.values(), 1):
            words = clause["text"][self.language]
            yield f"[{number}] {clause_words(clause, self.language)}: {words}"


def print_report(settings: Settings, clock: Clock) -> None:
    """Ask the API and print two tables and the clauses: accounts, and the alerts that are open."""
    quotas = call(settings, clock, "GET", "/api/v1/quota")
    carbon = call(settings, clock, "GET", "/api/v1/carbon")["items"]
    query = {"state": "firing", "limit": 500}
    alerts = call(settings, clock, "GET", "/api/v1/alerts", params=query)["items"]
    assets = call(settings, clock, "GET", "/api/v1/assets", params={"limit": 500})["items"]
    clauses = _Clauses(settings.language)
    console = stdout if stdout.width >= _LEAST_WIDTH else Console(width=_LEAST_WIDTH)
    console.print(_accounts(assets, quotas, carbon, alerts, clauses, settings))
    console.print(_alerts(alerts, clauses, settings))
    for line in clauses.lines():
        console.print(line, markup=False, highlight=False)
    console.print(text("trust", settings.language), style="dim", highlight=False)


def _accounts(
    assets: list[Row],
    quotas: Row,
    carbon: list[Row],
    alerts: list[Row],
    clauses: _Clauses,
    settings: Settings,
) -> Table:
    lang = settings.language
    as_of = datetime.fromisoformat(quotas["as_of"]).astimezone(ZoneInfo(settings.timezone))
    year = quotas["items"][0]["year"] if quotas["items"] else as_of.year
    title = text("title", lang, year=year, as_of=as_of.strftime("%Y-%m-%d %H:%M"))
    table = Table(title=title, header_style="bold", title_justify="left")
    for key in ("asset", "use", "quota", "tier"):
        table.add_column(text(key, lang), justify="right" if key == "use" else "left")
    for key in ("share", "projected", "carbon", "carbon_share", "alerts"):
        table.add_column(text(key, lang), justify="right")
    courses = {status["asset"]: status for status in carbon}
    for depth, asset in _tree(assets):
        statuses = [s for s in quotas["items"] if s["asset"] == asset["code"]]
        if statuses:
            name = "  " * depth + str(asset[f"name_{lang}"])
            count = sum(a["asset"] == asset["code"] for a in alerts)
            course = courses.get(asset["code"])
            table.add_row(name, *_account_cells(statuses, course, clauses, lang), str(count or ""))
    return table


def _account_cells(
    statuses: list[Row], course: Row | None, clauses: _Clauses, language: str
) -> list[str | Text]:
    """Electricity, then the quota that stands worst, then the carbon course."""
    worst = max(statuses, key=lambda s: s["share_pct"])
    power = next((s["used"] for s in statuses if s["indicator"] == "electricity_kwh_per_m2"), None)
    label, style = _TIERS[worst["standing"]]
    limit = f"{worst['tiers']['constraint']:g} {worst['intensity_unit']}"
    return [
        _number(power),
        f"{text(worst['indicator'], language)} {limit} {clauses.mark(worst['clause'])}",
        Text(text(label, language), style=style),
        _percent(worst["share_pct"]),
        _percent(worst["projected_share_pct"]),
        _number(course["used_kgco2"] / 1000 if course else None),
        _percent(course["share_pct"] if course else None),
    ]


def _alerts(alerts: list[Row], clauses: _Clauses, settings: Settings) -> Table:
    lang, zone = settings.language, ZoneInfo(settings.timezone)
    title = text("open_alerts", lang, count=len(alerts))
    table = Table(title=title, header_style="bold", title_justify="left")
    for key in ("rule", "subject", "since", "value", "clause"):
        table.add_column(text(key, lang), justify="right" if key == "value" else "left")
    for alert in sorted(alerts, key=lambda a: (a["rule"], a["subject"])):
        since = datetime.fromisoformat(alert["firing_since"]).astimezone(zone)
        table.add_row(
            alert["title"][lang],
            _subject(alert, lang),
            since.strftime("%Y-%m-%d"),
            _value(alert, lang),
            clauses.mark(alert["clause"]),
        )
    return table


def _subject(alert: Row, language: str) -> str:
    """Name of the asset, and which account of it where it is one."""
    name = str(alert["name"][language])
    account = alert["subject"].split("/")
    return f"{name} · {account[1]}" if len(account) > 1 else f"{name} · {alert['asset']}"


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


def _value(alert: Row, language: str) -> str:
    if alert["value"] is None:
        return "–"
    if alert["input"] == "silence_h":
        return text("silent_days", language, days=alert["value"] / 24)
    return _percent(alert["value"])


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:,.0f}"


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f} %"
