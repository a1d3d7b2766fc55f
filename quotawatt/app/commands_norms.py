"""``norms`` and ``score``: holdings against norms, and yearly scores; by the API."""

from typing import Annotated, Any

import typer

from quotawatt.app.client import call
from quotawatt.app.console import HomeOption, JsonOption, LanguageOption, settings_for, show_json
from quotawatt.app.home import home_clock
from quotawatt.app.tables_pool import print_norms, print_scores
from quotawatt.settings import Settings


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command()(norms)
    app.command()(score)


def norms(
    as_of: Annotated[str | None, typer.Option("--as-of", help="Day; default today.")] = None,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Holdings against norms: rooms, vehicles and equipment, with the clause."""
    settings = settings_for(home, language)
    answer = _get(settings, "/api/v1/norms", as_of=as_of)
    if as_json:
        show_json(answer["items"])
    else:
        print_norms(answer, settings)


def score(
    year: Annotated[int | None, typer.Option("--year", help="Default: the present one.")] = None,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """How each organisation cares for its assets, with the parts of its score."""
    settings = settings_for(home, language)
    answer = _get(settings, "/api/v1/scores", year=year)
    if as_json:
        show_json(answer["items"])
    else:
        print_scores(answer, settings)


def _get(settings: Settings, path: str, **params: Any) -> Any:
    return call(settings, home_clock(settings.home), "GET", path, params=params)
