"""``register check`` and ``findings``: where books and reality differ, and what may stand."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

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
from quotawatt.app.finding_list import print_finding_list
from quotawatt.app.home import home_clock
from quotawatt.app.tables_cases import say_case
from quotawatt.app.texts_findings import finding_text
from quotawatt.settings import Settings

_PATH = "/api/v1/findings"
_PAGE = 500

OrganisationOption = Annotated[
    str | None,
    typer.Option("--organisation", help="Only what it, or one below it, answers for."),
]
TreeOption = Annotated[
    Literal["region", "system"], typer.Option("--tree", help="By which parent below is meant.")
]
NumberArgument = Annotated[int, typer.Argument(help="Number of the finding.")]


def register(app: typer.Typer) -> None:
    """Add ``findings`` to the program."""
    group = typer.Typer(help="Problems found, and what may stand.", invoke_without_command=True)
    group.callback()(_findings)
    group.command("list")(findings_list)
    group.command("accept")(findings_accept)
    group.command("reopen")(findings_reopen)
    group.command("case")(findings_case)
    app.add_typer(group, name="findings")


def register_check(
    organisation: OrganisationOption = None,
    tree: TreeOption = "region",
    accepted: Annotated[
        bool, typer.Option("--accepted", help="What was accepted, instead of what is open.")
    ] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="What is open, accepted or cleared.")
    ] = False,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Compare the register with what the devices report, now, and list where they differ.

    The gravest comes first, by the organisation that answers for it, with what to do about it.
    """
    settings = settings_for(home, language)
    report = _call(settings, "POST", f"{_PATH}/check")
    states = ["accepted"] if accepted else ["open"]
    wanted = {
        "source": "register",
        "state": ["open", "accepted", "cleared"] if everything else states,
        "organisation": organisation,
        "tree": tree,
    }
    if not as_json:
        stdout.print(finding_text("checked", settings.language, **report), soft_wrap=True)
    _show(settings, wanted, as_json, "scope_check")


def _findings(
    context: typer.Context,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Problems met in data, in the register and against norms, that stand."""
    if context.invoked_subcommand is None:
        _show(settings_for(home, language), {"state": ["open"]}, as_json, "scope_all")


def findings_list(
    state: Annotated[
        list[str] | None, typer.Option("--state", help="open, accepted, cleared; may repeat.")
    ] = None,
    code: Annotated[list[str] | None, typer.Option("--code", help="May repeat.")] = None,
    source: Annotated[str | None, typer.Option("--source", help="Who found it.")] = None,
    subject: Annotated[str | None, typer.Option("--subject", help="Code of an asset.")] = None,
    organisation: OrganisationOption = None,
    tree: TreeOption = "region",
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Findings of all sources; default: those that are open."""
    wanted = {
        "state": state,
        "code": code,
        "source": source,
        "subject": subject,
        "organisation": organisation,
        "tree": tree,
    }
    scope = "" if source or code or subject else "scope_all"
    _show(settings_for(home, language), wanted, as_json, scope)


def findings_accept(
    number: NumberArgument,
    reason: Annotated[str, typer.Option("--reason", help="Why it may stand.")],
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Say that a finding may stand, and why; it is not listed again."""
    settings = settings_for(home, language)
    _call(settings, "POST", f"{_PATH}/{number}/accept", body={"reason": reason})
    stdout.print(finding_text("taken", settings.language, number=number))


def findings_reopen(
    number: NumberArgument, home: HomeOption = None, language: LanguageOption = None
) -> None:
    """Take an acceptance back."""
    settings = settings_for(home, language)
    _call(settings, "POST", f"{_PATH}/{number}/reopen")
    stdout.print(finding_text("reopened", settings.language, number=number))


def findings_case(
    number: NumberArgument,
    comment: Annotated[str, typer.Option("--comment", help="What is said of it.")] = "",
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Make a case of an open finding; it is verified when the finding is gone."""
    settings = settings_for(home, language)
    made = _call(settings, "POST", f"{_PATH}/{number}/case", body={"comment": comment})
    say_case("made", settings, number=made["number"])


def _show(settings: Settings, wanted: Mapping[str, Any], as_json: bool, scope: str) -> None:
    rows = _pages(settings, wanted)
    if as_json:
        show_json(rows)
    else:
        print_finding_list(rows, settings, scope)


def _pages(settings: Settings, wanted: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """All rows that are wanted, page by page."""
    offset = 0
    while True:
        page = _call(settings, "GET", _PATH, {**wanted, "limit": _PAGE, "offset": offset})
        yield from page["items"]
        offset += _PAGE
        if offset >= page["total"]:
            return


def _call(
    settings: Settings,
    method: str,
    path: str,
    params: Mapping[str, Any] | None = None,
    body: Any = None,
) -> Any:
    return call(settings, home_clock(settings.home), method, path, params=params, body=body)
