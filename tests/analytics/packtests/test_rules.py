"""The tests that lie beside the packs are run here, rules through the real alert engine."""

from pathlib import Path

import pytest

from alerts.rehearsal import rule_states
from analytics.packtests.rules import run_pack_tests
from quotawatt.errors import RulebookError
from quotawatt.rulebook.loader import BUILTIN_PACKS, load_rulebook


def test_the_tests_beside_the_packs_pass() -> None:
    outcomes = run_pack_tests(BUILTIN_PACKS, load_rulebook(), rule_states)
    assert [f"{o.place} {o.name}: {o.failure}" for o in outcomes if o.failure] == []
    files = {o.place.split(":")[0] for o in outcomes}
    assert files >= {
        "asset-norms-cn.tests.yaml",
        "db37t2672-2019.tests.yaml",
        "gbt51161-2016.tests.yaml",
        "rules-core.tests.yaml",
        "targets-national-2025.tests.yaml",
    }


def test_every_rule_and_target_has_a_test() -> None:
    book = load_rulebook()
    text = "".join(p.read_text() for p in BUILTIN_PACKS.glob("*.tests.yaml"))
    assert [r for r in [*book.rules, *book.targets] if f": {r}\n" not in text] == []


def test_a_wrong_figure_fails_with_both_values(tmp_path: Path) -> None:
    (tmp_path / "x.tests.yaml").write_text(
        "tests:\n"
        "  - name: wrong\n"
        "    quota: db37t4452-water\n"
        "    given: {water_m3: 100, headcount: 10}\n"
        "    expect: {used: 99}\n"
        "  - name: unknown\n"
        "    quota: nothing\n"
        "    given: {}\n"
        "    expect: {}\n"
        "  - name: without people\n"
        "    quota: db37t4452-water\n"
        "    given: {water_m3: 100}\n"
        "    expect: {used: 100}\n"
        "  - name: states\n"
        "    rule: quota-exhausted\n"
        "    given: [101]\n"
        "    expect: [pending]\n"
    )
    outcomes = run_pack_tests(tmp_path, load_rulebook(), rule_states)
    assert [o.failure for o in outcomes] == [
        "used must be 99, got 100",
        "a test must name a quota of the rulebook, got nothing",
        "an account must be drawn up, got ['denominator_missing']",
        "expected ['pending'], got ['firing']",
    ]


def test_a_file_of_tests_that_is_wrong_says_where(tmp_path: Path) -> None:
    (tmp_path / "x.tests.yaml").write_text(
        "tests:\n  - name: a\n    given: {}\n    expect: {}\n  - {name: b, rule: r}\n"
    )
    with pytest.raises(RulebookError) as caught:
        run_pack_tests(tmp_path, load_rulebook(), rule_states)
    assert caught.value.problems == (
        "x.tests.yaml:2: a test must name one quota, target, norm or rule, got none",
        "x.tests.yaml:5: a test must have given, got name, rule",
        "x.tests.yaml:5: a test must have expect, got name, rule",
    )
