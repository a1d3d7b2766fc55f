"""``money contract...``: supply contracts, by the API."""

from pathlib import Path
from typing import Annotated

import typer

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
    AsOfOption,
    ContractArgument,
    get_money,
    show_rows,
    write_money,
)


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
