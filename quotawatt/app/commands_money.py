"""``money``: what energy costs, tariffs and budgets, by the API; the commands of the group."""

from typing import Annotated

import typer

from quotawatt.app import commands_bills as bills
from quotawatt.app import commands_contracts as supply
from quotawatt.app import commands_whatif as whatif
from quotawatt.app import tables_money as tables
from quotawatt.app.console import (
    HomeOption,
    JsonOption,
    LanguageOption,
    settings_for,
)
from quotawatt.app.money_calls import (
    AsOfOption,
    get_money,
    show_rows,
    write_money,
)


def register(app: typer.Typer) -> None:
    """Add ``money`` to the program."""
    money = typer.Typer(help="What energy costs.", no_args_is_help=True)
    money.command("cost")(cost)
    money.command("tariffs")(tariffs)
    money.command("contracts")(supply.contracts)
    money.command("contract-add")(supply.contract_add)
    money.command("contract-withdraw")(supply.contract_withdraw)
    money.command("contracts-import")(supply.contracts_import)
    money.command("bill")(bills.bill)
    money.command("bill-enter")(bills.bill_enter)
    money.command("bill-check")(bills.bill_check)
    money.command("budget")(budget)
    money.command("budget-set")(budget_set)
    money.command("compare")(whatif.compare)
    money.command("shift")(whatif.shift)
    money.command("save")(whatif.save)
    app.add_typer(money, name="money")


def cost(
    subject: Annotated[str, typer.Argument(help="Code of an asset.")],
    start: Annotated[str, typer.Option("--from", help="Day or instant.")],
    until: Annotated[str | None, typer.Option("--until", help="Day or instant.")] = None,
    grain: Annotated[str, typer.Option("--grain", help="hour, day or month.")] = "month",
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """What an asset cost by interval, over all carriers and by each."""
    settings = settings_for(home, language)
    asked = {"subject": subject, "from": start, "until": until, "grain": grain}
    answer = get_money(settings, "/costs", **asked)
    rows = [
        {"measure": series["measure"], **interval}
        for series in answer["series"]
        for interval in series["intervals"]
    ]
    show_rows(rows, as_json, lambda: tables.print_costs(answer, rows, settings))


def tariffs(
    as_of: AsOfOption = None,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """The tariffs in force on a day, with their prices and how well they are known."""
    settings = settings_for(home, language)
    answer = get_money(settings, "/tariffs", as_of=as_of)
    show_rows(answer["items"], as_json, lambda: tables.print_tariffs(answer, settings))


def budget(
    as_of: Annotated[str | None, typer.Option("--as-of", help="Instant, ISO 8601.")] = None,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Budgets of the year: spent, and what the year will come to."""
    settings = settings_for(home, language)
    answer = get_money(settings, "/budgets", as_of=as_of)
    show_rows(answer["items"], as_json, lambda: tables.print_budgets(answer, settings))


def budget_set(
    organisation: Annotated[str, typer.Argument(help="Code of the organisation.")],
    year: Annotated[int, typer.Argument(help="Calendar year.")],
    amount_cny: Annotated[float, typer.Argument(help="CNY.")],
    carrier: Annotated[str, typer.Option("--carrier", help="all, electricity, water, ...")] = "all",
    note: Annotated[str, typer.Option("--note")] = "",
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Set a budget, in the place of the one before."""
    settings = settings_for(home, language)
    body = {
        "organisation": organisation,
        "year": year,
        "amount_cny": amount_cny,
        "carrier": carrier,
        "note": note,
    }
    made = write_money(settings, "PUT", "/budgets", body)
    tables.say_money("done_budget", settings, **made)
