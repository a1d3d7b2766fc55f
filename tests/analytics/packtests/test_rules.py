"""The tests that lie beside the packs are run here, rules through the real alert engine."""

from pathlib import Path

import pytest

from alerts.trying.rehearsal import rehearse
from analytics.packtests.rules import run_pack_tests
from quotawatt.errors import RulebookError
from quotawatt.rulebook.loader import BUILTIN_PACKS, load_rulebook


def test_the_tests_beside_the_packs_pass() -> None:
    outcomes = run_pack_tests(BUILTIN_PACKS, load_rulebook(), rehearse)
    assert [f"{o.place} {o.name}: {o.failure}" for o in outcomes if o.failure] == []
    files = {o.place.split(":")[0] for o in outcomes}
    assert files >= {
        "asset-norms-cn.tests.yaml",
        "db37t2672-2019.tests.yaml",
        "fuels-customary.tests.yaml",
        "gbt2589-2020.tests.yaml",
        "gbt51161-2016.tests.yaml",
        "grid-factors-cn.tests.yaml",
        "jst303-2026.tests.yaml",
        "rules-core.tests.yaml",
        "rules-findings.tests.yaml",
        "rules-readings.tests.yaml",
        "rules-vehicles.tests.yaml",
        "targets-national-2025.tests.yaml",
        "tariffs-demo.tests.yaml",
    }


def test_every_rule_target_and_tariff_has_a_test_and_so_have_national_factor_sets() -> None:
    book = load_rulebook()
    text = "".join(p.read_text() for p in BUILTIN_PACKS.glob("*.tests.yaml"))
    tested = [*book.rules, *book.vehicle_rules, *book.targets, *book.tariffs]
    assert [r for r in tested if f": {r}\n" not in text] == []
    sets = ("gbt2589-2020", "gbt2589-equivalent", "jst303-2026", "fuels-customary")
    assert [s for s in sets if f"factor_set: {s}\n" not in text] == []


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
    outcomes = run_pack_tests(tmp_path, load_rulebook(), rehearse)
    assert [o.failure for o in outcomes] == [
        "used must be 99, got 100",
        "a test must name a quota of the rulebook, got nothing",
        "an account must be drawn up, got ['denominator_missing']",
        "x.tests.yaml:17: at 0 (2023-01-01 00:00) state must be pending, got firing",
    ]


def test_a_factor_set_and_a_tariff_that_cannot_be_tried_say_why(tmp_path: Path) -> None:
    (tmp_path / "x.tests.yaml").write_text(
        "tests:\n"
        "  - {name: a, factor_set: gbt2589-2020, given: {heat_gj: 100}, expect: {kgce: 3.412}}\n"
        "  - {name: b, factor_set: nothing, given: {}, expect: {}}\n"
        "  - {name: c, factor_set: gbt2589-2020, given: {water_m3: 1}, expect: {kgce: 0}}\n"
        "  - {name: d, factor_set: jst303-2026, given: {steam_t: 1}, expect: {kgco2: 0}}\n"
        "  - {name: e, factor_set: jst303-2026, given: {gas_m3: 1}, expect: {kgco: 2.184}}\n"
        "  - {name: f, tariff: nothing, given: {}, expect: {}}\n"
        "  - {name: g, tariff: demo-tou, month: 5, given: {sharp: 1}, expect: {total: 1}}\n"
        "  - {name: h, tariff: demo-gas, given: {flat: 1}, expect: {total: 3.7, tier: 1}}\n"
    )
    outcomes = run_pack_tests(tmp_path, load_rulebook(), rehearse)
    assert [o.failure for o in outcomes] == [
        "kgce must be 3.412, got 3412",
        "a test must name a factor set of its year, got nothing in 2023",
        "a factor set must convert the measure to kgce, got water_m3 and gbt2589-2020",
        "a factor in kgCO2 must exist, got steam_t: factor_missing",
        "kgco must be 2.184, got nan",
        "a test must name a tariff of its month, got nothing in 2023-01",
        "the tariff must have the period in the month, got sharp in 5",
        "total must be 3.7, got 3.9; tier must be 1, got nan",
    ]


def test_electricity_needs_a_region_that_has_a_grid_factor(tmp_path: Path) -> None:
    (tmp_path / "x.tests.yaml").write_text(
        "tests:\n"
        "  - name: a\n"
        "    factor_set: jst303-2026\n"
        "    region: atlantis\n"
        "    given: {electricity_import_kwh: 1}\n"
        "    expect: {kgco2: 1}\n"
    )
    (outcome,) = run_pack_tests(tmp_path, load_rulebook(), rehearse)
    wanted = "a factor in kgCO2 must exist, got electricity_import_kwh: grid_factor_missing"
    assert outcome.failure == wanted


def test_a_month_is_one_of_twelve(tmp_path: Path) -> None:
    (tmp_path / "x.tests.yaml").write_text(
        "tests:\n  - {name: a, tariff: demo-gas, month: 13, given: {flat: 1}, expect: {total: 3.9}}\n"
    )
    with pytest.raises(RulebookError, match=r"month must be one of 1, 2, .* 12, got '13'"):
        run_pack_tests(tmp_path, load_rulebook(), rehearse)


def test_a_file_of_tests_that_is_wrong_says_where(tmp_path: Path) -> None:
    (tmp_path / "x.tests.yaml").write_text(
        "tests:\n  - name: a\n    given: {}\n    expect: {}\n  - {name: b, rule: r}\n"
    )
    with pytest.raises(RulebookError) as caught:
        run_pack_tests(tmp_path, load_rulebook(), rehearse)
    assert caught.value.problems == (
        "x.tests.yaml:2: a test must name one of quota, target, norm, factor_set, tariff, "
        "rule, vehicle_rule, got none",
        "x.tests.yaml:5: a test must have expect, got name, rule",
        "x.tests.yaml:5: a test must have given, got name, rule",
    )
