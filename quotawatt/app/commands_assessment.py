"""``assess`` and ``reports``: ranking, scores, and the reports that are issued; by the API."""

from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

import typer

from quotawatt.app.client import call, fetch
from quotawatt.app.console import (
    HomeOption,
    JsonOption,
    LanguageOption,
    settings_for,
    show_json,
    stdout,
)
from quotawatt.app.home import home_clock
from quotawatt.app.tables_assessment import print_rankings, print_reports, print_scheme_scores
from quotawatt.app.texts_assessment import assessment_text
from quotawatt.errors import InputError
from quotawatt.settings import Settings

AsOfOption = Annotated[str | None, typer.Option("--as-of", help="Instant or day; default now.")]
PeriodOption = Annotated[
    str | None,
    typer.Option("--period", help="2024, 2024-Q1, 2024-03 or R2024-03 (twelve months)."),
]
SubjectOption = Annotated[str, typer.Option("--subject", help="Code of the organisation.")]
FormatOption = Annotated[str, typer.Option("--format", help="docx or html.")]
OutOption = Annotated[
    Path | None, typer.Option("--out", help="File to write; default the number in this folder.")
]


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    assess = typer.Typer(help="Ranking of like with like, scores by a scheme.")
    assess.command()(rank)
    assess.command()(score)
    assess.command()(confirm)
    app.add_typer(assess, name="assess")
    reports = typer.Typer(help="Monthly circular, quarterly publication, yearly analysis.")
    reports.command("list")(list_reports)
    reports.command()(make)
    reports.command()(issue)
    reports.command()(get)
    app.add_typer(reports, name="reports")


def rank(
    period: PeriodOption = None,
    ranking: Annotated[str | None, typer.Option("--ranking", help="One of the rulebook.")] = None,
    as_of: AsOfOption = None,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Organisations and buildings among their peers, per area and per head."""
    settings = settings_for(home, language)
    params = _given(period=period, ranking=ranking, as_of=as_of)
    answer = _call(settings, "GET", "/assessment/rankings", params)
    if as_json:
        show_json(answer["items"])
    else:
        print_rankings(answer, settings)


def score(
    year: Annotated[int | None, typer.Option("--year", help="Default: the present one.")] = None,
    scheme: Annotated[str | None, typer.Option("--scheme", help="One of the rulebook.")] = None,
    as_of: AsOfOption = None,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Each organisation's yearly score with its grade and items."""
    settings = settings_for(home, language)
    params = _given(year=year, scheme=scheme, as_of=as_of)
    answer = _call(settings, "GET", "/assessment/scores", params)
    if as_json:
        show_json(answer["items"])
    else:
        print_scheme_scores(answer, settings)


def confirm(
    organisation: Annotated[str, typer.Argument(help="Code of the organisation.")],
    year: Annotated[int, typer.Argument(help="The year.")],
    item: Annotated[str, typer.Argument(help="An item that people confirm.")],
    evidence: Annotated[str, typer.Option("--evidence", help="What shows it.")],
    scheme: Annotated[str, typer.Option("--scheme")] = "annual-targets",
    share: Annotated[float, typer.Option("--share", help="Of the points, 0 to 1.")] = 1.0,
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Confirm that an organisation has earned an item's points."""
    settings = settings_for(home, language)
    body = {
        "organisation": organisation,
        "year": year,
        "scheme": scheme,
        "item": item,
        "share": share,
        "evidence": evidence,
    }
    done = _call(settings, "POST", "/assessment/confirmations", {}, body)
    _say("confirmed", settings, **done)


def list_reports(
    kind: Annotated[str | None, typer.Option("--kind")] = None,
    subject: Annotated[str | None, typer.Option("--subject")] = None,
    period: PeriodOption = None,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Reports that were issued, the latest first."""
    settings = settings_for(home, language)
    params = _given(kind=kind, subject=subject, period=period)
    rows = _call(settings, "GET", "/reports", params)["items"]
    if as_json:
        show_json(rows)
    else:
        print_reports(rows, settings)


def make(
    kind: Annotated[str, typer.Argument(help="circular, publication or analysis.")],
    period: Annotated[str, typer.Argument(help="2024-03, 2024-Q1 or 2024.")],
    subject: SubjectOption,
    form: FormatOption = "docx",
    out: OutOption = None,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write a draft from the data as they are now; nothing is issued."""
    settings = settings_for(home, language)
    params = {"kind": kind, "period": period, "subject": subject}
    if as_json:
        show_json([_call(settings, "GET", "/reports/draft", params)["content"]])
        return
    name = f"{kind}-{period}-{subject}-draft"
    _write(settings, "/reports/draft/document", params, form, out or Path(f"{name}.{form}"))


def issue(
    kind: Annotated[str, typer.Argument(help="circular, publication or analysis.")],
    period: Annotated[str, typer.Argument(help="2024-03, 2024-Q1 or 2024.")],
    subject: SubjectOption,
    corrects: Annotated[str, typer.Option("--corrects", help="Number of what it corrects.")] = "",
    note: Annotated[str, typer.Option("--note", help="Why it is corrected.")] = "",
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Issue a report: a snapshot that later data do not change."""
    settings = settings_for(home, language)
    body = {"kind": kind, "period": period, "subject": subject, "corrects": corrects, "note": note}
    done = _call(settings, "POST", "/reports", {}, body)
    if as_json:
        show_json([done])
    else:
        _say("report_issued", settings, number=done["number"])


def get(
    number: Annotated[str, typer.Argument(help="Number of an issued report.")],
    form: FormatOption = "docx",
    out: OutOption = None,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write an issued report as a Word file or a page, or print what it says as JSON."""
    settings = settings_for(home, language)
    path = f"/reports/{quote(number, safe='')}"
    if as_json:
        show_json([_call(settings, "GET", path, {})])
        return
    _write(settings, f"{path}/document", {}, form, out or Path(f"{number}.{form}"))


def _write(settings: Settings, path: str, params: dict[str, Any], form: str, target: Path) -> None:
    asked = {**params, "format": form, "lang": settings.language}
    made = fetch(settings, home_clock(settings.home), f"/api/v1{path}", asked)
    try:
        target.write_bytes(made)
    except OSError as error:
        raise InputError(f"a file must be writable, got {target} ({error.strerror})") from None
    _say("report_written", settings, path=target)


def _call(
    settings: Settings, method: str, path: str, params: dict[str, Any], body: Any = None
) -> Any:
    clock = home_clock(settings.home)
    return call(settings, clock, method, f"/api/v1{path}", params=params, body=body)


def _given(**params: Any) -> dict[str, Any]:
    return {name: value for name, value in params.items() if value is not None}


def _say(key: str, settings: Settings, **values: Any) -> None:
    words = assessment_text(key, settings.language, **values)
    stdout.print(words, markup=False, highlight=False, soft_wrap=True)
