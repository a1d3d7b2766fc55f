"""Tests as data beside the packs: given use, the figure that somebody worked out by hand.

``NAME.tests.yaml`` beside ``NAME.yaml`` holds a list ``tests``. Each names the ``quota``, ``target``,
``norm``, ``factor_set``, ``tariff``, ``rule`` or ``vehicle_rule`` it is about; a quota's or target's test
gives one year's use by measure and the denominator, a norm's the holding and its people, a factor set's use
by measure, a tariff's the use of one ``month`` by period, a rule's test its inputs over time
(``rule_tests_parse``), that of a rule for vehicles what is told of one (``vehicle_rules_parse``), and
``expect`` what must come out. They are run through the same functions as the real accounts, on an asset made
up to fit.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import yaml

from analytics.carbon.statuses import carbon_statuses
from analytics.packtests.courses import Rehearse
from analytics.packtests.factors import converted
from analytics.packtests.norms import difference, judged_holding
from analytics.packtests.rule_tests import RuleTest, run_rule_test
from analytics.packtests.rule_tests_parse import LONG_FORM, read_rule_test
from analytics.packtests.targets import BASE_VALUE, judged_target
from analytics.packtests.tariffs import billed
from analytics.packtests.vehicle_rules import VehicleTest, run_vehicle_test
from analytics.packtests.vehicle_rules_parse import read_vehicle_test
from analytics.packtests.world import BUILDING, ORGANISATION, ZONE, made_register, made_use
from analytics.yearly.quotas import quota_statuses
from quotawatt.errors import RulebookError
from quotawatt.rulebook import schema
from quotawatt.rulebook.composing import compose
from quotawatt.rulebook.loader import TESTS_SUFFIX
from quotawatt.rulebook.model import Rulebook
from quotawatt.rulebook.schema import Problems

_TOLERANCE = 1e-6
_SUBJECTS = ("quota", "target", "norm", "factor_set", "tariff", "rule", "vehicle_rule")
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
    figures: Mapping[str, float]
    of_rule: RuleTest | None = None
    of_vehicle: VehicleTest | None = None


@dataclass(frozen=True, slots=True)
class PackTestOutcome:
    """A test that was run; ``failure`` is empty where it passed, else says rule and value."""

    name: str
    place: str
    failure: str


def run_pack_tests(folder: Path, rulebook: Rulebook, rehearse: Rehearse) -> list[PackTestOutcome]:
    """Run all ``*.tests.yaml`` of a folder against the rulebook (which must hold its packs).

    rehearse
        Runs a rule over a course of inputs.

    Raises RulebookError with every problem of the test files themselves.
    """
    outcomes = []
    for test in _read_tests(folder):
        if test.of_rule is not None:
            failure = run_rule_test(test.of_rule, rulebook, rehearse)
        elif test.of_vehicle is not None:
            failure = run_vehicle_test(test.of_vehicle, rulebook)
        else:
            failure = _RUNS[test.kind](test, rulebook)
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
        ("name", "expect"),
        (*_SUBJECTS, "given", "year", "month", "region", "post", *LONG_FORM),
    )
    kinds = [kind for kind in _SUBJECTS if kind in got]
    given_by = "values" if "rule" in got and "values" in got else "given"
    if given_by not in got:
        problems.note(node, "a test must have given", ", ".join(got) or "none of its keys")
    if not schema.complete(got, ("name", "expect", given_by)):
        return
    if len(kinds) != 1:
        problems.note(node, f"a test must name one of {_LISTED}", ", ".join(kinds) or "none")
        return
    if kinds[0] == "rule":
        yield _made(node, got, "rule", problems, read_rule_test(got, problems))
    elif kinds[0] == "vehicle_rule":
        read = read_vehicle_test(got, problems)
        yield _made(node, got, "vehicle_rule", problems, of_vehicle=read)
    else:
        yield _made(node, got, kinds[0], problems)


def _made(
    node: yaml.Node,
    got: schema.Fields,
    kind: str,
    problems: Problems,
    of_rule: RuleTest | None = None,
    of_vehicle: VehicleTest | None = None,
) -> PackTest:
    own = of_rule or of_vehicle
    given = {} if own else _numbers(got["given"], problems, "given")
    figures = {} if own else _numbers(got["expect"], problems, "expect")
    return PackTest(
        name=schema.text(got["name"], problems, "name"),
        place=problems.place(node),
        kind=kind,
        id=schema.identifier(got[kind], problems, kind),
        year=schema.year(got["year"], problems, "year") if "year" in got else 2023,
        month=int(schema.choice(got["month"], problems, "month", _MONTHS)) if "month" in got else 1,
        region=schema.identifier(got["region"], problems, "region") if "region" in got else "",
        post=schema.text(got["post"], problems, "post") if "post" in got else "",
        given=given,
        figures=figures,
        of_rule=of_rule,
        of_vehicle=of_vehicle,
    )


def _numbers(node: yaml.Node, problems: Problems, what: str) -> dict[str, float]:
    return {
        name: schema.number(value, problems, name)
        for name, value in schema.entries(node, problems, what)
    }


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


def _differences(test: PackTest, got: Mapping[str, float]) -> str:
    wrong = [
        f"{name} must be {want:g}, got {got[name]:.9g}"
        for name, want in test.figures.items()
        if not math.isclose(got[name], want, rel_tol=_TOLERANCE)
    ]
    return "; ".join(wrong)


def _year_end(test: PackTest) -> datetime:
    return datetime(test.year + 1, 1, 1, tzinfo=ZONE).astimezone(UTC)
