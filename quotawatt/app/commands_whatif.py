"""``money compare|shift|save``: what would have cost less, by the API."""

from typing import Annotated

import typer

from quotawatt.app import tables_money as tables
from quotawatt.app.console import HomeOption, JsonOption, LanguageOption, settings_for
from quotawatt.app.money_calls import (
    ContractArgument,
    FirstOption,
    LastOption,
    of_contract,
    show_rows,
)


def compare(
    contract: ContractArgument,
    first_day: FirstOption,
    last_day: LastOption,
    tariff: Annotated[list[str] | None, typer.Option("--tariff", help="May repeat.")] = None,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """The same use by other tariffs, and the basic charge by each way of reckoning it."""
    settings = settings_for(home, language)
    days = (first_day, last_day)
    answer = of_contract(settings, "/compare", contract, *days, tariff=tariff or None)
    show_rows([answer], as_json, lambda: tables.print_comparison(answer, settings))


def shift(
    contract: ContractArgument,
    kw: Annotated[float, typer.Argument(help="Moved at most, kW.")],
    first_day: FirstOption,
    last_day: LastOption,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """What moving use from peak to valley of the same day would have cost less."""
    settings = settings_for(home, language)
    answer = of_contract(settings, "/shift", contract, first_day, last_day, kw=kw)
    show_rows([answer], as_json, lambda: tables.print_effect(answer, settings))


def save(
    contract: ContractArgument,
    percent: Annotated[float, typer.Argument(help="Saved, % of the use.")],
    first_day: FirstOption,
    last_day: LastOption,
    first_hour: Annotated[int, typer.Option("--from-hour", help="Of the local day.")] = 22,
    until_hour: Annotated[int, typer.Option("--until-hour", help="Of the local day.")] = 6,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """What saving in some hours of each day, by default at night, would have cost less."""
    settings = settings_for(home, language)
    asked = {"percent": percent, "first_hour": first_hour, "until_hour": until_hour}
    answer = of_contract(settings, "/save", contract, first_day, last_day, **asked)
    show_rows([answer], as_json, lambda: tables.print_effect(answer, settings))
