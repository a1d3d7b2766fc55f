"""``rules`` and ``boards``: the rulebook's packs, and Grafana boards as code."""

from pathlib import Path
from typing import Annotated

import typer

from quotawatt.app import commands_proposals
from quotawatt.app.console import JsonOption, settings_for, show, stderr, stdout
from quotawatt.errors import InputError, SettingError
from quotawatt.rulebook.model import Quota, Rule, Target
from quotawatt.rulebook.norms import Norm

FolderArgument = Annotated[
    Path | None, typer.Argument(help="Folder of packs; default: the built-in ones.")
]


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    rules = typer.Typer(help="Regulations as data.", no_args_is_help=True)
    rules.command("check")(rules_check)
    rules.command("test")(rules_test)
    rules.command("list")(rules_list)
    commands_proposals.register(rules)
    app.add_typer(rules, name="rules")
    boards = typer.Typer(help="Grafana boards as code.", no_args_is_help=True)
    boards.command("build")(boards_build)
    boards.command("check")(boards_check)
    boards.command("publish")(boards_publish)
    app.add_typer(boards, name="boards")


def rules_check(folder: FolderArgument = None) -> None:
    """Check packs: every error at once, with file and line."""
    from quotawatt.rulebook.loader import BUILTIN_PACKS, check_packs

    _require_packs(folder)
    _report(check_packs(folder or BUILTIN_PACKS), "packs are right")


def rules_test(folder: FolderArgument = None) -> None:
    """Run the tests that lie beside the packs."""
    from alerts.rehearsal import rule_states
    from analytics.packtests import run_pack_tests
    from quotawatt.rulebook.loader import BUILTIN_PACKS, load_rulebook

    _require_packs(folder)
    rulebook = load_rulebook([folder] if folder else ())
    outcomes = run_pack_tests(folder or BUILTIN_PACKS, rulebook, rule_states)
    failures = [f"{o.place} {o.name}: {o.failure}" for o in outcomes if o.failure]
    _report(failures, f"{len(outcomes)} pack tests passed")


def rules_list(as_json: JsonOption = False) -> None:
    """List the alert rules and quotas with the clause that each cites."""
    from quotawatt.rulebook.loader import load_rulebook

    book = load_rulebook()
    language = settings_for().language
    rows = []
    entries: list[Rule | Quota | Target | Norm] = [
        *book.rules.values(),
        *book.quotas.values(),
        *book.targets.values(),
        *book.norms.values(),
    ]
    for entry in entries:
        instrument, clause = book.clause(entry.cites)
        rows.append(
            {
                "kind": type(entry).__name__.lower(),
                "id": entry.id,
                "title": entry.title.in_language(language),
                "instrument": f"{instrument.number} {instrument.title.in_language(language)}".strip(),
                "clause": clause.number,
                "trust": str(entry.trust),
            }
        )
    show(rows, ["kind", "id", "title", "instrument", "clause", "trust"], as_json)


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
