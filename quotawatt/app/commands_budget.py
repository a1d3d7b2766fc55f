"""``quota budget``, ``quota calendar`` and ``quota months``: budgets of accounts, by the API."""

from typing import Annotated, Any

import typer

from quotawatt.app.client import call
from quotawatt.app.console import (
    HomeOption,
    JsonOption,
    LanguageOption,
    settings_for,
    show_json,
    with_zone,
)
from quotawatt.app.home import home_clock
from quotawatt.app.tables_budget import print_budget, print_calendar, say_budget
from quotawatt.settings import Settings

AssetArgument = Annotated[str, typer.Argument(help="Code of an organisation or building.")]
QuotaArgument = Annotated[str, typer.Argument(help="A quota, or assigned-INDICATOR.")]
AsOfOption = Annotated[str | None, typer.Option("--as-of", help="Day or instant, ISO 8601.")]
YearOption = Annotated[int, typer.Option("--year", help="Calendar year.")]
DocumentOption = Annotated[str, typer.Option("--document", help="Number of the document.")]
DecidedOption = Annotated[str, typer.Option("--decided-on", help="Day of the document.")]
FromOption = Annotated[
    str | None, typer.Option("--from", help="First day; default 1 January, once only.")
]
ApprovedOption = Annotated[str, typer.Option("--approved-by", help="Who approved it.")]
NoteOption = Annotated[str, typer.Option("--note", help="Why.")]


def register(group: typer.Typer) -> None:
    """Add the commands to ``quota``."""
    group.command("budget")(budget)
    group.command("calendar")(calendar)
    group.command("months")(months)


def budget(
    asset: AssetArgument,
    quota: Annotated[str | None, typer.Argument(help="Default: every account.")] = None,
    as_of: AsOfOption = None,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Budget to date, how far ahead of it, what the days left may use, and the months."""
    settings = settings_for(home, language)
    quotas = [quota] if quota else _quotas(settings, asset, as_of)
    rows = [ask(settings, "GET", f"/{asset}/{one}/budget", {"as_of": as_of}) for one in quotas]
    if as_json:
        show_json(rows)
        return
    for row in rows:
        print_budget(row, settings)


def calendar(
    asset: AssetArgument,
    quota: QuotaArgument,
    month: Annotated[str | None, typer.Option("--month", help="YYYY-MM: its days.")] = None,
    as_of: AsOfOption = None,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """The year day by day: kind of day, budget, use, colour."""
    settings = settings_for(home, language)
    answer = ask(settings, "GET", f"/{asset}/{quota}/calendar", {"as_of": as_of})
    if as_json:
        show_json(answer["items"])
    else:
        print_calendar(answer, settings, month)


def months(
    asset: AssetArgument,
    quota: QuotaArgument,
    amounts: Annotated[list[float], typer.Argument(help="Twelve, January first.")],
    year: YearOption,
    document: DocumentOption,
    decided_on: DecidedOption,
    effective_from: FromOption = None,
    approved_by: ApprovedOption = "",
    note: NoteOption = "",
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Set the budgets of the months; they must sum to the year's limit."""
    settings = settings_for(home, language)
    body = {
        "year": year,
        "months": amounts,
        "document": document,
        "decided_on": decided_on,
        "effective_from": effective_from,
        "approved_by": approved_by,
        "note": note,
    }
    done = ask(settings, "PUT", f"/{asset}/{quota}/months", body=body)
    say_budget("done_months", settings, **done)


def ask(
    settings: Settings,
    method: str,
    path: str,
    params: dict[str, Any] | None = None,
    body: Any = None,
    root: str = "/quota",
) -> Any:
    """One request about quotas; an ``as_of`` without a zone is local."""
    place = f"/api/v1{root}{path}"
    if params and params.get("as_of"):
        params = {**params, "as_of": with_zone(params["as_of"], "--as-of", settings)}
    return call(settings, home_clock(settings.home), method, place, params=params, body=body)


def _quotas(settings: Settings, asset: str, as_of: str | None) -> list[str]:
    items = ask(settings, "GET", f"/{asset}", {"as_of": as_of})["items"]
    return [item["quota"] for item in items]
