"""Trees without circles: as the rows say them, and as they were before each change of a parent."""

from collections.abc import Iterator
from datetime import date

from quotawatt.register import rules
from quotawatt.register.problems import Problem
from quotawatt.register.timeline import NOW, Timeline


def check_trees(timeline: Timeline) -> Iterator[Problem]:
    """The problems of every tree. Each row of a circle is named: any of them may be the wrong one."""
    for kind, column in rules.TREES:
        yield from _circles_now(timeline, kind, column)
        yield from _circles_before(timeline, kind, column)


def _circles_now(timeline: Timeline, kind: str, column: str) -> Iterator[Problem]:
    safe: set[str] = set()
    for code, row in timeline.assets(kind):
        if _returns(timeline, code, column, NOW, safe):
            yield Problem(row.where.at(column), rules.CIRCLE, row.cells[column])


def _circles_before(timeline: Timeline, kind: str, column: str) -> Iterator[Problem]:
    # A circle of other times than now ends when one of its parents does, so their last days are all.
    for past in timeline.pasts:
        is_parent = (past.kind, past.column) == (kind, column)
        if is_parent and _returns(timeline, past.code, column, past.last_day, set()):
            rule = rules.until(rules.CIRCLE, past.until)
            yield Problem(past.row.where.at("value"), rule, past.value)


def _returns(timeline: Timeline, code: str, column: str, day: date, safe: set[str]) -> bool:
    """Whether the parents of that day lead back. ``safe``: codes known to end at a root; added to."""
    seen: set[str] = set()
    step = timeline.value(code, column, day)
    while step and step not in seen and step not in safe:
        if step == code:
            return True
        seen.add(step)
        step = timeline.value(step, column, day)
    if not step or step in safe:
        safe |= {code, *seen}
    return False
