"""Entries of the rulebook as tables and pages of text."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich import box
from rich.table import Table
from rich.text import Text

from quotawatt.app.console import printable, stdout, table_console
from quotawatt.app.rulebook_values import is_text, value_lines, written
from quotawatt.app.texts_rulebook import key_text, period_text, rulebook_text
from quotawatt.rulebook.sections import section_title

_LIST = ("section", "id", "title", "instrument", "clause", "trust", "effective")
_EFFECTS = (
    *("rule", "version", "first", "last"),
    *("evaluated", "fired", "resolved", "acknowledged", "accepted", "closed"),
)
_NOT_CHECKED = ("unverified", "invented")


def print_entries(rows: Sequence[Mapping[str, Any]], language: str) -> None:
    """Entries, a line each; what was not compared with its original is said below."""
    table = _table(_LIST, language)
    for row in rows:
        table.add_row(*(_cell(cell) for cell in _entry_cells(row, language)))
    table_console().print(table)
    if any(row["trust"] in _NOT_CHECKED for row in rows):
        _say(rulebook_text("unverified_note", language))


def print_entry(entry: Mapping[str, Any], language: str) -> None:
    """One entry: what it is, its clause, its values, its versions and what uses it."""
    for line in entry_lines(entry, language):
        _say(line)


def entry_lines(entry: Mapping[str, Any], language: str) -> Iterator[str]:
    """The lines of ``print_entry``."""
    yield f"{section_title(entry['section']).in_language(language)} {entry['id']}: {entry['title'][language]}"
    yield _line("trust", rulebook_text(f"trust_{entry['trust']}", language), language)
    period = period_text(entry["effective_from"], entry["effective_until"], language)
    yield _line("effective", period, language)
    yield from _cited_lines(entry.get("cited"), language)
    values = dict(entry["values"])
    clauses = values.pop("clauses", [])
    yield rulebook_text("values", language)
    yield from (f"  {line}" for line in value_lines(values, language))
    yield from _clause_lines(clauses, language)
    if len(entry["versions"]) > 1:
        yield rulebook_text("versions", language)
        for version in entry["versions"]:
            held = period_text(version["effective_from"], version["effective_until"], language)
            yield f"  {held} ({version['place']})"
    if entry["used_by"]:
        yield rulebook_text("used_by", language)
        for section in dict.fromkeys(use["section"] for use in entry["used_by"]):
            named = [use["id"] for use in entry["used_by"] if use["section"] == section]
            yield f"  {section_title(section).in_language(language)}: {', '.join(named)}"


def print_versions(versions: Sequence[Mapping[str, Any]], language: str) -> None:
    """The versions of an entry, the oldest first."""
    table = _table(("effective", "trust", "place"), language)
    for version in versions:
        held = period_text(version["effective_from"], version["effective_until"], language)
        mark = rulebook_text(f"trust_{version['trust']}", language)
        table.add_row(_cell(held), _cell(mark), _cell(version["place"]))
    table_console().print(table)


def print_differences(items: Sequence[Mapping[str, Any]], language: str) -> None:
    """What was added, changed and removed, a line each."""
    for item in items:
        values = {side: _side(item, side, language) for side in ("before", "after")}
        key = f"change_{item['change']}"
        section = section_title(item["section"]).in_language(language)
        _say(rulebook_text(key, language, section=section, id=item["id"], **values))
    if not items:
        _say(rulebook_text("no_changes", language))


def print_effects(items: Sequence[Mapping[str, Any]], language: str) -> None:
    """What each version of each rule did, a line each."""
    if not items:
        _say(rulebook_text("no_effects", language))
        return
    table = _table(_EFFECTS, language)
    for item in items:
        table.add_row(*(_cell(str(item[name])) for name in _EFFECTS))
    table_console().print(table)


def _side(item: Mapping[str, Any], side: str, language: str) -> str:
    """Of what was added or removed its title; of what changed the values that did."""
    title = item[side].get("title")
    if item["change"] != "changed" and is_text(title):
        return str(title[language])
    return written(item[side])


def _entry_cells(row: Mapping[str, Any], language: str) -> tuple[str, ...]:
    return (
        section_title(row["section"]).in_language(language),
        row["id"],
        row["title"][language],
        row["instrument_number"],
        row["clause"][language] if row["clause"] else key_text(row["status"], language),
        rulebook_text(f"trust_{row['trust']}", language),
        period_text(row["effective_from"], row["effective_until"], language),
    )


def _cited_lines(cited: Mapping[str, Any] | None, language: str) -> Iterator[str]:
    if cited is None:
        return
    title, clause = cited["title"][language], cited["name"][language]
    named = title if cited["number"] in title else f"{cited['number']} {title}"
    yield _line("instrument", named, language)
    mark = rulebook_text(f"trust_{cited['trust']}", language)
    yield _line("clause", f"{clause} ({mark}): {cited['text'][language]}", language)
    yield _line("source", cited["source"], language)


def _clause_lines(clauses: Sequence[Mapping[str, Any]], language: str) -> Iterator[str]:
    if clauses:
        yield rulebook_text("clauses", language)
    for clause in clauses:
        mark = rulebook_text(f"trust_{clause['trust']}", language)
        yield f"  {clause['name'][language]} ({mark}): {clause['text'][language]}"


def _line(key: str, value: str, language: str) -> str:
    return f"{rulebook_text(key, language)}: {value}"


def _table(columns: Sequence[str], language: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(rulebook_text(column, language), overflow="fold")
    return table


def _cell(value: str) -> Text:
    return Text(printable(value))


def _say(line: str) -> None:
    stdout.print(printable(line), markup=False, highlight=False, soft_wrap=True)
