"""Questions to the system: each is a client of the API."""

from typing import Annotated, Any

import typer

from quotawatt.app.client import call, require_not_served
from quotawatt.app.console import (
    HomeOption,
    JsonOption,
    LanguageOption,
    settings_for,
    show,
    stdout,
)
from quotawatt.app.home import home_clock
from quotawatt.settings import Settings

AsOfOption = Annotated[str | None, typer.Option("--as-of", help="Instant, ISO 8601.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command()(consumption)
    app.command()(quota)
    app.command()(carbon)
    app.command()(findings)
    alerts = typer.Typer(help="Alerts.", no_args_is_help=True)
    alerts.command("list")(alerts_list)
    alerts.command("ack")(alerts_ack)
    app.add_typer(alerts, name="alerts")
    letters = typer.Typer(help="Messages that could not become readings.", no_args_is_help=True)
    letters.command("list")(deadletters_list)
    letters.command("retry")(deadletters_retry)
    app.add_typer(letters, name="deadletters")
    ledger = typer.Typer(help="The record of who did what.", no_args_is_help=True)
    ledger.command("verify")(ledger_verify)
    app.add_typer(ledger, name="ledger")


def consumption(
    subject: Annotated[str, typer.Argument(help="Code of an asset.")],
    start: Annotated[str, typer.Option("--from", help="Day or instant, ISO 8601.")],
    until: Annotated[str | None, typer.Option("--until", help="Day or instant.")] = None,
    measure: Annotated[list[str] | None, typer.Option("--measure", help="May repeat.")] = None,
    grain: Annotated[str, typer.Option("--grain", help="hour, day or month.")] = "day",
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Use of an asset by interval, with quality and coverage."""
    answer = _get(
        settings_for(home),
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
    show(rows, ["measure", "start", "value", "unit", "quality", "coverage"], as_json)


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
    rows = [_with_words(item, settings.language) for item in answer["items"]]
    columns = ["asset", "quota", "year", "used", "unit", "intensity", "intensity_unit", "standing"]
    columns += ["share_pct", "projected_share_pct", "coverage", "clause"]
    show(answer["items"] if as_json else rows, columns, as_json)


def carbon(
    as_of: AsOfOption = None,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Where everybody stands on the path to their carbon target."""
    settings = settings_for(home, language)
    answer = _get(settings, "/api/v1/carbon", {"as_of": as_of})
    rows = [_with_words(item, settings.language) for item in answer["items"]]
    columns = ["asset", "target", "year", "used_kgco2", "limit_kgco2", "share_pct"]
    columns += ["projected_share_pct", "grid_factor_year", "provisional", "clause"]
    show(answer["items"] if as_json else rows, columns, as_json)


def findings(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Problems met in data."""
    answer = _get(settings_for(home), "/api/v1/findings", {"limit": 500})
    show(answer["items"], ["code", "subject", "first_seen", "last_seen", "detail"], as_json)


def alerts_list(
    state: Annotated[list[str] | None, typer.Option("--state", help="May repeat.")] = None,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Alerts with rule and clause; default: those that are pending or firing."""
    settings = settings_for(home, language)
    answer = _get(settings, "/api/v1/alerts", {"state": state, "limit": 500})
    rows = [_with_words(item, settings.language) for item in answer["items"]]
    columns = ["id", "state", "severity", "rule", "subject", "firing_since", "value", "clause"]
    show(answer["items"] if as_json else rows, columns, as_json)


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


def deadletters_list(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Messages that could not become readings, with the reason."""
    answer = _get(settings_for(home), "/api/v1/deadletters", {"limit": 500})
    show(answer["items"], ["id", "arrived", "reason", "topic", "message"], as_json)


def deadletters_retry(
    reason: Annotated[str | None, typer.Option("--reason", help="Only those.")] = None,
    home: HomeOption = None,
) -> None:
    """Decode the dead letters again, after a profile was mended; what now reads becomes readings."""
    from collectors.collector import make_decoder
    from collectors.pipeline import Pipeline
    from collectors.retry import retry_letters
    from quotawatt.app.system import open_system

    settings = settings_for(home)
    require_not_served(settings.home, "dead letters are tried again")
    system = open_system(settings, home_clock(settings.home))
    try:
        decoder = make_decoder(settings)
        pipeline = Pipeline(system.series, system.records, system.register, decoder, settings)
        report = retry_letters(system.records, pipeline, reason)
    finally:
        system.close()
    stdout.print(f"{report.tried} dead letters tried, {report.recovered} recovered")


def ledger_verify(home: HomeOption = None) -> None:
    """Check the chain of the ledger; status 1 where it does not hold."""
    answer = _get(settings_for(home), "/api/v1/ledger/verify", {})
    for finding in answer["findings"]:
        stdout.print(f"{finding['code']}: {finding['subject']} {finding['detail']}")
    if not answer["ok"]:
        raise typer.Exit(1)
    stdout.print("the ledger's chain holds")


def _get(settings: Settings, path: str, params: dict[str, Any]) -> Any:
    return call(settings, home_clock(settings.home), "GET", path, params=params)


def _with_words(item: dict[str, Any], language: str) -> dict[str, Any]:
    """The row with its clause in words."""
    return {**item, "clause": clause_words(item.get("clause"), language)}


def clause_words(clause: dict[str, Any] | None, language: str) -> str:
    """Number of the instrument, its title, and the clause, with its trust mark."""
    from quotawatt.app.texts import text

    if clause is None:
        return ""
    title = clause["title"][language]
    where = text("where", language, instrument=title, clause=clause["name"][language])
    number = "" if clause["number"] in title else f"{clause['number']} "
    return f"{number}{where}{text(clause['trust'], language)}"
