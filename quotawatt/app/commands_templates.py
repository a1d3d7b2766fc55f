"""``alerts templates``: the templates of messages, checked, shown, and tried on a case."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import typer

from quotawatt.app.client import call
from quotawatt.app.console import (
    HomeOption,
    JsonOption,
    LanguageOption,
    settings_for,
    show_json,
    stderr,
    stdout,
)
from quotawatt.app.home import home_clock
from quotawatt.app.texts_messages import message_text
from quotawatt.errors import TemplateError
from quotawatt.settings import Settings

_PATH = "/api/v1/templates"


def register(alerts: typer.Typer) -> None:
    """Add the commands to the group ``alerts``."""
    group = typer.Typer(help="What messages look like.", no_args_is_help=True)
    group.command("check")(templates_check)
    group.command("show")(templates_show)
    group.command("preview")(templates_preview)
    alerts.add_typer(group, name="templates")


def templates_check(
    folder: Annotated[
        Path | None, typer.Argument(help="Folder of templates; default: that of the settings.")
    ] = None,
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Check templates and run the tests beside them: every error at once, with file and line."""
    from alerts.messages.checking import load_templates
    from alerts.messages.trials import run_trials

    settings = settings_for(home, language)
    own = folder or settings.templates
    try:
        templates = load_templates(own)
    except TemplateError as error:
        _report(error.problems)
        raise typer.Exit(1) from None
    outcomes = run_trials(templates, own)
    failures = [f"{o.place} {o.name}: {o.failure}" for o in outcomes if o.failure]
    _report(failures)
    if failures:
        raise typer.Exit(1)
    stdout.print(message_text("right", settings.language, count=len(outcomes)))


def templates_show(
    name: Annotated[str | None, typer.Argument(help="text.zh.j2; default: list all.")] = None,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the templates and what they can name, or print one."""
    settings = settings_for(home, language)
    answer = _get(settings, _PATH if name is None else f"{_PATH}/{name}", {})
    if as_json:
        show_json([answer] if name else answer["items"])
    elif name:
        typer.echo(answer["source"], nl=False)
    else:
        _print_list(answer, settings)


def templates_preview(
    case: Annotated[int | None, typer.Option("--case", help="Default: a sample.")] = None,
    form: Annotated[
        str, typer.Option("--form", help="title, text, html, markdown or short.")
    ] = "text",
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Print a message as it would be written now; nothing is sent."""
    settings = settings_for(home, language)
    params = {"form": form, "language": settings.language}
    answer = _get(settings, f"{_PATH}/preview", params | ({"case": case} if case else {}))
    if as_json:
        show_json([answer])
        return
    typer.echo(answer["title"])
    if form != "title":
        typer.echo()
        typer.echo(answer["text"])


def _get(settings: Settings, path: str, params: dict[str, Any]) -> Any:
    return call(settings, home_clock(settings.home), "GET", path, params=params)


def _report(problems: Iterable[str]) -> None:
    for problem in problems:
        stderr.print(problem, markup=False, highlight=False, soft_wrap=True)


def _print_list(answer: dict[str, Any], settings: Settings) -> None:
    language = settings.language
    origin = {own: message_text("own" if own else "shipped", language) for own in (True, False)}
    for item in answer["items"]:
        stdout.print(f"{item['name']:<20} {origin[item['own']]}", highlight=False)
    stdout.print(message_text("fields", language, fields=", ".join(answer["fields"])))
