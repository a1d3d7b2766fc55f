"""``quotawatt consumption SUBJECT --tree``: use down the tree, with the gap of each parent."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from quotawatt.app.client import call
from quotawatt.app.console import (
    Column,
    Row,
    local_time,
    number,
    percent,
    show_json,
    table_console,
    table_of,
)
from quotawatt.app.home import home_clock
from quotawatt.settings import Settings

_TEXTS: Mapping[str, tuple[str, str]] = {
    "title": ("{measure} {first} 至 {until}（{zone}）", "{measure}, {first} to {until} ({zone})"),
    "node": ("对象", "Node"),
    "code": ("代码", "Code"),
    "use": ("用量 {unit}", "Use {unit}"),
    "coverage": ("覆盖", "Coverage"),
    "estimated": ("估算", "Estimated"),
    "gap": ("与下级之差", "Gap"),
    "gap_pct": ("占比", "Of use"),
    "views": (
        "* 另一种归集（虚拟表、房间、分项），不计入上级。",
        "* Another view (virtual meter, room, item): no part of what it hangs under.",
    ),
}


def show_tree(
    settings: Settings, subject: str, first: str, until: str | None, measure: str, as_json: bool
) -> None:
    """Ask for the tree and print it: as a table, or its lines as JSON."""
    params = {"subject": subject, "from": first, "until": until, "measure": measure}
    path = "/api/v1/consumption/tree"
    answer: Row = call(settings, home_clock(settings.home), "GET", path, params=params)
    if as_json:
        show_json(answer["items"])
    else:
        _print(answer, settings.language)


def tree_text(key: str, language: str, **values: object) -> str:
    """The text for ``key`` in ``zh`` or ``en``, with ``values`` filled in."""
    chinese, english = _TEXTS[key]
    return (chinese if language == "zh" else english).format(**values)


def _print(answer: Row, language: str) -> None:
    zone = ZoneInfo(answer["timezone"])
    columns = [
        Column("node", lambda row: _name(row, language)),
        Column("code", lambda row: row["subject"], no_wrap=True),
        Column("use", lambda row: number(row["use"], 1), True, True),
        Column("coverage", lambda row: percent(100 * row["coverage"]), True, True),
        Column("estimated", lambda row: percent(_hundredfold(row["estimated"])), True, True),
        Column("gap", lambda row: number(row["gap"], 1), True, True),
        Column("gap_pct", lambda row: percent(row["gap_pct"]), True, True, least=100),
    ]
    title = tree_text(
        "title",
        language,
        measure=answer["measure"],
        first=local_time(answer["from"], zone),
        until=local_time(answer["until"], zone),
        zone=zone.key,
    )

    def words(key: str, language: str) -> str:
        return tree_text(key, language, unit=answer["unit"])

    console = table_console()
    console.print(table_of(answer["items"], columns, title, language, console.width, words))
    if any(not row["adds_up"] for row in answer["items"]):
        console.print(tree_text("views", language), markup=False, highlight=False)


def _name(row: Row, language: str) -> str:
    """Set in by its depth; what is no part of its parent bears a star."""
    star = "" if row["adds_up"] else " *"
    return f"{'  ' * row['depth']}{row[f'name_{language}']}{star}"


def _hundredfold(share: Any) -> float | None:
    return None if share is None else 100 * share
