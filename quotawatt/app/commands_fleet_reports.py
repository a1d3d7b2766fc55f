"""``fleet account|public|utilisation|surplus|drivers-score|report``: what the year comes to, by the API."""

from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from quotawatt.app.client import fetch
from quotawatt.app.commands_dispatch_files import write_file
from quotawatt.app.console import (
    HomeOption,
    JsonOption,
    LanguageOption,
    settings_for,
    show_json,
    with_zone,
)
from quotawatt.app.fleet_calls import FLEET, ask_fleet
from quotawatt.app.home import home_clock
from quotawatt.app.tables_fleet_reports import (
    print_accounts,
    print_pools,
    print_scores,
    print_surplus,
    print_uses,
    say,
)
from quotawatt.settings import Settings

YearOption = Annotated[int | None, typer.Option("--year", help="Default: this year.")]
MonthOption = Annotated[int | None, typer.Option("--month", help="1 to 12; default: the year.")]
OrganisationOption = Annotated[
    str | None, typer.Option("--organisation", help="Of it and those below.")
]


def add_reports(fleet: typer.Typer) -> None:
    """Add the commands to the group ``fleet``."""
    fleet.command("account")(account)
    fleet.command("public")(public)
    fleet.command("utilisation")(utilisation)
    fleet.command("surplus")(surplus)
    fleet.command("drivers-score")(drivers_score)
    fleet.command("report")(report)


def account(
    vehicle: Annotated[
        str | None, typer.Argument(help="Code: its months; default: every vehicle.")
    ] = None,
    year: YearOption = None,
    month: MonthOption = None,
    organisation: OrganisationOption = None,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Kilometres, energy, days, cost and carbon of each vehicle over a month or year (单车核算)."""
    settings = settings_for(home, language)
    if vehicle is not None and month is None:
        found = ask_fleet(settings, "GET", f"/accounts/{vehicle}", params={"year": year})
        if as_json:
            show_json(found)
        else:
            print_accounts(found["months"], settings.language, by_month=True)
            print_accounts([found["year"]], settings.language)
        return
    wanted = {"year": year, "month": month, "vehicle": vehicle, "organisation": organisation}
    rows = ask_fleet(settings, "GET", "/accounts", params=wanted)["items"]
    if as_json:
        show_json(rows)
    else:
        print_accounts(rows, settings.language)


def public(
    first: Annotated[str, typer.Option("--from", help="First day; at most 93 days.")],
    until: Annotated[str | None, typer.Option("--until", help="Day after the last.")] = None,
    organisation: OrganisationOption = None,
    file: Annotated[
        Path | None, typer.Option("--file", help="Write .csv or .xlsx, as it may be published.")
    ] = None,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Time, purpose, places, kilometres, energy and cost of each use; what is missing is marked."""
    settings = settings_for(home, language)
    wanted = {
        "from": with_zone(first, "--from", settings),
        "until": None if until is None else with_zone(until, "--until", settings),
        "organisation": organisation,
    }
    if file is not None:
        suffix = "xlsx" if file.suffix.lower() == ".xlsx" else "csv"
        _save(settings, f"public-uses.{suffix}", {**wanted, "lang": settings.language}, file)
        return
    rows = ask_fleet(settings, "GET", "/public-uses", params=wanted)["items"]
    if as_json:
        show_json(rows)
    else:
        print_uses(rows, ZoneInfo(settings.timezone), settings.language)


def utilisation(
    year: YearOption = None,
    organisation: OrganisationOption = None,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """How each pool is used: days, kilometres, empty running, how many are out at once."""
    settings = settings_for(home, language)
    wanted = {"year": year, "organisation": organisation}
    rows = ask_fleet(settings, "GET", "/utilisation", params=wanted)["items"]
    if as_json:
        show_json(rows)
    else:
        print_pools(rows, settings.language)


def surplus(
    year: YearOption = None,
    organisation: OrganisationOption = None,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """How many vehicles would have carried everything, and which could go."""
    settings = settings_for(home, language)
    wanted = {"year": year, "organisation": organisation}
    found = ask_fleet(settings, "GET", "/surplus", params=wanted)
    if as_json:
        show_json(found["items"])
    else:
        print_surplus(found["items"], found["least_days"], settings.language)


def drivers_score(
    year: YearOption = None,
    month: MonthOption = None,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """How well drivers serve, with the parts of each score (司勤人员行为服务评价)."""
    settings = settings_for(home, language)
    wanted = {"year": year, "month": month}
    rows = ask_fleet(settings, "GET", "/driver-scores", params=wanted)["items"]
    if as_json:
        show_json(rows)
    else:
        print_scores(rows, settings.language)


def report(
    file: Annotated[Path, typer.Argument(help="The workbook to write, .xlsx.")],
    year: YearOption = None,
    organisation: OrganisationOption = None,
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """The yearly statistics of official vehicles as a workbook (公务用车统计报告)."""
    settings = settings_for(home, language)
    wanted = {"year": year, "organisation": organisation, "lang": settings.language}
    _save(settings, "report.xlsx", wanted, file)


def _save(settings: Settings, name: str, params: dict[str, str | int | None], file: Path) -> None:
    known = {key: value for key, value in params.items() if value is not None}
    write_file(file, fetch(settings, home_clock(settings.home), f"{FLEET}/{name}", known))
    say("written", settings.language, file=file)
