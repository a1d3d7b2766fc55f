"""Every key of an alert rule, and everything that cannot be, with file and line."""

from datetime import time, timedelta
from pathlib import Path

import pytest

from quotawatt.errors import RulebookError
from quotawatt.readings import Grain
from quotawatt.rulebook.alert_rules import (
    AppliesTo,
    CasePolicy,
    Closing,
    Days,
    Direction,
    Flapping,
    Judged,
    Level,
    Offer,
    Rule,
    Source,
    When,
)
from quotawatt.rulebook.loader import load_rulebook

LAW = """\
instruments:
  - id: law
    title: {zh: 法, en: law}
    number: "1"
    issuer: {zh: 院, en: council}
    jurisdiction: cn
    effective_from: null
    effective_until: null
    status: in_force
    trust: invented
    source: test
    clauses: [{number: "14", trust: invented, text: {zh: 条, en: clause}}]
"""
HEAD = """\
rules:
  - id: r
    title: {zh: 规则, en: rule}
    cites: {instrument: law, clause: "14"}
    advice: {zh: 查, en: look}
    severity: info
    for: 0
"""
RESULTS = HEAD + "    input: electricity_import_kwh\n"
ABOVE = RESULTS + "    above: 10\n"
READINGS = HEAD + "    from: readings\n    input: power_factor\n"
FINDINGS = HEAD + "    from: findings\n    input: counter_stuck\n"


def loaded(folder: Path, text: str) -> Rule:
    (folder / "own.yaml").write_text(text)
    (folder / "law.yaml").write_text(LAW)
    return load_rulebook([folder], builtin=False).rules["r"]


def problems_of(folder: Path, text: str) -> list[str]:
    with pytest.raises(RulebookError) as caught:
        loaded(folder, text)
    return [problem.removeprefix(f"{folder}/own.yaml:") for problem in caught.value.problems]


def test_what_is_left_out_is_as_for_every_rule(tmp_path: Path) -> None:
    rule = loaded(tmp_path, ABOVE)
    assert (rule.direction, rule.threshold, rule.clear) == (Direction.ABOVE, 10, 10)
    assert (rule.source, rule.grain, rule.per, rule.levels) == (Source.RESULTS, Grain.DAY, "", ())
    assert (rule.applies_to, rule.during, rule.judges) == (AppliesTo(), When(), Judged())
    assert rule.flapping is None
    assert rule.case == CasePolicy(10, timedelta(days=1), timedelta(days=7), Closing.TELEMETRY)


def test_every_key_becomes_its_value(tmp_path: Path) -> None:
    text = RESULTS + (
        "    grain: hour\n"
        "    per: headcount\n"
        "    below: 10\n"
        "    clear_above: 12\n"
        "    levels:\n"
        "      - {severity: warning, below: 8, clear_above: 9}\n"
        "      - {severity: critical, below: 5}\n"
        "    judges: {least: 1, most: 20}\n"
        '    during: {days: non_working, from: "22:30", until: "06:00"}\n'
        "    applies_to: {kinds: [meters], organisation_kinds: [school], assets: [M-1]}\n"
        "    flapping: {changes: 6, within: 12h}\n"
        "    case: {due_working_days: none, verify_for: 2h, reopen_within: 0, close: manager}\n"
        "    offers: [{command: switch_off}, {command: set_point, value: 26}]\n"
    )
    rule = loaded(tmp_path, text)
    assert (rule.direction, rule.threshold, rule.clear) == (Direction.BELOW, 10, 12)
    assert rule.levels == (Level("warning", 8, 9), Level("critical", 5, 5))
    assert rule.steps[0] == Level("info", 10, 12)
    assert (rule.grain, rule.per, rule.judges) == (Grain.HOUR, "headcount", Judged(1, 20))
    assert rule.during == When(Days.NON_WORKING, time(22, 30), time(6))
    assert rule.applies_to == AppliesTo(("meters",), ("school",), ("M-1",))
    assert rule.flapping == Flapping(6, timedelta(hours=12))
    assert rule.case == CasePolicy(None, timedelta(hours=2), timedelta(0), Closing.MANAGER)
    assert rule.offers == (Offer("switch_off"), Offer("set_point", 26))


def test_what_looks_often_flaps_by_itself_unless_it_says_not(tmp_path: Path) -> None:
    usual = Flapping(4, timedelta(hours=24))
    assert loaded(tmp_path, READINGS + "    below: 0.8\n").flapping == usual
    assert loaded(tmp_path, ABOVE + "    grain: hour\n").flapping == usual
    assert loaded(tmp_path, READINGS + "    below: 0.8\n    flapping: false\n").flapping is None


