"""``returns``: statistics returns from filling to sums, by the API."""

from typing import Annotated, Any

import typer
from rich.progress import track

from quotawatt.app.client import call
from quotawatt.app.commands_return_cells import register_cells
from quotawatt.app.commands_return_files import RETURNS, NumberArgument, register_files
from quotawatt.app.console import (
    HomeOption,
    JsonOption,
    LanguageOption,
    settings_for,
    show_json,
    stderr,
)
from quotawatt.app.home import home_clock
from quotawatt.app.tables_returns import (
    print_doubts,
    print_due,
    print_forms,
    print_return,
    print_returns,
    print_sums,
    say_returns,
)
from quotawatt.settings import Settings

PeriodOption = Annotated[str, typer.Option("--period", help="YYYY or YYYY-Qn.")]
CommentOption = Annotated[str, typer.Option("--note", help="What there is to say of it.")]

_TOGETHER = 50
"""So many returns are filled with one request."""
_OPEN = ("not_begun", "draft", "sent_back", "reopened")


def register(app: typer.Typer) -> None:
    """Add ``returns`` to the program."""
    returns = typer.Typer(help="Statistics returns (统计报表).", no_args_is_help=True)
    returns.command("forms")(returns_forms)
    returns.command("list")(returns_list)
    returns.command("due")(returns_due)
    returns.command("fill")(returns_fill)
    returns.command("show")(returns_show)
    register_cells(returns)
    returns.command("check")(returns_check)
    returns.command("submit")(returns_submit)
    returns.command("send-back")(returns_send_back)
    returns.command("accept")(returns_accept)
    returns.command("reopen")(returns_reopen)
    returns.command("sum")(returns_sum)
    register_files(returns)
    app.add_typer(returns, name="returns")


def returns_forms(
    as_of: Annotated[str | None, typer.Option("--as-of", help="Day; default today.")] = None,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """The forms in force on a day."""
    settings = settings_for(home, language)
    answer = _get(settings, "/forms", as_of=as_of)
    if as_json:
        show_json(answer["items"])
    else:
        print_forms(answer, settings)


def returns_list(
    period: Annotated[str | None, typer.Option("--period", help="YYYY or YYYY-Qn.")] = None,
    organisation: Annotated[str | None, typer.Option("--organisation", help="Its code.")] = None,
    state: Annotated[str | None, typer.Option("--state", help="draft, submitted, ...")] = None,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Returns that were begun, the latest period first."""
    settings = settings_for(home, language)
    rows = _get(settings, "", period=period, organisation=organisation, state=state)["items"]
    if as_json:
        show_json(rows)
    else:
        print_returns(rows, settings)


def returns_due(
    period: PeriodOption,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Everybody who makes a return of a period, how it stands, and who is late."""
    settings = settings_for(home, language)
    rows = _get(settings, "/due", period=period)["items"]
    if as_json:
        show_json(rows)
    else:
        print_due(period, rows, settings)


def returns_fill(
    period: PeriodOption,
    organisation: Annotated[
        str | None, typer.Argument(help="Code; default: all whose return is not in.")
    ] = None,
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Begin returns, or fill them anew from the data; what was written over cells stays."""
    settings = settings_for(home, language)
    if organisation is not None:
        body = {"organisation": organisation, "period": period}
        say_returns("done_fill", settings, **_post(settings, "/fill", body))
        return
    rows = _get(settings, "/due", period=period)["items"]
    codes = [row["organisation"] for row in rows if row["state"] in _OPEN]
    parts = [codes[at : at + _TOGETHER] for at in range(0, len(codes), _TOGETHER)]
    for some in track(parts, description=period, console=stderr, transient=True):
        _post(settings, "/fill-many", {"organisations": some, "period": period})
    say_returns("done_fill_all", settings, count=len(codes))


def returns_show(
    number: NumberArgument,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """One return: its figures, what was written by hand, and what was done with it."""
    settings = settings_for(home, language)
    detail = _get(settings, f"/{number}")
    if as_json:
        show_json([detail])
    else:
        print_return(detail, settings)


def returns_check(
    number: NumberArgument,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """What is not in order. Ends with 1 where it cannot be submitted so."""
    settings = settings_for(home, language)
    answer = _get(settings, f"/{number}/check")
    if as_json:
        show_json(answer["items"])
    else:
        print_doubts(answer, settings)
    if answer["blocks"]:
        raise typer.Exit(1)


def returns_submit(
    number: NumberArgument,
    note: CommentOption = "",
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Hand a return in."""
    _do(settings_for(home, language), f"/{number}/submit", {"comment": note}, "done_submit")


def returns_send_back(
    number: NumberArgument,
    note: CommentOption = "",
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Send a return back, with what is wrong."""
    _do(settings_for(home, language), f"/{number}/send-back", {"comment": note}, "done_send_back")


def returns_accept(
    number: NumberArgument,
    note: CommentOption = "",
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Accept a return: it is closed as a snapshot."""
    _do(settings_for(home, language), f"/{number}/accept", {"comment": note}, "done_accept")


def returns_reopen(
    number: NumberArgument,
    note: CommentOption = "",
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Open an accepted return for a correction."""
    _do(settings_for(home, language), f"/{number}/reopen", {"comment": note}, "done_reopen")


def returns_sum(
    period: PeriodOption,
    by: Annotated[str, typer.Option("--by", help="region, system or class.")] = "region",
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Accepted returns added up, with who is missing."""
    settings = settings_for(home, language)
    answer = _get(settings, "/sum", period=period, by=by)
    if as_json:
        show_json(answer["items"])
    else:
        print_sums(answer, settings)


def _do(settings: Settings, path: str, body: dict[str, Any], done: str) -> None:
    say_returns(done, settings, **_post(settings, path, body))


def _get(settings: Settings, path: str, **params: Any) -> Any:
    return call(settings, home_clock(settings.home), "GET", RETURNS + path, params=params)


def _post(settings: Settings, path: str, body: dict[str, Any]) -> Any:
    return call(settings, home_clock(settings.home), "POST", RETURNS + path, body=body)
