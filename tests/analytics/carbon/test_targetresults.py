"""Accounts under targets as results: what alerts and boards see."""

from datetime import date

import pytest

from analytics.carbon.targetresults import target_results
from quotawatt.measures import MEASURES
from quotawatt.readings import RESULTS
from tests.analytics.accounts_example import daily, local
from tests.analytics.carbon.test_courses import YEAR, statuses


def test_every_target_has_results_in_its_own_unit() -> None:
    found = statuses(YEAR, local(2024, 1, 1))
    table = target_results(found.statuses, local(2023, 12, 31))
    assert table.schema == RESULTS
    rows = {(r["subject"].partition("/")[2], r["measure"]): r["value"] for r in table.to_pylist()}
    assert {name for _, name in rows} <= set(MEASURES)
    # Worked by hand in test_courses: 30550.5 of 57480 kgCO2, 4485.85 of 19400 kgce, 2920 of 2892 m³.
    expected = {
        ("national-2025-carbon", "carbon_used_kgco2"): 30_550.5,
        ("national-2025-carbon", "carbon_limit_kgco2"): 57_480,
        ("national-2025-carbon", "carbon_projected_kgco2"): 30_550.5,
        ("national-2025-carbon", "carbon_share_pct"): 100 * 30_550.5 / 57_480,
        ("national-2025-energy-area", "target_used_kgce"): 4_485.85,
        ("national-2025-energy-area", "target_limit_kgce"): 19_400,
        ("national-2025-water-head", "target_used_m3"): 2_920,
        ("national-2025-water-head", "target_limit_m3"): 2_892,
        ("national-2025-water-head", "target_projected_share_pct"): 100 * 2_920 / 2_892,
    }
    assert {key: rows[key] for key in expected} == pytest.approx(expected)


def test_too_early_withdraws_the_projection() -> None:
    frame = daily({("ORG-1", "water_m3"): 8}, date(2023, 1, 1), date(2023, 1, 3))
    found = statuses(frame, local(2023, 1, 3))
    assert [s.projected for s in found.statuses] == [None]
    table = target_results(found.statuses, local(2023, 1, 2))
    withdrawn = {r["measure"] for r in table.to_pylist() if r["withdrawn"]}
    assert withdrawn == {"target_projected_m3", "target_projected_share_pct"}
