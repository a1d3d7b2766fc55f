"""Tests of alert rules: the inputs over time, and where the alert must stand when.

The short form gives one input a day (``given``) and the state after each (``expect``). The long form gives
``values`` from ``start`` on, one each ``every``, corrections that come ``late``, and what to ``expect`` at
which time, also of the cases (``expect_cases``). Values are written in a row: ``99``, ``_`` for no data,
``100x3`` for three of them, ``102+1x3`` for 102, 103, 104.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

import yaml

from analytics.packtests.courses import Correction, Course
from analytics.packtests.rule_tests import NEVER, Expected, RuleTest, offset_text
from analytics.packtests.world import ZONE
from quotawatt.rulebook import schema
from quotawatt.rulebook.alert_rules import SEVERITIES
from quotawatt.rulebook.schema import Fields, Problems
from quotawatt.spans import DAY

LONG_FORM = ("values", "start", "every", "late", "expect_cases")

_FIRST = datetime(2023, 1, 1, tzinfo=ZONE).astimezone(UTC)
_MOST_VALUES = 20_000
_STATES = ("inactive", "pending", "firing", "resolved", "retracted")
_CASE_STATES = ("open", "closed", "retracted")
_ITEM = re.compile(r"(_|-?\d+(?:\.\d+)?)(?:([+-]\d+(?:\.\d+)?)?x(\d{1,5}))?")


def read_rule_test(got: Fields, problems: Problems) -> RuleTest:
    """The test in either form; ``got`` are its keys. What is wrong is noted."""
    rule = schema.identifier(got["rule"], problems, "rule")
    if "values" in got:
        if "given" in got:
            problems.note(got["given"], "a test must have one of given and values", "both")
        return _long(rule, got, problems)
    for key in LONG_FORM:
        if key in got:
            problems.note(got[key], f"a test with {key} must have values", "given")
    return _short(rule, got, problems)


def _short(rule: str, got: Fields, problems: Problems) -> RuleTest:
    given = schema.items(got["given"], problems, "given")
    states = schema.items(got["expect"], problems, "expect")
    if len(given) != len(states):
        problems.note(got["expect"], f"expect must have {len(given)} states", len(states))
    values = [
        None if n.value == "null" else schema.number(n, problems, "a day's input") for n in given
    ]
    standings = [
        Expected(
            problems.place(n), k * DAY, {"state": schema.choice(n, problems, "a state", _STATES)}
        )
        for k, n in enumerate(states)
    ]
    return RuleTest(rule, Course(_FIRST, DAY, values), standings)


def _long(rule: str, got: Fields, problems: Problems) -> RuleTest:
    every = schema.duration(got["every"], problems, "every") if "every" in got else DAY
    if not every:
        problems.note(got["every"], "every must be longer than nothing", got["every"].value)
        every = DAY
    values = _values(got["values"], problems)
    late = schema.items(got["late"], problems, "late") if "late" in got else ()
    standings = [
        one
        for entry in schema.items(got["expect"], problems, "expect")
        for one in _expected(entry, problems)
    ]
    corrections = [x for n in late for x in _correction(n, every, len(values), problems)]
    start = _start(got["start"], problems) if "start" in got else _FIRST
    asked = tuple(one.at for one in standings)
    course = Course(start, every, values, corrections, asked)
    return RuleTest(rule, course, standings, _cases(got, problems))


def _values(node: yaml.Node, problems: Problems) -> list[float | None]:
    words = str(node.value).split() if isinstance(node, yaml.ScalarNode) else []
    found: list[float | None] = []
    for word in words:
        match = _ITEM.fullmatch(word)
        if match is None or (match[1] == "_" and match[2]):
            problems.note(node, "values must be written like 99 _ 100x3 102+1x3", word)
            continue
        first = None if match[1] == "_" else float(match[1])
        rise = float(match[2] or 0)
        found += [None if first is None else first + k * rise for k in range(int(match[3] or 1))]
    if not 1 <= len(found) <= _MOST_VALUES:
        problems.note(node, f"values must be 1 to {_MOST_VALUES}", len(found))
    return found


def _correction(
    node: yaml.Node, every: timedelta, count: int, problems: Problems
) -> Iterator[Correction]:
    keys = ("at", "of", "value")
    found = schema.fields(node, problems, "a correction", keys)
    if not schema.complete(found, keys):
        return
    at, of = (schema.duration(found[key], problems, key) for key in ("at", "of"))
    if of % every or of >= count * every or of > at:
        problems.note(found["of"], "of must be the time of a value up to at", found["of"].value)
        return
    value = None
    if found["value"].value != "_":
        value = schema.number(found["value"], problems, "value")
    yield Correction(at, of, value)


def _start(node: yaml.Node, problems: Problems) -> datetime:
    try:
        local = datetime.fromisoformat(str(node.value))
    except ValueError:
        local = None
    if local is None or local.tzinfo is not None:
        problems.note(node, "start must be a local time YYYY-MM-DDTHH:MM", schema.shown(node))
        return _FIRST
    return local.replace(tzinfo=ZONE).astimezone(UTC)


def _expected(node: yaml.Node, problems: Problems) -> Iterator[Expected]:
    found = schema.fields(
        node, problems, "an expectation", ("at",), ("state", "severity", "flapping", "no_data")
    )
    if "at" not in found:
        return
    wanted: dict[str, str | bool] = {}
    if "state" in found:
        wanted["state"] = schema.choice(found["state"], problems, "state", _STATES)
    if "severity" in found:
        wanted["severity"] = schema.choice(found["severity"], problems, "severity", SEVERITIES)
    for key in ("flapping", "no_data"):
        if key in found:
            word = schema.choice(found[key], problems, key, ("true", "false"))
            wanted[key] = word == "true"
    if not wanted:
        problems.note(node, "an expectation must say something beside at", "nothing")
    yield Expected(problems.place(node), schema.duration(found["at"], problems, "at"), wanted)


def _cases(got: Fields, problems: Problems) -> Sequence[tuple[str, Mapping[str, str | int]]] | None:
    if "expect_cases" not in got:
        return None
    cases = []
    for node in schema.items(got["expect_cases"], problems, "expect_cases"):
        found = schema.fields(
            node, problems, "a case", ("opened",), ("severity", "state", "closed", "reopened")
        )
        wanted: dict[str, str | int] = {}
        for key in ("opened", "closed"):
            if key in found:
                wanted[key] = _when(found[key], key, problems)
        if "severity" in found:
            wanted["severity"] = schema.choice(found["severity"], problems, "severity", SEVERITIES)
        if "state" in found:
            wanted["state"] = schema.choice(found["state"], problems, "state", _CASE_STATES)
        if "reopened" in found:
            wanted["reopened"] = int(schema.number(found["reopened"], problems, "reopened", 0, 99))
        cases.append((problems.place(node), wanted))
    return cases


def _when(node: yaml.Node, key: str, problems: Problems) -> str:
    if key == "closed" and node.value == NEVER:
        return NEVER
    return offset_text(schema.duration(node, problems, key))
