"""``exchange``: what goes to and comes from other platforms, by the API."""

import json
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
)
from quotawatt.app.home import home_clock
from quotawatt.app.tables_returns import print_codes, print_datasets, print_sent, say_returns
from quotawatt.errors import InputError, StoreError
from quotawatt.settings import Settings

_EXCHANGE = "/api/v1/exchange"
_PAGE = 100
_LARGEST_BYTES = 20_000_000


def register(app: typer.Typer) -> None:
    """Add ``exchange`` to the program."""
    exchange = typer.Typer(help="Exchange with other platforms.", no_args_is_help=True)
    exchange.command("datasets")(exchange_datasets)
    exchange.command("codes")(exchange_codes)
    exchange.command("pull")(exchange_pull)
    exchange.command("receive")(exchange_receive)
    exchange.command("sent")(exchange_sent)
    exchange.command("again")(exchange_again)
    app.add_typer(exchange, name="exchange")


def exchange_datasets(
    home: HomeOption = None, language: LanguageOption = None, as_json: JsonOption = False
) -> None:
    """The data sets that can be exchanged, with owner and classification."""
    settings = settings_for(home, language)
    rows = _get(settings, "/datasets")["items"]
    if as_json:
        show_json(rows)
    else:
        print_datasets(rows, settings)


def exchange_codes(
    home: HomeOption = None, language: LanguageOption = None, as_json: JsonOption = False
) -> None:
    """The code tables of energies and regions."""
    settings = settings_for(home, language)
    tables = _get(settings, "/codes")["tables"]
    if as_json:
        show_json([{"table": name, **table} for name, table in tables.items()])
        return
    for name, table in tables.items():
        print_codes(name, table, settings)


def exchange_pull(
    file: Annotated[Path, typer.Option("--file", help="Where documents go, a line each.")],
    since: Annotated[int, typer.Option("--since", help="Cursor of the last time.")] = 0,
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Write accepted returns since a cursor to a file of JSON lines."""
    settings = settings_for(home, language)
    cursor, lines = since, list[str]()
    while True:
        page = _get(settings, "/returns", since=cursor, limit=_PAGE)
        lines += [json.dumps(one, ensure_ascii=False) for one in page["items"]]
        if page["cursor"] == cursor:
            break
        cursor = page["cursor"]
    try:
        file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    except OSError as error:
        raise StoreError(f"the file must be writable, got {file} ({error.strerror})") from None
    say_returns("pulled", settings, count=len(lines), path=file, cursor=cursor)


def exchange_receive(
    file: Annotated[Path, typer.Argument(help="Documents as JSON, a line each.")],
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Take in returns of another platform. What had come before changes nothing."""
    settings = settings_for(home, language)
    for number, line in enumerate(_lines(file), start=1):
        try:
            document = json.loads(line)
        except ValueError:
            raise InputError(f"line {number} of {file} must be JSON, got {line[:60]!r}") from None
        receipt = _post(settings, "/returns", document)
        key = "done_receive_again" if receipt["again"] else "done_receive"
        say_returns(key, settings, **receipt)


def exchange_sent(
    state: Annotated[str | None, typer.Option("--state", help="waiting, sent or given_up.")] = None,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """What is sent to the platform above, with its receipts."""
    settings = settings_for(home, language)
    rows: list[dict[str, Any]] = []
    while True:
        page = _get(settings, "/sent", state=state, limit=_PAGE, offset=len(rows))
        rows += page["items"]
        if len(rows) >= page["total"] or not page["items"]:
            break
    if as_json:
        show_json(rows)
    else:
        print_sent(rows, settings)


def exchange_again(
    number: Annotated[int, typer.Argument(help="Number of the document.")],
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Send a document again that was given up."""
    settings = settings_for(home, language)
    (row,) = _post(settings, f"/sent/{number}/again", None)["items"]
    say_returns("done_again", settings, document=row["key"])


def _lines(file: Path) -> list[str]:
    try:
        if file.stat().st_size > _LARGEST_BYTES:
            size = file.stat().st_size
            raise InputError(f"a file must have at most {_LARGEST_BYTES} bytes, got {size}")
        text = file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputError(f"a file must be readable, got {file} ({error.strerror})") from None
    except UnicodeDecodeError:
        raise InputError(f"a file must be UTF-8, got another encoding in {file}") from None
    return [line for line in text.splitlines() if line.strip()]


def _get(settings: Settings, path: str, **params: Any) -> Any:
    return call(settings, home_clock(settings.home), "GET", _EXCHANGE + path, params=params)


def _post(settings: Settings, path: str, body: Any) -> Any:
    return call(settings, home_clock(settings.home), "POST", _EXCHANGE + path, body=body)
