"""The boards as files: deterministic, committed as built, whole in both languages."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from grafana_foundation_sdk.models import units

from grafana.build import DASHBOARDS, build, check, write
from grafana.labels import label, unit_id
from grafana.panels import DATA_SOURCE_UID
from quotawatt.errors import InputError
from quotawatt.measures import MEASURES
from tests.grafana.as_grafana import panels

BOARDS: dict[str, Any] = {name: json.loads(text) for name, text in build().items()}
KNOWN_UNITS = {value for name, value in vars(units).items() if name[0].isupper()}
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def test_committed_boards_are_what_the_source_builds() -> None:
    assert check(DASHBOARDS) == []


def test_building_twice_gives_the_same_text() -> None:
    assert build() == build()


def test_written_boards_pass_the_check_and_differences_are_named(tmp_path: Path) -> None:
    assert sorted(p.name for p in write(tmp_path)) == ["overview.en.json", "overview.zh.json"]
    assert check(tmp_path) == []
    (tmp_path / "overview.en.json").write_text("{}")
    (tmp_path / "overview.zh.json").unlink()
    (tmp_path / "old.json").write_text("{}")
    assert [p.split(" must")[0] for p in check(tmp_path)] == [
        "overview.zh.json",
        "overview.en.json",
        "a board file",
    ]


def test_uids_are_stable() -> None:
    assert {board["uid"] for board in BOARDS.values()} == {
        "quotawatt-overview-zh",
        "quotawatt-overview-en",
    }
    assert DATA_SOURCE_UID == "quotawatt-influx"


@pytest.mark.parametrize("name", sorted(BOARDS))
def test_every_panel_and_variable_uses_the_one_data_source(name: str) -> None:
    board = BOARDS[name]
    asking = [*panels(board), *board["templating"]["list"]]
    asking += [target for panel in panels(board) for target in panel["targets"]]
    assert asking
    assert all(one["datasource"]["uid"] == DATA_SOURCE_UID for one in asking)


@pytest.mark.parametrize("name", sorted(BOARDS))
def test_ids_are_unique_and_panels_do_not_overlap(name: str) -> None:
    board = BOARDS[name]
    ids = [panel["id"] for panel in board["panels"]]
    assert len(set(ids)) == len(ids)
    cells: set[tuple[int, int]] = set()
    for panel in board["panels"]:
        at = panel["gridPos"]
        taken = {
            (x, y)
            for x in range(at["x"], at["x"] + at["w"])
            for y in range(at["y"], at["y"] + at["h"])
        }
        assert at["x"] + at["w"] <= 24
        assert not taken & cells, panel["title"]
        cells |= taken


@pytest.mark.parametrize("name", sorted(BOARDS))
def test_opens_on_this_year_in_the_zone_of_the_accounts(name: str) -> None:
    board = BOARDS[name]
    assert board["time"] == {"from": "now/y", "to": "now/y"}
    assert board["timezone"] == "Asia/Shanghai"
    assert json.loads(build("Europe/Berlin")[name])["timezone"] == "Europe/Berlin"


@pytest.mark.parametrize("name", sorted(BOARDS))
def test_units_are_known_to_grafana(name: str) -> None:
    found = set(re.findall(r'"unit": "([^"]+)"', build()[name]))
    for board_panel in panels(BOARDS[name]):
        for override in board_panel["fieldConfig"]["overrides"]:
            found |= {p["value"] for p in override["properties"] if p["id"] == "unit"}
    assert found
    assert all(unit in KNOWN_UNITS or unit.startswith("suffix:") for unit in found), found


def test_every_measure_has_a_unit_in_grafana() -> None:
    assert all(unit_id(name) for name in MEASURES)
    assert unit_id("electricity_import_kwh") == units.KiloWattHour
    assert unit_id("quota_used_kgce") == "suffix:kgce"


def test_an_unknown_measure_has_neither_unit_nor_label() -> None:
    with pytest.raises(InputError, match="got 'smoke'"):
        unit_id("smoke")
    with pytest.raises(InputError, match="must have a label, got 'rssi_dbm'"):
        label("rssi_dbm", "en")


def _words(board: Any) -> list[str]:
    words = [board["title"], board["description"]]
    for panel in board["panels"]:
        words.append(panel["title"])
        words.append(panel.get("description", panel["title"]))
        for override in panel.get("fieldConfig", {}).get("overrides", []):
            words += [p["value"] for p in override["properties"] if p["id"] == "displayName"]
    return words + [v["label"] for v in board["templating"]["list"] if not v.get("hide")]


def test_what_people_read_comes_in_both_languages() -> None:
    chinese, english = (_words(BOARDS[f"overview.{lang}.json"]) for lang in ("zh", "en"))
    assert len(chinese) == len(english)
    assert all(CHINESE.search(word) for word in chinese)
    assert not any(CHINESE.search(word) for word in english)


def test_each_language_links_to_the_other() -> None:
    for language, other in (("zh", "en"), ("en", "zh")):
        (link,) = BOARDS[f"overview.{language}.json"]["links"]
        assert link["url"] == f"/d/quotawatt-overview-{other}"


def test_bars_of_accounts_turn_red_at_the_constraint_value() -> None:
    bars = [p for p in panels(BOARDS["overview.en.json"]) if p["type"] == "bargauge"]
    for panel in bars:
        if panel["fieldConfig"]["defaults"]["unit"] == "percent":
            assert panel["fieldConfig"]["defaults"]["thresholds"]["steps"] == [
                {"color": "green", "value": None},
                {"color": "red", "value": 100.0},
            ]
