"""``money``: costs, tariffs, supply contracts, bills, budgets and what-ifs, by the API."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from quotawatt.app import commands_whatif as whatif
from quotawatt.app import tables_money as tables
from quotawatt.app.client import upload
from quotawatt.app.console import (
    HomeOption,
    JsonOption,
    LanguageOption,
    settings_for,
    show_json,
    stdout,
)
from quotawatt.app.home import home_clock
from quotawatt.app.money_calls import (
    MONEY,
    ContractArgument,
    FirstOption,
    LastOption,
    get_money,
    of_contract,
    show_rows,
    write_money,
)
from quotawatt.errors import InputError

AsOfOption = Annotated[str | None, typer.Option("--as-of", help="Day; default today.")]


def register(app: typer.Typer) -> None:
    """Add ``money`` to the program."""
    money = typer.Typer(help="What energy costs.", no_args_is_help=True)
    money.command("cost")(cost)
    money.command("tariffs")(tariffs)
    money.command("contracts")(contracts)
    money.command("contract-add")(contract_add)
    money.command("contract-withdraw")(contract_withdraw)
    money.command("contracts-import")(contracts_import)
    money.command("bill")(bill)
    money.command("bill-enter")(bill_enter)
    money.command("bill-check")(bill_check)
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


def contracts(
    as_of: AsOfOption = None,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Who buys by which tariff: all contracts, or those in force on a day."""
    settings = settings_for(home, language)
    rows = get_money(settings, "/contracts", as_of=as_of)["items"]
    show_rows(rows, as_json, lambda: tables.print_contracts(rows, settings))


def contract_add(
    subject: Annotated[str, typer.Argument(help="Meter, vehicle, building or organisation.")],
    tariff: Annotated[str, typer.Argument(help="Id of the tariff.")],
    start: Annotated[str, typer.Option("--from", help="First local day.")],
    until: Annotated[str | None, typer.Option("--until", help="First day without it.")] = None,
    account: Annotated[str, typer.Option("--account", help="The supplier's number.")] = "",
    charge: Annotated[
        str, typer.Option("--charge", help="none|capacity|contracted|actual")
    ] = "none",
    capacity_kva: Annotated[float | None, typer.Option("--kva")] = None,
    demand_kw: Annotated[float | None, typer.Option("--kw")] = None,
    area_m2: Annotated[float | None, typer.Option("--area", help="Heated area, m2.")] = None,
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Enter a supply contract."""
    settings = settings_for(home, language)
    body = {
        "subject": subject,
        "tariff": tariff,
        "valid_from": start,
        "valid_until": until,
        "account": account,
        "charge": charge,
        "capacity_kva": capacity_kva,
        "demand_kw": demand_kw,
        "area_m2": area_m2,
    }
    made = write_money(settings, "POST", "/contracts", body)
    tables.say_money("done_add", settings, **made)


def contract_withdraw(
    number: ContractArgument, home: HomeOption = None, language: LanguageOption = None
) -> None:
    """Take back a contract that was entered by mistake."""
    settings = settings_for(home, language)
    made = write_money(settings, "POST", f"/contracts/{number}/withdraw")
    tables.say_money("done_withdraw", settings, **made)


def contracts_import(
    file: Annotated[Path, typer.Argument(help="CSV or workbook.")],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be done.")
    ] = False,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Enter the contracts of a file, all or none."""
    settings = settings_for(home, language)
    params = {"dry_run": dry_run, "lang": settings.language}
    path = f"{MONEY}/contracts/import"
    answer = upload(settings, home_clock(settings.home), path, file, params)
    if as_json:
        show_json([answer])
    elif answer["problems"]:
        tables.say_money("problems", settings, count=len(answer["problems"]))
        for problem in answer["problems"]:
            stdout.print(problem, markup=False, highlight=False, soft_wrap=True)
    else:
        tables.say_money("done_import" if answer["applied"] else "dry_import", settings, **answer)
    if answer["problems"]:
        raise typer.Exit(1)


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


def _json_of(file: Path) -> Any:
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"a bill must be a readable JSON file, got {file} ({error})") from None
