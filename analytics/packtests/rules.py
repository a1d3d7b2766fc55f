"""Tests as data beside the packs: given use, the figure that somebody worked out by hand.

``NAME.tests.yaml`` beside ``NAME.yaml`` holds a list ``tests``. Each names the ``quota``, ``target``,
``norm``, ``factor_set``, ``tariff`` or ``rule`` it is about; a quota's or target's test gives one year's use
by measure and the denominator, a norm's the holding and its people, a factor set's use by measure, a
tariff's the use of one ``month`` by period, a rule's test the input of each day (null: no data), and
``expect`` what must come out. They are run through the same functions as the real accounts, on an asset made
up to fit.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import yaml

from analytics.carbon.statuses import carbon_statuses
from analytics.packtests.factors import converted
from analytics.packtests.norms import difference, judged_holding
from analytics.packtests.targets import BASE_VALUE, judged_target
from analytics.packtests.tariffs import billed
from analytics.packtests.world import BUILDING, ORGANISATION, ZONE, made_register, made_use
from analytics.yearly.quotas import quota_statuses
from quotawatt.errors import RulebookError
from quotawatt.rulebook import schema
from quotawatt.rulebook.composing import compose
from quotawatt.rulebook.loader import TESTS_SUFFIX
from quotawatt.rulebook.model import Rule, Rulebook
from quotawatt.rulebook.schema import Problems

RuleStates = Callable[[Rule, Sequence[float | None]], Sequence[str]]
"""States of an alert after each of the daily inputs, all one day apart."""

_TOLERANCE = 1e-6
_SUBJECTS = ("quota", "target", "norm", "factor_set", "tariff", "rule")
_MONTHS = tuple(str(month) for month in range(1, 13))
_LISTED = ", ".join(_SUBJECTS)


@dataclass(frozen=True, slots=True)
class PackTest:
    """One test of a pack. ``place`` is ``file:line``; of the rest, what its kind needs is filled."""

    name: str
    place: str
    kind: str
    id: str
    year: int
    month: int
    region: str
    post: str
    given: Mapping[str, float]
    inputs: Sequence[float | None]
    figures: Mapping[str, float]
    states: Sequence[str]


@dataclass(frozen=True, slots=True)
class PackTestOutcome:
    """A test that was run; ``failure`` is empty where it passed, else says rule and value."""

    name: str
    place: str
    failure: str


def run_pack_tests(
    folder: Path, rulebook: Rulebook, rule_states: RuleStates
) -> list[PackTestOutcome]:
    """Run all ``*.tests.yaml`` of a folder against the rulebook (which must hold its packs).

    rule_states
        Runs a rule over daily inputs; handed in, for the alert engine stands above this package.

    Raises RulebookError with every problem of the test files themselves.
    """
    outcomes = []
    for test in _read_tests(folder):
        run = _RUNS.get(test.kind)
        failure = run(test, rulebook) if run else _run_rule(test, rulebook, rule_states)
        outcomes.append(PackTestOutcome(test.name, test.place, failure))
    return outcomes


def _read_tests(folder: Path) -> list[PackTest]:
    tests: list[PackTest] = []
    found: list[str] = []
    for path in sorted(folder.glob("*" + TESTS_SUFFIX)):
        problems = Problems(path.name)
        root = compose(path, problems)
        if root is not None:
            top = schema.fields(root, problems, "a file of tests", ("tests",))
            for node in schema.items(top["tests"], problems, "tests") if top else ():
                tests += _read_test(node, problems)
        found += problems.found
    if found:
        raise RulebookError(found)
    return tests


def _read_test(node: yaml.Node, problems: Problems) -> Iterator[PackTest]:
    got = schema.fields(
        node,
        problems,
        "a test",
        ("name", "given", "expect"),
        (*_SUBJECTS, "year", "month", "region", "post"),
    )
    kinds = [kind for kind in _SUBJECTS if kind in got]
    if not schema.complete(got, ("name", "given", "expect")):
        return
    if len(kinds) != 1:
        problems.note(node, f"a test must name one of {_LISTED}", ", ".join(kinds) or "none")
        return
    of_rule = kinds[0] == "rule"
    given, expect = got["given"], got["expect"]
    yield PackTest(
        name=schema.text(got["name"], problems, "name"),
        place=problems.place(node),
        kind=kinds[0],
        id=schema.identifier(got[kinds[0]], problems, kinds[0]),
        year=schema.year(got["year"], problems, "year") if "year" in got else 2023,
        month=int(schema.choice(got["month"], problems, "month", _MONTHS)) if "month" in got else 1,
        region=schema.identifier(got["region"], problems, "region") if "region" in got else "",
        post=schema.text(got["post"], problems, "post") if "post" in got else "",
        given={} if of_rule else _numbers(given, problems, "given"),
        inputs=_inputs(given, problems) if of_rule else (),
        figures={} if of_rule else _numbers(expect, problems, "expect"),
        states=_states(expect, problems) if of_rule else (),
    )


def _numbers(node: yaml.Node, problems: Problems, what: str) -> dict[str, float]:
    return {
        name: schema.number(value, problems, name)
        for name, value in schema.entries(node, problems, what)
    }


def _inputs(node: yaml.Node, problems: Problems) -> list[float | None]:
    return [
        None if n.value == "null" else schema.number(n, problems, "a day's input")
        for n in schema.items(node, problems, "given")
    ]


def _states(node: yaml.Node, problems: Problems) -> list[str]:
    return [schema.text(n, problems, "a state") for n in schema.items(node, problems, "expect")]


def _run_quota(test: PackTest, rulebook: Rulebook) -> str:
    quota = rulebook.quotas.get(test.id)
    if quota is None:
        return f"a test must name a quota of the rulebook, got {test.id}"
    register = made_register(test.given, test.year, test.region, quota)
    asset = ORGANISATION if quota.selectors[0].asset == "organisation" else BUILDING
    use = made_use(test.given, test.year, asset, quota, rulebook)
    accounts = quota_statuses(use, register, rulebook, _year_end(test), ZONE)
    for status in accounts.statuses:
        if (status.asset, status.quota) == (asset, quota.id):
            return _differences(test, {n: getattr(status, n, math.nan) for n in test.figures})
    return f"an account must be drawn up, got {[f.code for f in accounts.findings]}"


def _run_target(test: PackTest, rulebook: Rulebook) -> str:
    target = rulebook.targets.get(test.id)
    if target is None:
        return f"a test must name a target of the rulebook, got {test.id}"
    if BASE_VALUE in test.given:
        judged = judged_target(target, test.given, test.year, test.region, rulebook)
        if isinstance(judged, str):
            return judged
        return _differences(test, {n: getattr(judged, n, math.nan) for n in test.figures})
    use = made_use(test.given, test.year, BUILDING, None, rulebook)
    register = made_register(test.given, test.year, test.region, None)
    accounts = carbon_statuses(use, register, rulebook, _year_end(test), ZONE)
    for status in accounts.statuses:
        if (status.asset, status.target) == (BUILDING, test.id):
            return _differences(test, {n: getattr(status, n, math.nan) for n in test.figures})
    return f"an account must be drawn up, got {[f.code for f in accounts.findings]}"


def _run_norm(test: PackTest, rulebook: Rulebook) -> str:
    got, failure = judged_holding(test.id, test.post, test.given, test.year, rulebook)
    return failure or difference(test.figures, got)


def _run_factor_set(test: PackTest, rulebook: Rulebook) -> str:
    got, failure = converted(test.id, test.region, test.given, test.figures, test.year, rulebook)
    return failure or difference(test.figures, got)


def _run_tariff(test: PackTest, rulebook: Rulebook) -> str:
    got, failure = billed(test.id, test.given, test.year, test.month, rulebook)
    return failure or difference(test.figures, got)


_RUNS: Mapping[str, Callable[[PackTest, Rulebook], str]] = {
    "quota": _run_quota,
    "target": _run_target,
    "norm": _run_norm,
    "factor_set": _run_factor_set,
    "tariff": _run_tariff,
}


def _run_rule(test: PackTest, rulebook: Rulebook, rule_states: RuleStates) -> str:
    rule = rulebook.rules.get(test.id)
    if rule is None:
        return f"a test must name a rule of the rulebook, got {test.id}"
    states = list(rule_states(rule, test.inputs))
    return "" if states == list(test.states) else f"expected {list(test.states)}, got {states}"


def _differences(test: PackTest, got: Mapping[str, float]) -> str:
    wrong = [
        f"{name} must be {want:g}, got {got[name]:.9g}"
        for name, want in test.figures.items()
        if not math.isclose(got[name], want, rel_tol=_TOLERANCE)
    ]
    return "; ".join(wrong)


def _year_end(test: PackTest) -> datetime:
    return datetime(test.year + 1, 1, 1, tzinfo=ZONE).astimezone(UTC)
