"""``baseline``: what a subject is expected to use: fitted, asked and reported."""

from pathlib import Path
from typing import Annotated

import typer

from analytics.sufficiency.purposes import Purpose
from quotawatt.app.console import HomeOption, JsonOption, LanguageOption, settings_for
from quotawatt.app.energy_source import Source, SubjectArgument, require_one, with_source

PlotOption = Annotated[
    Path | None, typer.Option("--plot", help="Picture to write: .png, .svg or .pdf.")
]
ModelOption = Annotated[
    Path | None, typer.Option("--model", help="A baseline that `baseline fit --out` wrote.")
]
PurposeOption = Annotated[Purpose, typer.Option("--purpose", help="What the data must bear.")]
CandidateOption = Annotated[
    list[str] | None, typer.Option("--candidate", help="Kind of model; may repeat; default: all.")
]
LevelOption = Annotated[float, typer.Option("--level", min=0.5, max=0.99, help="Of the band.")]
OutOption = Annotated[Path | None, typer.Option("--out", help="File to write.")]

# The work is loaded within each command: models and pictures take seconds, and no other command needs them.


def register(app: typer.Typer) -> None:
    """Add the group ``baseline``."""
    group = typer.Typer(help="What is to be expected, by calendar and weather.")
    group.command("list")(baseline_list)
    group.command("fit")(with_source(baseline_fit))
    group.command("predict")(with_source(baseline_predict))
    group.command("report")(with_source(baseline_report))
    app.add_typer(group, name="baseline")


def baseline_list(
    asset: Annotated[str | None, typer.Option("--asset", help="Only it and those below.")] = None,
    measure: Annotated[str | None, typer.Option("--measure")] = None,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the baselines that are stored: of what, which model, how well it fits."""
    from quotawatt.app import baseline_work

    baseline_work.show_stored(asset, measure, settings_for(home, language), as_json)


def baseline_fit(
    source: Source,
    subject: SubjectArgument = None,
    purpose: PurposeOption = Purpose.MONITOR,
    candidate: CandidateOption = None,
    level: LevelOption = 0.9,
    out: OutOption = None,
    plot: PlotOption = None,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Fit the candidates, choose by blocked cross-validation, and say what the data bear.

    Of the stores: have the baseline learnt anew by the analyser; all other options are for files.
    """
    from quotawatt.app import baseline_work

    given = _span_of(source)
    require_one(subject, source, candidate=candidate, out=out, plot=plot, **given)
    settings = settings_for(home, language)
    if subject is not None:
        baseline_work.ask_for_refit(subject, source.measure, settings, as_json)
    else:
        baseline_work.fit(source, purpose, candidate, level, out, plot, settings, as_json)


def baseline_predict(
    source: Source,
    subject: SubjectArgument = None,
    model: ModelOption = None,
    out: OutOption = None,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say what was to be expected beside what was used, as CSV: of a file by --model, else of the stores."""
    from quotawatt.app import baseline_work

    require_one(subject, source, model=model)
    settings = settings_for(home, language)
    baseline_work.predict(source, subject, model, out, settings, as_json)


def baseline_report(
    source: Source,
    out: Annotated[Path, typer.Option("--out", help="File to write, HTML for printing.")],
    subject: SubjectArgument = None,
    purpose: PurposeOption = Purpose.MONITOR,
    candidate: CandidateOption = None,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write a report of the baseline for printing: data, findings, models, figures."""
    from quotawatt.app import baseline_work

    require_one(subject, source, candidate=candidate, **_span_of(source))
    settings = settings_for(home, language)
    baseline_work.report(source, subject, purpose, candidate, out, settings, as_json)


def _span_of(source: Source) -> dict[str, object]:
    """Which part of a file is meant, and how coarse: stored baselines have their own."""
    return {"from": source.start, "until": source.until, "interval": source.interval}
