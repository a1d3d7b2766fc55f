"""How pools are used, as the command prints it."""

import pytest

from quotawatt.app.tables_fleet_reports import print_pools

SEDANS = {"kind": "sedan", "vehicles": 2, "km": 1250.0, "l_per_100km": 8.04, "kwh_per_100km": None}
VANS = {"kind": "van", "vehicles": 1, "km": None, "l_per_100km": None, "kwh_per_100km": None}
POOL = {
    "pool": "POOL-CITY",
    "vehicles": 3,
    "used_share": 0.742,
    "trips": 12,
    "km_per_vehicle": 416.7,
    "hours_per_vehicle": 9.0,
    "empty_share": None,
    "unknown_km": 3.0,
    "l_per_100km": 8.04,
    "kwh_per_100km": None,
    "most_at_once": 2,
    "kinds": [SEDANS, VANS],
}


def test_a_pool_has_its_kinds_with_what_they_use_below_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_pools([POOL], "en")
    printed = capsys.readouterr().out
    pools, _, kinds = printed.partition("Use per 100 km by pool and kind: 2")
    assert "74.2" in pools
    cells = {line.split()[1]: line.split()[2:] for line in kinds.splitlines() if "POOL-" in line}
    assert cells == {"sedan": ["2", "1,250.0", "8.0", "–"], "van": ["1", "–", "–", "–"]}


def test_where_no_pool_is_there_is_no_table_of_kinds(capsys: pytest.CaptureFixture[str]) -> None:
    print_pools([], "zh")
    assert capsys.readouterr().out == "没有可列的内容。\n"
