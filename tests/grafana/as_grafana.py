"""Does to a board's queries what Grafana does before it sends them, and sends them to a real InfluxDB.

The macros and the ``regex`` variable format follow Grafana's documentation ("Variable syntax") and its
InfluxQL data source: ``$timeFilter`` becomes a closed range in milliseconds.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from quotawatt.spans import Span

Choice = str | Sequence[str]
_SPECIAL = re.compile(r"[\\^$*+?.()|\[\]{}/]")


@dataclass(frozen=True, slots=True)
class Series:
    """One series of an answer: its tags, columns, and rows (time in epoch milliseconds)."""

    tags: Mapping[str, str]
    columns: Sequence[str]
    values: Sequence[Sequence[Any]]

    def column(self, name: str) -> list[Any]:
        """All values of one column."""
        place = list(self.columns).index(name)
        return [row[place] for row in self.values]


@dataclass(frozen=True, slots=True)
class Asker:
    """Asks one database of an InfluxDB as Grafana's data source would (InfluxQL, POST)."""

    url: str
    database: str

    def ask(self, query: str) -> list[Series]:
        """The series of the answer; an error in it fails the test."""
        answer = httpx.post(
            f"{self.url}/query",
            params={"db": self.database, "epoch": "ms"},
            data={"q": query},
            trust_env=False,
        )
        answer.raise_for_status()
        (result,) = answer.json()["results"]
        assert "error" not in result, f"{result['error']}\n{query}"
        return [
            Series(found.get("tags", {}), found["columns"], found["values"])
            for found in result.get("series", [])
        ]


def regex_format(choice: Choice) -> str:
    """What ``${name:regex}`` becomes: escaped, several values in an alternation."""
    values = [choice] if isinstance(choice, str) else list(choice)
    escaped = [_SPECIAL.sub(lambda m: "\\" + m.group(), value) for value in values]
    return escaped[0] if len(escaped) == 1 else f"({'|'.join(escaped)})"


def expand(query: str, choices: Mapping[str, Choice], span: Span, interval: str = "1h") -> str:
    """The query with variables and macros replaced. What Grafana would leave in fails the test."""
    for name, choice in choices.items():
        query = query.replace(f"${{{name}:regex}}", regex_format(choice))
    start, end = (int(at.timestamp() * 1000) for at in (span.start, span.end))
    query = query.replace("$timeFilter", f"time >= {start}ms and time <= {end}ms")
    query = query.replace("$__interval_ms", str(3_600_000)).replace("$__interval", interval)
    assert not re.search(r"\$\{|\$_|\$[a-zA-Z]", query), f"unknown variable or macro in: {query}"
    return query


def legend(alias: str, series: Series) -> str:
    """The name that a series gets from its query's alias."""
    return re.sub(r"\$tag_(\w+)", lambda m: series.tags[m.group(1)], alias)


def panels(board: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Every panel that asks something."""
    return (panel for panel in board["panels"] if panel["type"] != "row")


def panel_titled(board: Mapping[str, Any], title: str) -> dict[str, Any]:
    """The panel whose title begins so."""
    (found,) = (panel for panel in panels(board) if panel["title"].startswith(title))
    return found


def options(
    asker: Asker, variable: Mapping[str, Any], choices: Mapping[str, Choice], span: Span
) -> list[str]:
    """What a variable offers: its query's second column, through its regex, each once, sorted."""
    rows = asker.ask(expand(variable["query"]["query"], choices, span))
    found = [value for series in rows for value in series.column("value")]
    if variable.get("regex"):
        pattern = re.compile(variable["regex"].removeprefix("/").removesuffix("/"))
        found = [match.group(1) for value in found if (match := pattern.search(value))]
    return sorted(set(found))


def choose_all(asker: Asker, board: Mapping[str, Any], span: Span) -> dict[str, Choice]:
    """The choices when the board is opened: all where that is offered, else the first option."""
    choices: dict[str, Choice] = {}
    for variable in board["templating"]["list"]:
        offered = options(asker, variable, choices, span)
        assert offered, f"variable {variable['name']} offers nothing"
        choices[variable["name"]] = offered if variable["includeAll"] else offered[0]
    return choices
