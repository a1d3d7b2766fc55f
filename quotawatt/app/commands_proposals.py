"""``rules propose``, ``proposals``, ``approve`` and so on: packs that a second person approves."""

from pathlib import Path
from typing import Annotated, Any

import typer

from quotawatt.app.client import call
from quotawatt.app.console import (
    HomeOption,
    JsonOption,
    LanguageOption,
    printable,
    settings_for,
    show_json,
    stdout,
)
from quotawatt.app.home import home_clock
from quotawatt.app.ledger_tables import print_proposals
from quotawatt.app.tables_rulebook import print_differences
from quotawatt.app.texts_ledger import ledger_text
from quotawatt.errors import InputError
from quotawatt.settings import Settings

NumberArgument = Annotated[int, typer.Argument(help="Number of the proposal.")]
ReasonOption = Annotated[str, typer.Option("--reason")]

_TESTS_SUFFIX = ".tests.yaml"


def register(group: typer.Typer) -> None:
    """Add the commands to the group ``rules``."""
    group.command("propose")(propose)
    group.command("proposals")(proposals)
    group.command("approve")(approve)
    group.command("reject")(reject)
    group.command("withdraw")(withdraw)


def propose(
    file: Annotated[Path, typer.Argument(help="The pack, NAME.yaml; its tests lie beside it.")],
    comment: Annotated[str, typer.Option("--comment")] = "",
    remove: Annotated[
        bool, typer.Option("--remove", help="That the pack of this name goes.")
    ] = False,
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Put a pack up for approval by a second person; it is checked first."""
    settings = settings_for(home, language)
    tests = file.with_name(file.name.removesuffix(".yaml") + _TESTS_SUFFIX)
    body = {
        "name": file.name,
        "text": "" if remove else _read(file),
        "tests": _read(tests) if not remove and tests.exists() else "",
        "comment": comment,
    }
    made = _call(settings, "POST", "/proposals", body)
    print_differences(made["changes"], settings.language)
    _say("proposed", settings, id=made["id"], name=made["name"])


def proposals(
    state: Annotated[str | None, typer.Option("--state")] = None,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """List proposals, the latest first."""
    settings = settings_for(home, language)
    query = f"?state={state}" if state else ""
    items = _call(settings, "GET", f"/proposals{query}")["items"]
    if as_json:
        show_json(items)
    else:
        print_proposals(items, settings)


def show(number: NumberArgument, home: HomeOption = None, language: LanguageOption = None) -> None:
    """Show the text of a proposal, and what it would change."""
    settings = settings_for(home, language)
    found = _call(settings, "GET", f"/proposals/{number}")
    typer.echo(found["text"])
    if found["changes"]:
        print_differences(found["changes"], settings.language)
    for problem in found["problems"]:
        stdout.print(printable(problem), markup=False, highlight=False, soft_wrap=True)


def approve(
    number: NumberArgument,
    reason: ReasonOption = "",
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Approve a proposal that somebody else made."""
    settings = settings_for(home, language)
    _decide(settings, number, "approve", reason)
    _say("counts", settings)


def reject(
    number: NumberArgument,
    reason: Annotated[str, typer.Option("--reason", help="Why.")],
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Turn a proposal down."""
    _decide(settings_for(home, language), number, "reject", reason)


def withdraw(
    number: NumberArgument,
    reason: ReasonOption = "",
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Take your own proposal back."""
    _decide(settings_for(home, language), number, "withdraw", reason)


def _decide(settings: Settings, number: int, verb: str, reason: str) -> None:
    done = _call(settings, "POST", f"/proposals/{number}/{verb}", {"reason": reason})
    state = ledger_text(f"state_{done['state']}", settings.language)
    _say("decided", settings, id=done["id"], name=done["name"], state=state)


def _read(file: Path) -> str:
    try:
        return file.read_bytes().decode()
    except OSError as error:
        raise InputError(f"a pack must be readable, got {file} ({error.strerror})") from None
    except UnicodeDecodeError as error:
        raise InputError(f"a pack must be UTF-8, got {error.reason} in {file}") from None


def _say(key: str, settings: Settings, **values: object) -> None:
    line = printable(ledger_text(key, settings.language, **values))
    stdout.print(line, markup=False, highlight=False, soft_wrap=True)


def _call(settings: Settings, method: str, path: str, body: Any = None) -> Any:
    return call(settings, home_clock(settings.home), method, f"/api/v1/rules{path}", body=body)
