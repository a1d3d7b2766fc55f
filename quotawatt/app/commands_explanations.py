"""``quota explain``, ``quota explanations`` and what is done with one, by the API."""

from pathlib import Path
from typing import Annotated, Any

import typer

from quotawatt.app.client import upload
from quotawatt.app.commands_budget import AssetArgument, QuotaArgument, YearOption, ask
from quotawatt.app.console import HomeOption, JsonOption, LanguageOption, settings_for, show_json
from quotawatt.app.home import home_clock
from quotawatt.app.tables_budget import print_explanations, say_budget
from quotawatt.app.texts_budget import budget_text
from quotawatt.settings import Settings

NumberArgument = Annotated[int, typer.Argument(help="Number of the explanation.")]
CommentOption = Annotated[str, typer.Option("--comment", help="What is said of it.")]
NeededComment = Annotated[str, typer.Option("--comment", help="Why.")]

_ROOT = "/explanations"
_PAGE = 500


def register(group: typer.Typer) -> None:
    """Add the commands to ``quota``."""
    group.command("explain")(explain)
    group.command("explanations")(explanations)
    group.command("submit")(submit)
    group.command("withdraw")(withdraw)
    group.command("approve")(approve)
    group.command("return")(give_back)
    group.command("reject")(reject)


def explain(
    asset: AssetArgument,
    quota: QuotaArgument,
    year: YearOption,
    reason: Annotated[str, typer.Option("--reason", help="Why the account went over.")],
    measures: Annotated[str, typer.Option("--measures", help="What is done about it.")],
    amount: Annotated[float, typer.Option("--amount", help="Explained, in the account's unit.")],
    change: Annotated[
        int | None, typer.Option("--change", help="Number of a draft or returned one.")
    ] = None,
    document: Annotated[
        Path | None, typer.Option("--document", help="Evidence: JPEG, PNG or PDF.")
    ] = None,
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Explain an overrun: a draft, until it is submitted."""
    settings = settings_for(home, language)
    body = {
        "asset": asset,
        "quota": quota,
        "year": year,
        "reason": reason,
        "measures": measures,
        "amount": amount,
    }
    method, path = ("POST", "") if change is None else ("PUT", f"/{change}")
    done = ask(settings, method, path, body=body, root=_ROOT)
    if document is not None:
        place = f"/api/v1{_ROOT}/{done['number']}/document"
        done = upload(settings, home_clock(settings.home), place, document, {})
    _say(done, settings)


def explanations(
    year: Annotated[int | None, typer.Option("--year", help="Default: any.")] = None,
    asset: Annotated[str | None, typer.Option("--asset", help="Code.")] = None,
    state: Annotated[list[str] | None, typer.Option("--state", help="May repeat.")] = None,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Explanations of overruns, the latest first."""
    settings = settings_for(home, language)
    rows: list[dict[str, Any]] = []
    while True:
        wanted = {"year": year, "asset": asset, "state": state}
        params = {**wanted, "limit": _PAGE, "offset": len(rows)}
        page = ask(settings, "GET", "", params, root=_ROOT)
        rows += page["items"]
        if len(rows) >= page["total"] or not page["items"]:
            break
    if as_json:
        show_json(rows)
    else:
        print_explanations(rows, settings)


def submit(
    number: NumberArgument,
    comment: CommentOption = "",
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Hand an explanation in."""
    _do(settings_for(home, language), number, "submit", {"comment": comment})


def withdraw(
    number: NumberArgument,
    comment: CommentOption = "",
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Take an explanation back."""
    _do(settings_for(home, language), number, "withdraw", {"comment": comment})


def approve(
    number: NumberArgument,
    comment: CommentOption = "",
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Approve an explanation that somebody else wrote."""
    _decide(settings_for(home, language), number, "approve", comment)


def give_back(
    number: NumberArgument,
    comment: NeededComment,
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Return an explanation, to be changed and submitted again."""
    _decide(settings_for(home, language), number, "return", comment)


def reject(
    number: NumberArgument,
    comment: NeededComment,
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Turn an explanation down."""
    _decide(settings_for(home, language), number, "reject", comment)


def _decide(settings: Settings, number: int, decision: str, comment: str) -> None:
    _do(settings, number, "decide", {"decision": decision, "comment": comment})


def _do(settings: Settings, number: int, verb: str, body: dict[str, Any]) -> None:
    _say(ask(settings, "POST", f"/{number}/{verb}", body=body, root=_ROOT), settings)


def _say(done: dict[str, Any], settings: Settings) -> None:
    state = budget_text(f"state_{done['state']}", settings.language)
    say_budget("done_explanation", settings, number=done["number"], state=state)
