"""Nodes of a tariff's ``windows`` → the periods of each day: they must cover 24 hours, each minute once."""

import re
from collections.abc import Iterator

import yaml

from quotawatt.rulebook import schema
from quotawatt.rulebook.schema import Problems
from quotawatt.rulebook.tariffs import DAY_KINDS, MINUTES_A_DAY, PERIODS, Windows

_STRETCH = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)")
_Stretch = tuple[int, int, str, yaml.Node]


def parse_windows(node: yaml.Node | None, problems: Problems) -> tuple[Windows, ...]:
    """The windows of all seasons and kinds of day; that one has none, or two, is noted."""
    if node is None:
        return ()
    found = []
    for entry in schema.items(node, problems, "windows"):
        windows = _windows(entry, problems)
        if windows is not None:
            found.append((windows, entry))
    _check_cover(found, node, problems)
    return tuple(windows for windows, _ in found)


def _windows(node: yaml.Node, problems: Problems) -> Windows | None:
    found = schema.fields(node, problems, "a season's windows", ("hours",), ("months", "days"))
    if "hours" not in found:
        return None
    months: list[int] = list(range(1, 13))
    if "months" in found:
        given = schema.items(found["months"], problems, "months")
        months = [int(schema.number(n, problems, "a month", 1, 12)) for n in given]
    days: tuple[str, ...] = DAY_KINDS
    if "days" in found:
        listed = schema.items(found["days"], problems, "days")
        days = tuple(schema.choice(n, problems, "a kind of day", DAY_KINDS) for n in listed)
    return Windows(tuple(months), days, _cuts(found["hours"], problems))


def _cuts(node: yaml.Node, problems: Problems) -> tuple[tuple[int, str], ...]:
    stretches = sorted(_stretches(node, problems), key=lambda one: one[:2])
    at = 0
    for first, until, _, place in stretches:
        if first != at:
            rule = "the windows of a day must cover 24 hours, each minute once"
            problems.note(place, rule, f"{'a gap' if first > at else 'an overlap'} at {_clock(at)}")
        at = max(at, until)
    if at != MINUTES_A_DAY:
        rule = "the windows of a day must cover 24 hours, each minute once"
        problems.note(node, rule, f"nothing from {_clock(at)} on")
    return tuple((first, period) for first, _, period, _ in stretches)


def _stretches(node: yaml.Node, problems: Problems) -> Iterator[_Stretch]:
    """``[first, until)`` in minutes of each stretch; one over midnight is two."""
    for period, entry in schema.entries(node, problems, "hours"):
        if period not in PERIODS:
            problems.note(entry, f"a period must be one of {', '.join(PERIODS)}", period)
            continue
        for stretch in schema.items(entry, problems, f"the hours of {period}"):
            said = schema.text(stretch, problems, "a stretch of hours")
            match = _STRETCH.fullmatch(said)
            if match is None:
                problems.note(stretch, "a stretch of hours must be HH:MM-HH:MM", said)
                continue
            first, until = int(match[1]) * 60 + int(match[2]), int(match[3]) * 60 + int(match[4])
            if until > MINUTES_A_DAY or first == until:
                problems.note(
                    stretch, "a stretch of hours must end by 24:00, after its start", said
                )
            elif first < until:
                yield first, until, period, stretch
            else:
                yield first, MINUTES_A_DAY, period, stretch
                if until:
                    yield 0, until, period, stretch


def _check_cover(
    found: list[tuple[Windows, yaml.Node]], node: yaml.Node, problems: Problems
) -> None:
    """Each month and kind of day must have one set of windows."""
    first: dict[tuple[int, str], str] = {}
    for windows, entry in found:
        for cell in ((month, kind) for month in windows.months for kind in windows.days):
            if cell in first:
                rule = "a month and kind of day must have its windows once"
                problems.note(
                    entry, rule, f"month {cell[0]}, {cell[1]} again (first: {first[cell]})"
                )
            first.setdefault(cell, problems.place(entry))
    missing = [(m, k) for m in range(1, 13) for k in DAY_KINDS if (m, k) not in first]
    if missing:
        month, kind = missing[0]
        rule = "every month and kind of day must have its windows"
        problems.note(node, rule, f"none for month {month}, {kind}")


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
