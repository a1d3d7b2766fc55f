"""What the commands about cases share: the way to the API, and the number of a case."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from quotawatt.app.client import call
from quotawatt.app.home import home_clock
from quotawatt.settings import Settings

CASES = "/api/v1/cases"

NumberArgument = Annotated[int, typer.Argument(help="Number of the case.")]

WHICHEVER = "*"
"""Of a change: whichever version the case is in."""


def ask(
    settings: Settings,
    method: str,
    path: str,
    *,
    params: Mapping[str, Any] | None = None,
    body: Any = None,
    if_match: str = "",
) -> Any:
    """One request to the API; raises like ``call``."""
    clock = home_clock(settings.home)
    return call(settings, clock, method, path, params=params, body=body, if_match=if_match)
