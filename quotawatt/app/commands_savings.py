"""``savings``: what a measure saved and how sure that is: over the stores, or straight over a file."""

from pathlib import Path
from typing import Annotated

import typer

from quotawatt.app.commands_baseline import CandidateOption, PlotOption
from quotawatt.app.console import HomeOption, JsonOption, LanguageOption, settings_for
from quotawatt.app.energy_events import events_of
from quotawatt.app.energy_source import Source, SubjectArgument, require_one, with_source


def register(app: typer.Typer) -> None:
    """Add ``savings`` to the program."""
    app.command("savings")(with_source(savings))


def savings(
    source: Source,
    baseline_until: Annotated[
        str, typer.Option("--baseline-until", help="Day on which the measure began, YYYY-MM-DD.")
    ],
    reporting_from: Annotated[
        str | None,
        typer.Option("--reporting-from", help="First day after it; default: the same day."),
    ] = None,
    subject: SubjectArgument = None,
    candidate: CandidateOption = None,
    exclude: Annotated[
        list[str] | None,
        typer.Option("--exclude", help="FROM/UNTIL: days that do not count; may repeat. Of files."),
    ] = None,
    adjust: Annotated[
        list[str] | None,
        typer.Option(
            "--adjust",
            help="FROM/UNTIL=AMOUNT: so much a day was not the measure's doing; may repeat. Of files.",
        ),
    ] = None,
    report: Annotated[
        Path | None, typer.Option("--report", help="Report to write, HTML for printing.")
    ] = None,
    plot: PlotOption = None,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Hold use after a measure against a model of the time before it (option C).

    The baseline lies between --from (by default 365 days before) and --baseline-until, the reporting period
    between --reporting-from and --until.
    """
    # Loaded only here: models take seconds, and no other command needs them.
    from quotawatt.app.savings_work import Asked, show_savings

    require_one(subject, source, candidate=candidate, exclude=exclude, adjust=adjust)
    asked = Asked(
        baseline_until,
        reporting_from or baseline_until,
        tuple(candidate or ()),
        events_of(exclude or (), adjust or ()),
    )
    settings = settings_for(home, language)
    show_savings(source, subject, asked, report, plot, settings, as_json)
