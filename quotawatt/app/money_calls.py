"""What the commands of money have in common: their way to the API, and their options."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any

import typer

from quotawatt.app.client import call
from quotawatt.app.console import Row, show_json
from quotawatt.app.home import home_clock
from quotawatt.settings import Settings

MONEY = "/api/v1/money"

AsOfOption = Annotated[str | None, typer.Option("--as-of", help="Day; default today.")]
ContractArgument = Annotated[int, typer.Argument(help="Number of the supply contract.")]
FirstOption = Annotated[str, typer.Option("--from", help="First local day.")]
LastOption = Annotated[str, typer.Option("--to", help="Last local day, included.")]


def get_money(settings: Settings, path: str, **params: Any) -> Any:
    """A question to the API's routes of money."""
    return call(settings, home_clock(settings.home), "GET", f"{MONEY}{path}", params=params)


def of_contract(
    settings: Settings, path: str, number: int, first_day: str, last_day: str, **more: Any
) -> Any:
    """A question about the days of a contract."""
    asked = {"contract": number, "first_day": first_day, "last_day": last_day, **more}
    return get_money(settings, path, **asked)


def show_rows(rows: Sequence[Row], as_json: bool, table: Callable[[], None]) -> None:
    """Rows as JSON, else as their table."""
    if as_json:
        show_json(rows)
    else:
        table()


def write_money(settings: Settings, method: str, path: str, body: Any = None) -> Any:
    """A change by the API's routes of money."""
    return call(settings, home_clock(settings.home), method, f"{MONEY}{path}", body=body)
