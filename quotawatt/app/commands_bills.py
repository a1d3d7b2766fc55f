"""``money bill...``: what contracts come to, and suppliers' bills held against it, by the API."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from quotawatt.app import tables_money as tables
from quotawatt.app.console import (
    HomeOption,
    JsonOption,
    LanguageOption,
    settings_for,
    show_json,
)
from quotawatt.app.money_calls import (
    ContractArgument,
    FirstOption,
    LastOption,
    get_money,
    of_contract,
    show_rows,
    write_money,
)
from quotawatt.errors import InputError


def bill(
    contract: ContractArgument,
    first_day: FirstOption,
    last_day: LastOption,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """What a contract comes to over some days, as the lines of a bill."""
    settings = settings_for(home, language)
    answer = of_contract(settings, "/bill", contract, first_day, last_day)
    show_rows([answer], as_json, lambda: tables.print_bill(answer, settings))


def bill_enter(
    file: Annotated[Path, typer.Argument(help="JSON: bill, contract, first_day, last_day, lines.")],
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Enter a supplier's bill and check it line by line."""
    settings = settings_for(home, language)
    answer = write_money(settings, "POST", "/bills", _json_of(file))
    show_rows([answer], as_json, lambda: tables.print_check(answer, settings))


def bill_check(
    number: Annotated[str | None, typer.Argument(help="Of the bill; default all.")] = None,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Suppliers' bills against what is worked out from the data of now."""
    settings = settings_for(home, language)
    rows = (
        [get_money(settings, f"/bills/{number}")]
        if number
        else get_money(settings, "/bills")["items"]
    )
    if as_json:
        show_json(rows)
    elif not rows:
        tables.say_money("bills_none", settings)
    for row in () if as_json else rows:
        tables.print_check(row, settings)


def _json_of(file: Path) -> Any:
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"a bill must be a readable JSON file, got {file} ({error})") from None
