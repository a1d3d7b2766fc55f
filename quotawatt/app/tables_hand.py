"""The listings of entries by hand and of the monthly ledger as tables."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from quotawatt.app.console import (
    NONE,
    Column,
    Row,
    local_time,
    number,
    percent,
    stdout,
    table_console,
    table_of,
)
from quotawatt.app.texts_hand import hand_text
from quotawatt.settings import Settings


def print_entries(rows: Sequence[Row], settings: Settings) -> None:
    """What was entered, the latest first."""
    language, zone = settings.language, ZoneInfo(settings.timezone)
    columns = [
        Column("number", lambda row: str(row["number"]), right=True, no_wrap=True),
        Column("kind", lambda row: hand_text(f"kind_{row['kind']}", language), no_wrap=True),
        Column("asset", lambda row: _asset(row, language)),
        Column("time", lambda row: _time(row, zone), no_wrap=True),
        Column("figure", _figure, right=True, no_wrap=True),
        Column("cost", lambda row: number(row["cost_cny"], 2), right=True, least=100),
        Column("entered_by", lambda row: row["entered_by"], least=100),
        Column("revision", lambda row: str(row["revision"]), right=True, least=120),
        Column("note", lambda row: row["note"] or NONE, least=120),
    ]
    _print(rows, columns, "entries", settings)


def print_ledger(month: str, rows: Sequence[Row], settings: Settings) -> None:
    """What each point used in a month, and by what."""
    language = settings.language
    columns = [
        Column("asset", lambda row: _asset(row, language)),
        Column("source", lambda row: hand_text(f"source_{row['source']}", language), no_wrap=True),
        Column("opening", lambda row: _stand(row["opening_reading"]), right=True, least=100),
        Column("closing", lambda row: _stand(row["closing_reading"]), right=True, least=100),
        Column("use", lambda row: _amount(row, "use"), right=True, no_wrap=True),
        Column("estimated", lambda row: _share(row["estimated"]), right=True, no_wrap=True),
        Column("billed", lambda row: number(row["billed"], 1), right=True, least=100),
        Column("cost", lambda row: number(row["cost_cny"], 2), right=True, least=100),
        Column("previous", lambda row: number(row["previous_month"], 1), right=True, least=120),
        Column("last_year", lambda row: number(row["last_year"], 1), right=True, least=120),
    ]
    _print(rows, columns, "ledger", settings, month=month)


def say_hand(key: str, settings: Settings, **values: object) -> None:
    """Print a line of ``texts_hand`` in the reader's language."""
    words = hand_text(key, settings.language, **values)
    stdout.print(words, markup=False, highlight=False, soft_wrap=True)


def _print(
    rows: Sequence[Row], columns: Sequence[Column], what: str, settings: Settings, **values: object
) -> None:
    language = settings.language
    if not rows:
        say_hand(f"{what}_none", settings, **values)
        return
    console = table_console()
    title = hand_text(f"{what}_title", language, count=len(rows), **values)
    console.print(table_of(rows, columns, title, language, console.width, hand_text))


def _asset(row: Row, language: str) -> str:
    return f"{row['asset']} {row['name'].get(language, '')}".rstrip()


def _time(row: Row, zone: ZoneInfo) -> str:
    if row["kind"] == "reading":
        return local_time(row["start"], zone)
    return f"{row['first_day']} – {row['last_day']}"


def _figure(row: Row) -> str:
    return _amount(row, "value" if row["kind"] == "reading" else "amount")


def _amount(row: Row, name: str) -> str:
    return NONE if row[name] is None else f"{number(row[name], 1)} {row['unit']}"


def _stand(stand: Row | None) -> str:
    return NONE if stand is None else number(stand["value"], 1)


def _share(share: float | None) -> str:
    return NONE if share is None else percent(100 * share)
