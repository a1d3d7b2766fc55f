"""Questions to the system: each is a client of the API."""

from typing import Annotated, Any

import typer

from quotawatt.app.client import call
from quotawatt.app.console import (
    HomeOption,
    JsonOption,
    LanguageOption,
    settings_for,
    show_json,
    stdout,
)
from quotawatt.app.home import home_clock
from quotawatt.app.tables import (
    print_alerts,
    print_carbon,
    print_consumption,
    print_quota,
)
from quotawatt.settings import Settings

AsOfOption = Annotated[str | None, typer.Option("--as-of", help="Instant, ISO 8601.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command()(consumption)
    app.command()(quota)
    app.command()(carbon)
    alerts = typer.Typer(help="Alerts.", no_args_is_help=True)
    alerts.command("list")(alerts_list)
    alerts.command("ack")(alerts_ack)
    app.add_typer(alerts, name="alerts")


def consumption(
    subject: Annotated[str, typer.Argument(help="Code of an asset.")],
    start: Annotated[str, typer.Option("--from", help="Day or instant, ISO 8601.")],
    until: Annotated[str | None, typer.Option("--until", help="Day or instant.")] = None,
    measure: Annotated[list[str] | None, typer.Option("--measure", help="May repeat.")] = None,
    grain: Annotated[str, typer.Option("--grain", help="hour, day or month.")] = "day",
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Use of an asset by interval, with quality and coverage."""
    settings = settings_for(home, language)
    answer = _get(
        settings,
        "/api/v1/consumption",
        {
            "subject": subject,
            "measure": measure or ["electricity_import_kwh"],
            "grain": grain,
            "from": start,
            "until": until,
        },
    )
    rows = [
        {"measure": series["measure"], "unit": series["unit"], **interval}
        for series in answer["series"]
        for interval in series["intervals"]
    ]
    if as_json:
        show_json(rows)
    else:
        print_consumption(answer, rows, settings)


def quota(
    asset: Annotated[
        str | None, typer.Argument(help="Code of an organisation or building.")
    ] = None,
    as_of: AsOfOption = None,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Where everybody stands against their yearly quotas."""
    settings = settings_for(home, language)
    path = f"/api/v1/quota/{asset}" if asset else "/api/v1/quota"
    answer = _get(settings, path, {"as_of": as_of})
    if as_json:
        show_json(answer["items"])
    else:
        print_quota(answer, settings)


def carbon(
    as_of: AsOfOption = None,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Where everybody stands on the path to their carbon target."""
    settings = settings_for(home, language)
    answer = _get(settings, "/api/v1/carbon", {"as_of": as_of})
    if as_json:
        show_json(answer["items"])
    else:
        print_carbon(answer, settings)


def alerts_list(
    state: Annotated[list[str] | None, typer.Option("--state", help="May repeat.")] = None,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Alerts with rule and clause; default: those that are pending or firing."""
    settings = settings_for(home, language)
    answer = _get(settings, "/api/v1/alerts", {"state": state, "limit": 500})
    if as_json:
        show_json(answer["items"])
    else:
        print_alerts(answer, settings)


def alerts_ack(
    alert: Annotated[int, typer.Argument(help="Number of the alert.")],
    comment: Annotated[str, typer.Option("--comment")] = "",
    home: HomeOption = None,
) -> None:
    """Say that somebody has taken an alert up."""
    settings = settings_for(home)
    path = f"/api/v1/alerts/{alert}/acknowledge"
    answer = call(settings, home_clock(settings.home), "POST", path, body={"comment": comment})
    stdout.print(f"{answer['rule']} {answer['subject']}: {answer['acknowledged_at']}")


def _get(settings: Settings, path: str, params: dict[str, Any]) -> Any:
    return call(settings, home_clock(settings.home), "GET", path, params=params)
