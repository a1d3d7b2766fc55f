"""``carbon certificates``: certificates of green power, by the API."""

import csv
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
    stdout,
)
from quotawatt.app.home import home_clock
from quotawatt.app.tables_carbon import print_certificates
from quotawatt.app.texts_carbon import carbon_text
from quotawatt.errors import InputError
from quotawatt.settings import Settings

EntryArgument = Annotated[int, typer.Argument(help="Number of the entry.")]
DocumentOption = Annotated[str, typer.Option("--document", help="What shows it.")]

_CERTIFICATES = "/api/v1/carbon/certificates"
_COLUMNS = ("number", "kind", "organisation", "energy_mwh", "generated_from", "generated_until")


def certificates() -> typer.Typer:
    """The group of commands."""
    group = typer.Typer(help="Certificates of green power.", no_args_is_help=True)
    group.command("list")(list_certificates)
    group.command("add")(add_certificate)
    group.command("import")(import_certificates)
    group.command("cancel")(cancel_certificate)
    group.command("withdraw")(withdraw_certificate)
    return group


def list_certificates(
    withdrawn: Annotated[bool, typer.Option("--withdrawn", help="Also taken back.")] = False,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Certificates of green power."""
    settings = settings_for(home, language)
    rows = _ask(settings, "GET", "", params={"withdrawn": withdrawn})["items"]
    if as_json:
        show_json(rows)
    else:
        print_certificates(rows, settings)


def add_certificate(
    number: Annotated[str, typer.Argument(help="As the issuer gave it.")],
    organisation: Annotated[str, typer.Argument(help="Code of whom it counts for.")],
    energy_mwh: Annotated[float, typer.Option("--mwh")],
    first: Annotated[str, typer.Option("--from", help="First day of generation.")],
    until: Annotated[str, typer.Option("--until", help="First day after it.")],
    kind: Annotated[str, typer.Option("--kind", help="gec or green_power.")] = "gec",
    cancelled: Annotated[str | None, typer.Option("--cancelled", help="Day.")] = None,
    document: DocumentOption = "",
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Enter a certificate."""
    item = {
        "number": number,
        "kind": kind,
        "organisation": organisation,
        "energy_mwh": energy_mwh,
        "generated_from": first,
        "generated_until": until,
        "cancelled_on": cancelled,
        "document": document,
    }
    _enter(settings_for(home, language), [item])


def import_certificates(
    file: Annotated[Path, typer.Argument(help="CSV with a heading line.")],
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Enter all certificates of a CSV file, or none of them."""
    _enter(settings_for(home, language), _read_csv(file))


def cancel_certificate(
    entry: EntryArgument,
    day: Annotated[str, typer.Option("--day", help="Day of cancellation.")],
    document: DocumentOption = "",
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Note that a certificate was cancelled; from then on it counts."""
    settings = settings_for(home, language)
    path, body = f"/{entry}/cancel", {"day": day, "document": document}
    _say(settings, "cancelled_done", **_ask(settings, "POST", path, body=body))


def withdraw_certificate(
    entry: EntryArgument,
    reason: Annotated[str, typer.Option("--reason")] = "",
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Take a wrong entry back; its number can be entered again."""
    settings = settings_for(home, language)
    path = f"/{entry}/withdraw"
    _say(settings, "withdrawn_done", **_ask(settings, "POST", path, body={"reason": reason}))


def _enter(settings: Settings, items: list[dict[str, Any]]) -> None:
    done = _ask(settings, "POST", "", body={"items": items})
    _say(settings, "entered", count=len(done["items"]))


def _read_csv(file: Path) -> list[dict[str, Any]]:
    """The rows of a file; empty cells are left out. Raises InputError for what is no such file."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as source:
            rows = list(csv.DictReader(source))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(
            f"a file of certificates must be readable CSV, got {file} ({error})"
        ) from None
    missing = [name for name in _COLUMNS if not rows or name not in rows[0]]
    if missing:
        raise InputError(
            f"a file of certificates must have the columns {_COLUMNS}, got none of {missing}"
        )
    return [{name: cell for name, cell in row.items() if name and cell} for row in rows]


def _say(settings: Settings, key: str, **values: Any) -> None:
    words = carbon_text(key, settings.language, **values)
    stdout.print(words, markup=False, highlight=False, soft_wrap=True)


def _ask(settings: Settings, method: str, path: str, **options: Any) -> Any:
    return call(settings, home_clock(settings.home), method, _CERTIFICATES + path, **options)
