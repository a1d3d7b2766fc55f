"""The listings of the vehicles' books as tables."""

from collections.abc import Callable, Mapping, Sequence
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
from quotawatt.app.texts_fleet_books import fleet_book_text
from quotawatt.settings import Settings

_COLUMNS: Mapping[str, Sequence[str]] = {
    "drivers": ("code", "name", "organisation", "driver_pool", "account", "active"),
    "duty": ("id", "vehicle", "first_day", "until", "reason", "approved_by", "withdrawn_by"),
    "seals": (
        *("id", "vehicle", "sealed_at", "odometer_at_seal_km"),
        *("unsealed_at", "odometer_at_unseal_km"),
    ),
    "services": (
        *("id", "vehicle", "day", "kind", "odometer_km", "cost_cny", "provider"),
        "withdrawn_by",
    ),
    "cards": ("id", "vehicle", "time", "card", "fuel", "litres", "cost_cny", "station"),
}
_TIMES = frozenset({"sealed_at", "unsealed_at", "time"})
_DECIMALS = {
    "odometer_at_seal_km": 0,
    "odometer_at_unseal_km": 0,
    "odometer_km": 0,
    "cost_cny": 2,
    "litres": 2,
}
_WORDS = frozenset({"kind", "fuel"})


def print_book(book: str, rows: Sequence[Row], settings: Settings) -> None:
    """One of the books: drivers, duty, seals, services, cards."""
    language = settings.language
    if not rows:
        say_book(f"{book}_none", settings)
        return
    columns = [
        Column(
            name,
            _cell(name, settings),
            right=name in _DECIMALS or name == "id",
            no_wrap=name in _TIMES or name in _DECIMALS,
        )
        for name in _COLUMNS[book]
    ]
    console = table_console()
    title = fleet_book_text(f"{book}_title", language, count=len(rows))
    console.print(table_of(rows, columns, title, language, console.width, fleet_book_text))


def say_book(key: str, settings: Settings, **values: object) -> None:
    """Print a line of ``texts_fleet_books`` in the reader's language."""
    words = fleet_book_text(key, settings.language, **values)
    stdout.print(words, markup=False, highlight=False, soft_wrap=True)


def _cell(name: str, settings: Settings) -> Callable[[Row], str]:
    language, zone = settings.language, ZoneInfo(settings.timezone)

    def shown(row: Row) -> str:
        value = row[name]
        if value is None or value == "":
            return NONE
        if name in _TIMES:
            return local_time(value, zone)
        if name in _DECIMALS:
            return number(value, _DECIMALS[name])
        if name in _WORDS:
            return fleet_book_text(f"{name}_{value}", language)
        if isinstance(value, bool):
            return fleet_book_text("yes" if value else "no", language)
        return str(value)

    return shown
