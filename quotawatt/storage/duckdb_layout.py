"""What the tables of the DuckDB store look like, and the conditions that its queries are made of."""

from collections.abc import Sequence
from dataclasses import dataclass

from quotawatt.readings import Grain, Quality

CHOSEN = "series IN (SELECT unnest(?::INTEGER[]))"
"""Condition on rows, by a list of series' numbers."""
_NAMED_AT_MOST = 20
IN_SPAN = "time >= make_timestamp(?) AND time < make_timestamp(?)"
"""Condition on rows, by start and end in microseconds since 1970."""

SOUND = "quality <> 'suspect'"
"""Condition on readings."""
NUMBERS = "series, time, value"
"""Columns of readings as numbers."""

QUALITIES = ", ".join(f"'{quality}'" for quality in Quality)
"""The values of the type ``quality``, in SQL."""


def chosen(numbers: Sequence[int]) -> tuple[str, list[object]]:
    """Condition on rows by series' numbers, with its parameters.

    Few numbers stand in the text: that halves what a query of few rows costs. Many would cost more so.
    """
    if 0 < len(numbers) <= _NAMED_AT_MOST:
        return f"series IN ({', '.join(str(int(number)) for number in numbers)})", []
    return CHOSEN, [list(numbers)]


@dataclass(frozen=True, slots=True)
class Layout:
    """Name of the table, the columns that name a series, that of the instant, and the others in SQL."""

    name: str
    keys: tuple[str, ...]
    time: str
    columns: tuple[tuple[str, str], ...]


READINGS_LAYOUT = Layout(
    "readings",
    ("device", "channel", "quantity"),
    "time",
    (
        ("value", "DOUBLE"),
        ("arrived", "TIMESTAMP"),
        ("revision", "INTEGER"),
        ("quality", "quality"),
        ("reason", "VARCHAR"),
        ("timed_by_server", "BOOLEAN"),
    ),
)
_RESULT_COLUMNS = (
    ("value", "DOUBLE"),
    ("quality", "quality"),
    ("coverage", "DOUBLE"),
    ("revision", "INTEGER"),
    ("withdrawn", "BOOLEAN"),
)


def results_layout(grain: Grain) -> Layout:
    """The table of the results of one grain."""
    return Layout(f"results_{grain}", ("subject", "measure"), "start", _RESULT_COLUMNS)
