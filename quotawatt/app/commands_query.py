"""Questions to the system: each is a client of the API."""

from typing import Annotated, Any

import typer

from quotawatt.app import (
    commands_channels,
    commands_routing,
    commands_silences,
    commands_templates,
    commands_try,
)
from quotawatt.app.client import call
from quotawatt.app.console import (
    HomeOption,
    JsonOption,
    LanguageOption,
    Row,
    settings_for,
    show_json,
    with_zone,
)
from quotawatt.app.consumption_tree import show_tree
from quotawatt.app.home import home_clock
from quotawatt.app.tables import (
    print_alerts,
    print_consumption,
    print_quota,
    print_taken_up,
)
from quotawatt.app.tables_explain import print_books, print_explained
from quotawatt.app.tables_quota import print_unfolded
from quotawatt.errors import InputError
from quotawatt.settings import Settings

_USUAL = "electricity_import_kwh"

AsOfOption = Annotated[str | None, typer.Option("--as-of", help="Instant, ISO 8601.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command()(consumption)
    alerts = typer.Typer(help="Alerts.", no_args_is_help=True)
    alerts.command("list")(alerts_list)
    alerts.command("ack")(alerts_ack)
    commands_templates.register(alerts)
    commands_try.register(alerts)
    commands_silences.register(alerts)
    commands_channels.register(alerts)
    commands_routing.register(alerts)
    app.add_typer(alerts, name="alerts")


def consumption(
    subject: Annotated[str, typer.Argument(help="Code of an asset.")],
    start: Annotated[str, typer.Option("--from", help="Day or instant, ISO 8601.")],
    until: Annotated[str | None, typer.Option("--until", help="Day or instant.")] = None,
    measure: Annotated[list[str] | None, typer.Option("--measure", help="May repeat.")] = None,
    grain: Annotated[str, typer.Option("--grain", help="hour, day or month.")] = "day",
    tree: Annotated[bool, typer.Option("--tree", help="With all below it, and gaps.")] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Each hour: which readings, which rule.")
    ] = False,
    audit: Annotated[
        bool, typer.Option("--audit", help="What the meters show against the sum of the hours.")
    ] = False,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Use of an asset by interval, with quality and coverage; with --explain or --audit why it is so.

    Explained is the hour that holds --from, or every hour until --until, of one --measure.
    """
    settings = settings_for(home, language)
    start = with_zone(start, "--from", settings)
    until = None if until is None else with_zone(until, "--until", settings)
    if explain or audit:
        if explain and audit:
            raise InputError("either --explain or --audit must be given, got both")
        names = measure or ["electricity_import_kwh"]
        _explain("explain" if explain else "audit", subject, names, start, until, settings, as_json)
        return
    if tree:
        show_tree(settings, subject, start, until, (measure or [_USUAL])[0], as_json)
        return
    answer = _get(
        settings,
        "/api/v1/consumption",
        {
            "subject": subject,
            "measure": measure or [_USUAL],
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


def _explain(
    verb: str,
    subject: str,
    measures: list[str],
    start: str,
    until: str | None,
    settings: Settings,
    as_json: bool,
) -> None:
    """Why the figures of one measure are what they are."""
    if len(measures) > 1:
        raise InputError(f"one measure must be explained at a time, got {', '.join(measures)}")
    params = {"subject": subject, "measure": measures[0], "from": start, "until": until}
    answer = _get(settings, f"/api/v1/consumption/{verb}", params)
    if as_json:
        show_json([answer])
    elif verb == "explain":
        print_explained(answer, settings)
    else:
        print_books(answer, settings)


def quota(
    asset: Annotated[
        str | None, typer.Argument(help="Code of an organisation, building or vehicle.")
    ] = None,
    account: Annotated[
        str | None, typer.Argument(help="One account: its quota, or what else it goes by.")
    ] = None,
    unfold: Annotated[
        bool, typer.Option("--unfold", help="What the figure is made of, down to meters and bills.")
    ] = False,
    month: Annotated[
        str | None, typer.Option("--month", help="With --unfold: its days too, YYYY-MM.")
    ] = None,
    as_of: AsOfOption = None,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Where everybody stands against their yearly quotas; with --unfold what figures are made of.

    Unfolded are all accounts of the asset, or the one that is named.
    """
    settings = settings_for(home, language)
    as_of = as_of and with_zone(as_of, "--as-of", settings)
    if unfold:
        if asset is None:
            raise InputError("--unfold must have the code of an asset, got none")
        _unfold(asset, account, {"as_of": as_of, "month": month}, settings, as_json)
        return
    path = f"/api/v1/quota/{asset}" if asset else "/api/v1/quota"
    answer = _get(settings, path, {"as_of": as_of})
    items = [row for row in answer["items"] if account in (None, row["quota"])]
    if as_json:
        show_json(items)
    else:
        print_quota({**answer, "items": items}, settings)


def _unfold(
    asset: str, account: str | None, params: Row, settings: Settings, as_json: bool
) -> None:
    """What one account of an asset is made of, or each of them."""
    path, accounts = f"/api/v1/quota/{asset}", [account]
    if account is None:
        listed = _get(settings, path, {"as_of": params["as_of"]})
        accounts = [row["quota"] for row in listed["items"]]
        if not accounts and not as_json:
            print_quota(listed, settings)
    for one in accounts:
        answer = _get(settings, f"{path}/{one}/unfold", dict(params))
        if as_json:
            show_json([answer])
        else:
            print_unfolded(answer, settings)


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
    print_taken_up(answer, settings)


def _get(settings: Settings, path: str, params: dict[str, Any]) -> Any:
    return call(settings, home_clock(settings.home), "GET", path, params=params)
