"""Statistics of cases as rows, each group with its words."""

from collections.abc import Callable, Mapping
from typing import Any

import pyarrow as pa

from alerts.cases.statistics import Summary, by_group, summary_of
from api.case_schemas import Grouping
from api.citations import both
from api.services import Services
from quotawatt.rulebook.basics import Text
from quotawatt.rulebook.model import Rulebook

Words = Callable[[str], Text]

_WHOLE = Text("合计", "All")
_NOBODYS = Text("无归口单位", "No organisation")
_NO_CLAUSE = Text("无条款", "No clause")


def statistics_items(
    counted: pa.Table, by: Grouping, tree: Any, services: Services
) -> dict[str, Any]:
    """The groups, the largest first, and all together.

    ``counted`` is as ``statistics_of`` gives it. By organisation each counts what those below it in the tree
    answer for too.
    """
    groups, words = _grouped(counted, by, tree, services)
    rows = [_row(group, words(group), found) for group, found in groups.items()]
    return {
        "items": sorted(rows, key=lambda row: (-row["cases"], row["group"])),
        "whole": _row("", _WHOLE, summary_of(counted)),
    }


def _grouped(
    counted: pa.Table, by: Grouping, tree: Any, services: Services
) -> tuple[Mapping[str, Summary], Words]:
    book = services.rulebook
    if by == "organisation":
        register = services.register_source()

        def path(code: str) -> tuple[str, ...]:
            return register.path_of(code, tree) or (code,)

        def name(code: str) -> Text:
            known = register.organisations.get(code)
            return Text(known.name_zh, known.name_en) if known else _unnamed(code, _NOBODYS)

        return by_group(counted, "organisation", path), name
    if by == "clause":
        return by_group(
            counted, "rule", lambda rule: (_clause(book, rule),)
        ), lambda group: _clause_text(book, group)
    if by == "rule":
        return by_group(
            counted, "rule"
        ), lambda group: book.rules[group].title if group in book.rules else Text(group, group)
    return by_group(counted, "month"), lambda group: Text(group, group)


def _clause(book: Rulebook, rule: str) -> str:
    """Instrument and number of the clause that a rule cites; empty for one that the book does not have."""
    found = book.rules.get(rule)
    return "" if found is None else f"{found.cites.instrument} {found.cites.clause}"


def _clause_text(book: Rulebook, group: str) -> Text:
    instrument, _, clause = group.partition(" ")
    title = book.instruments[instrument].title if instrument else _NO_CLAUSE
    return Text(f"{title.zh} {clause}".strip(), f"{title.en} {clause}".strip())


def _unnamed(code: str, nobody: Text) -> Text:
    return Text(code, code) if code else nobody


def _row(group: str, title: Text, found: Summary) -> dict[str, Any]:
    plain = ("cases", "open", "firing", "closed_by_telemetry", "closed_by_manager", "retracted")
    more = ("unanswered", "overdue", "reopened", "in_time_pct")
    times = {
        f"{name}_{what}": value
        for name, spread in found.times.items()
        for what, value in (("median", spread.median), ("p90", spread.p90))
    }
    counts = {name: getattr(found, name) for name in (*plain, *more)}
    return {"group": group, "title": both(title), **counts, **times}
