"""The examples of the guide to alert rules work: the pack, its tests, and what a failure says."""

import re
from pathlib import Path

from alerts.trying.rehearsal import rehearse
from analytics.packtests.rules import run_pack_tests
from quotawatt.rulebook import rules_parse
from quotawatt.rulebook.alert_rules import COMMANDS, OF_SILENCE, REGISTER_FIGURES
from quotawatt.rulebook.loader import BUILTIN_PACKS, load_rulebook

GUIDE = (Path(__file__).resolve().parents[3] / "docs" / "alert-rules.md").read_text()
PACK, TESTS = re.findall(r"```yaml\n(.+?)```", GUIDE, re.DOTALL)


def failures_of(folder: Path, tests: str) -> list[str]:
    (folder / "night.yaml").write_text(PACK)
    (folder / "night.tests.yaml").write_text(tests)
    return [x.failure for x in run_pack_tests(folder, load_rulebook([folder]), rehearse)]


def test_the_rule_of_the_guide_passes_its_tests(tmp_path: Path) -> None:
    assert failures_of(tmp_path, TESTS) == ["", ""]


def test_a_failure_reads_as_the_guide_says(tmp_path: Path) -> None:
    first, _ = failures_of(
        tmp_path, TESTS.replace("values: 0.03 0.01x3", "values: 0.03 0.003 0.01x2")
    )
    (said,) = re.findall(r"```\n(night.tests.yaml:10: .+)\n```", GUIDE)
    assert said in first


def test_the_guide_names_every_key_and_word() -> None:
    keys = (*rules_parse.KEYS, *rules_parse.OPTIONAL, *COMMANDS, *OF_SILENCE, *REGISTER_FIGURES)
    assert [key for key in keys if f"`{key}`" not in GUIDE] == []


def test_the_guide_names_every_pack_that_has_rules() -> None:
    packs = [p.name for p in BUILTIN_PACKS.glob("*.yaml") if "\nrules:" in p.read_text()]
    assert [name for name in packs if f"`{name}`" not in GUIDE and "tests" not in name] == []
