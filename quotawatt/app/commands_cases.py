"""``cases``: which there are, how one went, how they went all together. Clients of the API."""

from typing import Annotated, Any, Literal

import typer

from quotawatt.app import commands_case_work
from quotawatt.app.case_calls import CASES, NumberArgument, ask
from quotawatt.app.console import HomeOption, JsonOption, LanguageOption, settings_for, show_json
from quotawatt.app.tables_cases import print_case, print_cases, print_statistics

_PAGE = 500

OrganisationOption = Annotated[
    str | None,
    typer.Option("--organisation", help="Only what it, or one below it, answers for."),
]
TreeOption = Annotated[
    Literal["region", "system"], typer.Option("--tree", help="By which parent below is meant.")
]


def register(app: typer.Typer) -> None:
    """Add ``cases`` to the program."""
    words = "Cases: who does what about it until it is closed."
    group = typer.Typer(help=words, no_args_is_help=True)
    group.command("list")(cases_list)
    group.command("show")(show)
    commands_case_work.register(group)
    group.command("statistics")(statistics)
    app.add_typer(group, name="cases")


def cases_list(
    state: Annotated[
        list[str] | None,
        typer.Option("--state", help="open, acknowledged, proposed_closed, closed, retracted."),
    ] = None,
    rule: Annotated[list[str] | None, typer.Option("--rule", help="May repeat.")] = None,
    severity: Annotated[list[str] | None, typer.Option("--severity", help="May repeat.")] = None,
    organisation: OrganisationOption = None,
    tree: TreeOption = "region",
    asset: Annotated[str | None, typer.Option("--asset", help="Code.")] = None,
    overdue: Annotated[bool, typer.Option("--overdue", help="Only past their due date.")] = False,
    mine: Annotated[bool, typer.Option("--mine", help="Only what is mine to do.")] = False,
    search: Annotated[str | None, typer.Option("--search", help="Part of a name or code.")] = None,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Cases, open ones first, then the gravest; default: those that are open."""
    settings = settings_for(home, language)
    wanted = {
        "state": state,
        "rule": rule,
        "severity": severity,
        "organisation": organisation,
        "tree": tree,
        "asset": asset,
        "overdue": overdue,
        "mine": mine,
        "q": search,
    }
    rows: list[dict[str, Any]] = []
    while True:
        params = {**wanted, "limit": _PAGE, "offset": len(rows)}
        page = ask(settings, "GET", CASES, params=params)
        rows += page["items"]
        if len(rows) >= page["total"] or not page["items"]:
            break
    if as_json:
        show_json(rows)
    else:
        print_cases(rows, page["total"], settings)


def show(
    number: NumberArgument,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """One case with its steps, documents, notices and explanations."""
    settings = settings_for(home, language)
    case = ask(settings, "GET", f"{CASES}/{number}")
    if as_json:
        show_json([case])
    else:
        print_case(case, settings)


def statistics(
    start: Annotated[str, typer.Option("--from", help="Opened from this day on.")],
    until: Annotated[str | None, typer.Option("--until", help="Day, not included.")] = None,
    by: Annotated[
        Literal["organisation", "rule", "clause", "month"],
        typer.Option("--by", help="What is counted together."),
    ] = "organisation",
    organisation: OrganisationOption = None,
    tree: TreeOption = "region",
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """How many cases there were, how quickly they were taken up and closed, and how many in time."""
    settings = settings_for(home, language)
    wanted = {"from": start, "until": until, "by": by, "organisation": organisation, "tree": tree}
    answer = ask(settings, "GET", f"{CASES}/statistics", params=wanted)
    if as_json:
        show_json([*answer["items"], answer["whole"]])
    else:
        print_statistics(answer, start, settings)
