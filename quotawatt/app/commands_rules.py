"""``rules`` and ``boards``: the rulebook's packs, and Grafana boards as code."""

from pathlib import Path
from typing import Annotated

import typer

from quotawatt.app import commands_proposals, commands_rulebook
from quotawatt.app.console import (
    HomeOption,
    LanguageOption,
    settings_for,
    stderr,
    stdout,
)
from quotawatt.app.texts_ledger import ledger_text
from quotawatt.errors import InputError, SettingError

FolderArgument = Annotated[
    Path | None, typer.Argument(help="Folder of packs; default: all packs that count.")
]


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    rules = typer.Typer(help="Regulations as data.", no_args_is_help=True)
    rules.command("check")(rules_check)
    rules.command("test")(rules_test)
    commands_rulebook.register(rules)
    commands_proposals.register(rules)
    app.add_typer(rules, name="rules")
    boards = typer.Typer(help="Grafana boards as code.", no_args_is_help=True)
    boards.command("build")(boards_build)
    boards.command("check")(boards_check)
    boards.command("publish")(boards_publish)
    app.add_typer(boards, name="boards")


def rules_check(
    folder: FolderArgument = None, home: HomeOption = None, language: LanguageOption = None
) -> None:
    """Check packs, beside those that count: every error at once, with file and line."""
    from quotawatt.app.rules_in_force import problems_of

    _require_packs(folder)
    settings = settings_for(home, language)
    _report(problems_of(settings, folder), ledger_text("packs_right", settings.language))


def rules_test(
    folder: FolderArgument = None, home: HomeOption = None, language: LanguageOption = None
) -> None:
    """Run the tests that lie beside the packs."""
    from quotawatt.app.rules_in_force import run_tests

    _require_packs(folder)
    settings = settings_for(home, language)
    outcomes = run_tests(settings, folder)
    failures = [f"{o.place} {o.name}: {o.failure}" for o in outcomes if o.failure]
    _report(failures, ledger_text("tests_passed", settings.language, count=len(outcomes)))


def boards_build() -> None:
    """Write the boards' JSON anew."""
    from grafana.build import DASHBOARDS, write

    write(DASHBOARDS)
    stdout.print(f"boards written to {DASHBOARDS}")


def boards_check() -> None:
    """Compare the committed boards with what their modules make."""
    from grafana.build import DASHBOARDS, check

    _report(check(DASHBOARDS), "boards match their modules")


def boards_publish(
    url: Annotated[str, typer.Option("--url", envvar="QUOTAWATT_GRAFANA_URL")] = "",
    token: Annotated[str, typer.Option("--token", envvar="QUOTAWATT_GRAFANA_TOKEN")] = "",
) -> None:
    """Publish folder, data source and boards to a Grafana; again without harm."""
    from grafana.publish import publish

    if not url or not token:
        raise SettingError(
            "publishing needs QUOTAWATT_GRAFANA_URL and QUOTAWATT_GRAFANA_TOKEN, "
            f"got {url or 'no address'} and {'a token' if token else 'no token'}"
        )
    for line in publish(url, token, settings_for()):
        stdout.print(line)


def _require_packs(folder: Path | None) -> None:
    if folder is not None and not any(folder.glob("*.yaml")):
        raise InputError(f"a folder of packs must hold *.yaml files, got {folder}")


def _report(problems: list[str], good: str) -> None:
    """Print every problem and end with status 1, or say that all is well."""
    for problem in problems:
        stderr.print(problem, markup=False, highlight=False, soft_wrap=True)
    if problems:
        raise typer.Exit(1)
    stdout.print(good)
