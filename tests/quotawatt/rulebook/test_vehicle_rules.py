"""Rules for vehicles in packs: what an entry says, and what is wrong with it."""

from datetime import time
from pathlib import Path

import pytest

from quotawatt.errors import RulebookError
from quotawatt.rulebook.loader import load_rulebook
from quotawatt.rulebook.vehicle_rules import PARAMETERS, Check, Clock, Number, VehicleRule, applying

INSTRUMENT = """instruments:
  - id: ours
    title: {zh: 办法, en: measures}
    number: No. 1
    issuer: {zh: 县, en: county}
    jurisdiction: county
    effective_from: null
    effective_until: null
    status: in_force
    trust: source
    source: printed
    clauses: [{number: "1", trust: source, text: {zh: 条, en: clause}}]
"""


def loaded(folder: Path, check: str, parameters: str, more: str = "") -> VehicleRule:
    text = INSTRUMENT + (
        "vehicle_rules:\n  - id: mine\n    title: {zh: 规则, en: rule}\n"
        '    cites: {instrument: ours, clause: "1"}\n'
        f"    check: {check}\n    parameters: {parameters}\n"
        f"    trust: unverified\n{more}"
    )
    (folder / "mine.yaml").write_text(text, encoding="utf-8")
    return load_rulebook([folder], builtin=False).vehicle_rules["mine"]


def problem(folder: Path, check: str, parameters: str) -> str:
    with pytest.raises(RulebookError) as caught:
        loaded(folder, check, parameters)
    return "\n".join(caught.value.problems)


def test_an_entry_gives_its_check_with_numbers_times_and_words(tmp_path: Path) -> None:
    night = (
        '{from: "22:30", until: "05:00", site_metres: 200, fence_metres: 0, least_hours: 2, '
        "with_order: counted}"
    )
    rule = loaded(tmp_path, "not_home_overnight", night, "    except_kinds: [ambulance]\n")
    assert rule.check is Check.NOT_HOME_OVERNIGHT
    assert (rule.clock("from"), rule.clock("until")) == (time(22, 30), time(5))
    assert (rule.number("site_metres"), rule.word("with_order")) == (200.0, "counted")
    assert rule.except_kinds == ("ambulance",)


@pytest.mark.parametrize(
    ("check", "parameters", "said"),
    [
        ("flying", "{minutes: 5}", "check must be one of no_order"),
        ("idling", "{}", "the parameters of idling must have minutes, got none of its keys"),
        ("idling", "{minutes: 5, hours: 1}", "a key of the parameters of idling must be one of"),
        ("idling", "{minutes: -5}", "minutes must lie in 0 to 1440"),
        ("idling", "{minutes: long}", "minutes must be a number"),
        ("sealed", "{days: sundays, tolerance_minutes: 5}", "days must be one of holidays"),
        ("foreign_home", "{at: night, nights: 5, metres: 9}", "at must be a time of day"),
        (
            "speeding",
            "{limit_kmh: 90, over_kmh: 0, least_seconds: 5, least_fixes: 1}",
            "least_fixes",
        ),
    ],
)
def test_what_is_wrong_is_told_with_file_and_line(
    tmp_path: Path, check: str, parameters: str, said: str
) -> None:
    found = problem(tmp_path, check, parameters)
    assert said in found
    assert "mine.yaml:" in found


def test_units_stand_in_the_names_of_numbers() -> None:
    units = (
        "km", "minutes", "metres", "hours", "kmh", "seconds", "pct", "l", "days", "years", "nights",
        "year", "fixes",
    )  # fmt: skip
    for parameters in PARAMETERS.values():
        for name, kind in parameters.items():
            if isinstance(kind, Number):
                assert name.split("_")[-1] in units
            else:
                assert not isinstance(kind, Clock) or name in ("from", "until", "at")


IDLE = (
    '  - id: {id}\n    title: {{zh: 规则, en: rule}}\n    cites: {{instrument: ours, clause: "1"}}\n'
    "    check: {check}\n    parameters: {{minutes: 5}}\n    trust: source\n{more}"
)


def book_with(folder: Path, *rules: tuple[str, str]) -> list[VehicleRule]:
    entries = "".join(IDLE.format(id=name, check="idling", more=more) for name, more in rules)
    (folder / "mine.yaml").write_text(INSTRUMENT + "vehicle_rules:\n" + entries, encoding="utf-8")
    return list(load_rulebook([folder], builtin=False).vehicle_rules.values())


def test_a_countys_rule_stands_in_for_the_general_one_in_that_county(tmp_path: Path) -> None:
    own = "    replaces: [general]\n    organisations: [COUNTY]\n    except_kinds: [bus]\n"
    rules = book_with(tmp_path, ("general", ""), ("own", own))
    paths = {"inside": ("BUREAU", "COUNTY", "CITY"), "outside": ("CITY",)}
    assert [r.id for r in applying(rules, "sedan", paths["inside"])] == ["own"]
    assert [r.id for r in applying(rules, "bus", paths["inside"])] == ["general"]
    assert [r.id for r in applying(rules, "sedan", paths["outside"])] == ["general"]


def test_a_rule_stands_in_only_for_another_of_its_check(tmp_path: Path) -> None:
    for name in ("missing", "own"):
        with pytest.raises(RulebookError) as caught:
            book_with(tmp_path, ("own", f"    replaces: [{name}]\n"))
        (said,) = caught.value.problems
        assert "replaces must name other rules for vehicles of the check idling" in said