def test_a_finding_is_met_while_it_is_open(tmp_path: Path) -> None:
    rule = loaded(tmp_path, FINDINGS)
    assert (rule.direction, rule.threshold, rule.clear) == (Direction.ABOVE, 0, 0)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (RESULTS, "2: a rule must have exactly one of above and below, got neither"),
        (ABOVE + "    below: 1\n", "2: a rule must have exactly one of above and below, got both"),
        (ABOVE + "    clear_below: 11\n", "10: clear_below must be at most 10, got 11"),
        (
            RESULTS + "    below: 9\n    clear_above: 8\n",
            "10: clear_above must be at least 9, got 8",
        ),
        (
            ABOVE + "    clear_above: 9\n",
            "10: a rule with above must have clear_below, not clear_above, got 9",
        ),
        (
            ABOVE + "    levels: [{severity: info, above: 20}]\n",
            "10: a level must be graver than the one before, info, got info",
        ),
        (
            ABOVE + "    levels: [{severity: critical, above: 10}]\n",
            "10: above of a level must lie beyond that of the one before, 10, got 10",
        ),
        (
            ABOVE + "    levels: [{severity: critical, above: 20, clear_below: 5}]\n",
            "10: clear_below of a level must not lie short of that of the one before, 10, got 5",
        ),
        (
            ABOVE + "    levels: [{severity: critical, below: 5}]\n",
            "10: a key of a level must be one of severity, above, clear_below, got below",
        ),
        (
            ABOVE + "    per: area\n",
            "10: per must be a measure of docs/nomenclature.md or one of gross_area_m2, headcount, got area",
        ),
        (
            ABOVE + "    per: electricity_import_kwh\n",
            "10: per must not be the input itself, got electricity_import_kwh",
        ),
        (
            HEAD + "    input: silence_h\n    above: 24\n    per: headcount\n",
            "10: a rule with silence_h must not have per, got headcount",
        ),
        (
            HEAD + "    input: silence_h\n    below: 24\n",
            "9: a rule with silence_h must not have below, got 24",
        ),
        (
            READINGS + "    below: 0.8\n    grain: hour\n",
            "11: a rule with from: readings must not have grain, got hour",
        ),
        (
            FINDINGS + "    above: 1\n",
            "10: a rule with from: findings must not have above, got 1",
        ),
        (
            FINDINGS.replace("counter_stuck", "counter_stuk"),
            "9: input must be the code of a finding (from: findings), got counter_stuk",
        ),
        (
            READINGS.replace("power_factor", "water_m3") + "    above: 1\n",
            "9: input must be a gauge or state of docs/nomenclature.md (from: readings), got water_m3",
        ),
        (
            READINGS + "    above: 1\n",
            "10: above must leave room within the plausible range of power_factor, -1 to 1, got 1",
        ),
        (
            ABOVE + "    judges: {most: 9}\n",
            "10: judges must include every limit of the rule, got 10",
        ),
        (ABOVE + "    judges: {}\n", "10: judges must have least or most, got neither"),
        (
            ABOVE + "    applies_to: {kinds: [meter]}\n",
            "10: a kind must be one of organisations, sites, ",
        ),
        (ABOVE + "    applies_to: {assets: []}\n", "10: assets must name at least one, got none"),
        (
            ABOVE + "    during: {from: 22h, until: 06:00}\n",
            "10: from must be a time of day such as \"08:00\", got '22h'",
        ),
        (
            ABOVE + '    during: {from: "22:00"}\n',
            "10: during must have both of from and until, or neither, got one",
        ),
        (
            ABOVE + '    during: {from: "22:00", until: "22:00"}\n',
            "10: until must differ from from, got 22:00",
        ),
        (
            ABOVE + "    flapping: {changes: 1, within: 1h}\n",
            "10: changes must lie in 2 to 1000, got '1'",
        ),
        (
            ABOVE + "    flapping: {changes: 3, within: 0}\n",
            "10: within must be longer than nothing, got 0",
        ),
        (
            ABOVE + "    case: {due_working_days: 2.5}\n",
            "10: due_working_days must be a whole number, got '2.5'",
        ),
        (
            ABOVE + "    case: {close: nobody}\n",
            "10: close must be one of telemetry, manager, got 'nobody'",
        ),
        (
            ABOVE + "    offers: [{command: toggle}]\n",
            "10: command must be one of switch_off, switch_on, set_point, got 'toggle'",
        ),
        (
            ABOVE + "    offers: [{command: set_point}]\n",
            "10: value must be given with set_point and with no other command, got set_point",
        ),
    ],
)
def test_what_cannot_be_is_said_with_its_line(tmp_path: Path, text: str, expected: str) -> None:
    problem, *others = problems_of(tmp_path, text)
    assert problem.startswith(expected)
    assert [one for one in others if not one.startswith("10: a level must have above")] == []


def test_all_that_is_wrong_comes_at_once(tmp_path: Path) -> None:
    text = ABOVE + "    clear_below: 11\n    per: area\n    offers: [{command: toggle}]\n"
    assert [problem.split(":")[0] for problem in problems_of(tmp_path, text)] == ["10", "11", "12"]
