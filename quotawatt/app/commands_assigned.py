"""``quota assign``, ``quota assigned``, ``quota import`` and ``quota revise``, by the API."""

from pathlib import Path
from typing import Annotated, Any

import typer

from quotawatt.app.client import upload
from quotawatt.app.commands_budget import (
    ApprovedOption,
    AsOfOption,
    AssetArgument,
    DecidedOption,
    DocumentOption,
    FromOption,
    NoteOption,
    QuotaArgument,
    YearOption,
    ask,
)
from quotawatt.app.console import (
    HomeOption,
    JsonOption,
    LanguageOption,
    settings_for,
    show_json,
    stderr,
)
from quotawatt.app.home import home_clock
from quotawatt.app.tables_budget import (
    print_cascades,
    print_revisions,
    print_targets,
    say_budget,
)
from quotawatt.settings import Settings

_ASSIGNED = "/assigned"


def register(group: typer.Typer) -> None:
    """Add the commands to ``quota``."""
    group.command("assign")(assign)
    group.command("assigned")(assigned)
    group.command("import")(import_targets)
    group.command("revise")(revise)
    group.command("revisions")(revisions)


def assign(
    asset: AssetArgument,
    indicator: Annotated[str, typer.Argument(help="Indicator of the rulebook.")],
    amount: Annotated[float, typer.Argument(help="In the indicator's unit.")],
    year: YearOption,
    document: DocumentOption,
    decided_on: DecidedOption,
    assigner: Annotated[
        str, typer.Option("--by", help="Organisation that assigns; default one outside.")
    ] = "",
    tree: Annotated[str, typer.Option("--tree", help="region or system.")] = "region",
    effective_from: FromOption = None,
    approved_by: ApprovedOption = "",
    note: NoteOption = "",
    lift: Annotated[bool, typer.Option("--lift", help="From that day on there is none.")] = False,
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Assign a yearly target to a unit below, or revise the one it has by another version."""
    settings = settings_for(home, language)
    target = {
        "asset": asset,
        "indicator": indicator,
        "year": year,
        "amount": amount,
        "assigner": assigner,
        "tree": tree,
        "document": document,
        "decided_on": decided_on,
        "effective_from": effective_from,
        "approved_by": approved_by,
        "note": note,
        "lifted": lift,
    }
    done = ask(settings, "POST", "", body={"targets": [target]}, root=_ASSIGNED)
    for item in done["items"]:
        say_budget("done_assign", settings, **{**item, "amount": f"{item['amount']:,.10g}"})
    _say_over(done["over"], settings)


def assigned(
    year: Annotated[int | None, typer.Option("--year", help="Default: the judged one.")] = None,
    asset: Annotated[str | None, typer.Option("--asset", help="Code.")] = None,
    as_of: AsOfOption = None,
    history: Annotated[bool, typer.Option("--history", help="All versions.")] = False,
    cascade: Annotated[
        bool, typer.Option("--cascade", help="Own, passed on, not yet assigned.")
    ] = False,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """The targets of a year as they count on a day."""
    settings = settings_for(home, language)
    params: dict[str, Any] = {"year": year, "as_of": as_of}
    if not cascade:
        params |= {"asset": asset, "history": history}
    answer = ask(settings, "GET", "/cascade" if cascade else "", params, root=_ASSIGNED)
    if as_json:
        show_json(answer["items"])
    elif cascade:
        print_cascades(answer, settings)
    else:
        print_targets(answer, settings)


def import_targets(
    file: Annotated[Path, typer.Argument(help=".xlsx or .csv, a row a target.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be.")] = False,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Assign the targets of a file, all or none."""
    settings = settings_for(home, language)
    params = {"dry_run": dry_run, "lang": settings.language}
    place = f"/api/v1{_ASSIGNED}/import"
    answer = upload(settings, home_clock(settings.home), place, file, params)
    problems = answer["problems"]
    if as_json:
        show_json([answer])
    elif not problems:
        say_budget(
            "import_done" if answer["applied"] else "import_dry", settings, count=answer["added"]
        )
        _say_over(answer["over"], settings)
    else:
        say_budget("import_problems", settings, count=len(problems))
        for problem in problems:
            stderr.print(problem["text"], markup=False, highlight=False, soft_wrap=True)
    if problems:
        raise typer.Exit(1)


def revise(
    asset: AssetArgument,
    quota: QuotaArgument,
    value: Annotated[float, typer.Argument(help="Constraint value, in the quota's unit.")],
    year: YearOption,
    document: DocumentOption,
    decided_on: DecidedOption,
    effective_from: FromOption = None,
    approved_by: ApprovedOption = "",
    note: NoteOption = "",
    lift: Annotated[bool, typer.Option("--lift", help="The quota's own value again.")] = False,
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Set another constraint value of a quota for one asset and year, by a decision."""
    settings = settings_for(home, language)
    body = {
        "year": year,
        "value": value,
        "document": document,
        "decided_on": decided_on,
        "effective_from": effective_from,
        "approved_by": approved_by,
        "note": note,
        "lifted": lift,
    }
    done = ask(settings, "POST", f"/{asset}/{quota}/revisions", body=body)
    say_budget("done_revise", settings, **done)


def revisions(
    asset: AssetArgument,
    quota: QuotaArgument,
    year: Annotated[int | None, typer.Option("--year", help="Default: the judged one.")] = None,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """How a quota was revised for an asset, all versions."""
    settings = settings_for(home, language)
    rows = ask(settings, "GET", f"/{asset}/{quota}/revisions", {"year": year})["items"]
    if as_json:
        show_json(rows)
    else:
        print_revisions(rows, settings)


def _say_over(over: list[dict[str, Any]], settings: Settings) -> None:
    for one in over:
        figures = {"own": f"{one['own_amount']:,.10g}", "assigned": f"{one['assigned']:,.10g}"}
        say_budget("over_line", settings, **{**one, **figures})
