"""The listings of orders and of what they have in common with trips, as tables."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from quotawatt.app.console import (
    NONE,
    Column,
    Row,
    local_time,
    number,
    stdout,
    table_console,
    table_of,
)
from quotawatt.app.texts_dispatch import dispatch_text
from quotawatt.dispatch.checks import FORM
from quotawatt.register.headings import word_for
from quotawatt.settings import Language, Settings

_KM = frozenset({"distance", "planned_distance", "odometer_out", "odometer_in"})


def print_orders(rows: Sequence[Row], settings: Settings) -> None:
    """Orders, the latest planned first."""
    language, zone = settings.language, ZoneInfo(settings.timezone)
    columns = [
        Column("number", lambda row: str(row["number"]), right=True, no_wrap=True),
        Column("state", lambda row: state_word(row["state"], language), no_wrap=True),
        Column("planned", lambda row: _span(row, "planned_start", "planned_end", zone)),
        Column("purpose", lambda row: row["purpose"] or NONE),
        Column("places", lambda row: row["to_places"] or NONE),
        Column("vehicle", lambda row: row["plate"] or row["vehicle"] or NONE, no_wrap=True),
        Column("driver", lambda row: row["driver_name"] or row["driver"] or NONE),
        Column("km", lambda row: number(row["driven_km"], 1), right=True, no_wrap=True),
        Column("organisation", lambda row: row["organisation"], no_wrap=True, least=120),
        Column("applicant", lambda row: row["applicant"] or NONE, least=120),
    ]
    _print(rows, columns, "orders", settings)


def print_matches(answer: Row, settings: Settings, first: str, until: str) -> None:
    """Orders with their trips, and then the trips that no order is for."""
    language, zone = settings.language, ZoneInfo(settings.timezone)
    columns = [
        Column("number", lambda row: str(row["order"]["number"]), right=True, no_wrap=True),
        Column("vehicle", lambda row: row["order"]["vehicle"], no_wrap=True),
        Column("time", lambda row: _span(row["facts"], "start", "end", zone)),
        Column("km", lambda row: number(row["order"]["driven_km"], 1), right=True),
        Column("trips", lambda row: str(len(row["trips"])), right=True),
        Column("trips_km", lambda row: number(row["trips_km"], 1), right=True),
        Column("missing", lambda row: _missing(row, language)),
        Column("differs", lambda row: difference_words(row, language, zone)),
    ]
    _print(answer["items"], columns, "matches", settings, first=first, until=until)
    without = [
        Column("vehicle", lambda row: row["vehicle"], no_wrap=True),
        Column("start", lambda row: local_time(row["start"], zone), no_wrap=True),
        Column("end", lambda row: local_time(row["end"], zone), no_wrap=True),
        Column("km", lambda row: number(row["distance_km"], 1), right=True),
    ]
    _print(answer["trips_without_order"], without, "without", settings)


def say_dispatch(key: str, settings: Settings, **values: object) -> None:
    """Print a line of ``texts_dispatch`` in the reader's language."""
    words = dispatch_text(key, settings.language, **values)
    stdout.print(words, markup=False, highlight=False, soft_wrap=True)


def difference_words(row: Row, language: Language, zone: ZoneInfo) -> str:
    """What an order and its trips differ in, in one line."""
    between = "；" if language == "zh" else "; "
    said = [
        dispatch_text(
            f"differs_{one['kind']}",
            language,
            told=_told(one["kind"], one["told"], zone),
            found=_told(one["kind"], one["found"], zone),
        )
        for one in row["differences"]
    ]
    return between.join(said) or NONE


def state_word(state: str, language: Language) -> str:
    """What a state is called."""
    return word_for(FORM, "state", state, language)


def _print(
    rows: Sequence[Row], columns: Sequence[Column], what: str, settings: Settings, **values: object
) -> None:
    language = settings.language
    if not rows:
        say_dispatch(f"{what}_none", settings, **values)
        return
    console = table_console()
    title = dispatch_text(f"{what}_title", language, count=len(rows), **values)
    console.print(table_of(rows, columns, title, language, console.width, dispatch_text))


def _span(row: Row, start: str, end: str, zone: ZoneInfo) -> str:
    if row[start] is None:
        return NONE
    first, last = local_time(row[start], zone), local_time(row[end], zone)
    return f"{first} – {last.removeprefix(first[:11])}"


def _missing(row: Row, language: Language) -> str:
    between = "、" if language == "zh" else ", "
    return (
        between.join(dispatch_text(f"missing_{name}", language) for name in row["missing"]) or NONE
    )


def _told(kind: str, value: Any, zone: ZoneInfo) -> Any:
    if kind in _KM or value is None or kind == "place":
        return value
    return local_time(value, zone)
