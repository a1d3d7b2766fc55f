"""What the pages of carbon show: accounts of targets, both ledgers side by side, courses and evidence."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from api.console.quota_course import Course, LimitLine, MonthMark
from api.console.quota_view import YearBar, year_bar
from api.console.standing import Standing
from api.console.texts import Words
from quotawatt import formatting
from quotawatt.rulebook.model import Rulebook

Row = Mapping[str, Any]
_FINE, _UNKNOWN, _OVER = (Standing(f"carbon_{g}", g) for g in ("fine", "unknown", "over"))


@dataclass(frozen=True, slots=True)
class TargetRow:
    """An account of a target as the API lists it; it is over where the year will end above its limit."""

    item: Row
    standing: Standing
    bar: YearBar


@dataclass(frozen=True, slots=True)
class ScopeLine:
    """A node or part of the tree in both ledgers; a part that only one has is None in the other.

    location, market
        kgCO2 of a node; of a part the API's part itself.
    """

    depth: int
    title: Mapping[str, str]
    is_part: bool
    location: Any
    market: Any


def target_rows(items: Sequence[Row]) -> list[TargetRow]:
    """The accounts, those furthest above their path first."""
    rows = [TargetRow(i, _standing(i), year_bar(i, i["limit"], "limit_to_date")) for i in items]
    return sorted(rows, key=_worst_first)


def _standing(item: Row) -> Standing:
    if item["used"] > item["limit"]:
        return _OVER
    if item["projected"] is None:
        return _UNKNOWN
    return _OVER if item["projected"] > item["limit"] else _FINE


def _worst_first(row: TargetRow) -> tuple[int, float, str, str]:
    item = row.item
    share = max(item["used"], item["projected"] or 0.0) / item["limit"] if item["limit"] else 0.0
    return (-row.standing.rank, -share, item["asset"], item["target"])


def scope_lines(location: Row, market: Row) -> list[ScopeLine]:
    """Both trees as one list of lines, a node before its parts and the nodes below it."""
    return list(_lines(location, market, 0))


def _lines(location: Row | None, market: Row | None, depth: int) -> Iterator[ScopeLine]:
    one, other = location or _NOTHING, market or _NOTHING
    known = one if location else other
    yield ScopeLine(depth, known["title"], False, one["kgco2"], other["kgco2"])
    theirs = {_part_key(part): part for part in other["parts"]}
    for part in one["parts"]:
        match = theirs.pop(_part_key(part), None)
        yield ScopeLine(depth + 1, part["title"], True, part, match)
    for part in theirs.values():
        yield ScopeLine(depth + 1, part["title"], True, None, part)
    below = {node["id"]: node for node in other["nodes"]}
    for node in one["nodes"]:
        yield from _lines(node, below.pop(node["id"], None), depth + 1)
    for node in below.values():
        yield from _lines(None, node, depth + 1)


_NOTHING: Row = {"kgco2": None, "parts": (), "nodes": ()}


def _part_key(part: Row) -> tuple[str, str]:
    return part["measure"], part["what"]


@dataclass(frozen=True, slots=True)
class TargetCourse:
    """The course of a target's year, and the line with the fixed grid factor (empty: none)."""

    course: Course
    fixed: str


def target_course(item: Row, months: Sequence[MonthMark]) -> TargetCourse:
    """Allowed and used, added up month by month; percent of the drawing as ``Course`` has them.

    ``months`` say where each of the twelve begins. The judged day is where the year to date ends.
    """
    ends = [*(mark.x + mark.width for mark in months)]
    allowed = list(accumulate((m["limit"] for m in item["months"]), initial=0.0))
    today = 100 * item["days"] / item["days_in_year"]
    top = 1.08 * max(allowed[-1], item["limit"], item["projected_high"] or 0.0, item["used"])

    def line(points: Sequence[tuple[float, float]]) -> str:
        return " ".join(f"{x:.2f},{100 - 100 * y / top if top else 100:.2f}" for x, y in points)

    def to_date(name: str, reached: float | None) -> str:
        if reached is None:
            return ""
        begun = [m[name] for m in item["months"] if m[name] is not None]
        sums = list(accumulate(begun, initial=0.0))
        whole = [(x, y) for x, y in zip([0.0, *ends], sums, strict=False) if x < today]
        return line([*whole, (today, reached)])

    ahead = item["projected"] is not None and today < 100
    start = (today, item["used"])
    limit = LimitLine("constraint", item["limit"], 100 - 100 * item["limit"] / top if top else 100)
    return TargetCourse(
        Course(
            used=to_date("used", item["used"]),
            budget=line(list(zip([0.0, *ends], allowed, strict=True))),
            projected=line([start, (100.0, item["projected"])]) if ahead else "",
            band=line([start, (100.0, item["projected_high"]), (100.0, item["projected_low"])])
            if ahead
            else "",
            today=today,
            limits=(limit,),
            months=tuple(months),
        ),
        to_date("fixed", item["fixed"]),
    )


def shown_words(
    shown: Mapping[str, Any], words: Words, rulebook: Rulebook
) -> list[tuple[str, str]]:
    """What shows an item of a scorecard, as pairs of name and figure."""
    return [(_shown_name(key, words, rulebook), _figure(value)) for key, value in shown.items()]


def _shown_name(key: str, words: Words, rulebook: Rulebook) -> str:
    """``2023/QUOTA/limit``, a target, a year, or one of the named figures, in words."""
    return " ".join(_piece(piece, words, rulebook) for piece in key.split("/"))


def _piece(piece: str, words: Words, rulebook: Rulebook) -> str:
    entry = rulebook.quotas.get(piece) or rulebook.targets.get(piece)
    if entry is not None:
        return entry.title.in_language(words.language)
    return words.known(f"carbon_shown_{piece}", piece)


def _figure(value: Any) -> str:
    if isinstance(value, str):
        return value or formatting.DASH
    return "0" if value == 0 else formatting.significant(value)
