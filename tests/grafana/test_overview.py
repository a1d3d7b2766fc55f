"""Every query of the overview board, executed on a real InfluxDB over what the stores really write."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from grafana.boards import overview
from grafana.build import build
from quotawatt.errors import InputError
from quotawatt.readings import Grain
from quotawatt.storage.influx import InfluxSeriesStore
from tests.grafana import year
from tests.grafana.as_grafana import (
    Asker,
    Choice,
    Series,
    choose_all,
    expand,
    legend,
    options,
    panel_titled,
    panels,
)
from tests.servers import Server

pytestmark = pytest.mark.influx

BOARDS: dict[str, Any] = {name.split(".")[1]: json.loads(text) for name, text in build().items()}
EN = BOARDS["en"]


@pytest.fixture(scope="module")
def asker(influxdb_server: Server) -> Iterator[Asker]:
    """A database that the series store has filled."""
    store = InfluxSeriesStore(influxdb_server.http_url, "", "", "boards")
    year.write_city(store)
    yield Asker(influxdb_server.http_url, "boards")
    store.close()


@pytest.fixture(scope="module")
def opened(asker: Asker) -> dict[str, Choice]:
    """The variables as they stand when the board is opened."""
    return choose_all(asker, EN, year.SPAN)


def _ask(
    asker: Asker, target: dict[str, Any], choices: dict[str, Choice], **kw: str
) -> list[Series]:
    return asker.ask(expand(target["query"], choices, year.SPAN, **kw))


@pytest.mark.parametrize("language", overview.LANGUAGES)
def test_every_query_of_every_panel_has_values(
    asker: Asker, opened: dict[str, Choice], language: str
) -> None:
    for panel in panels(BOARDS[language]):
        for target in panel["targets"]:
            found = _ask(asker, target, opened)
            values = [v for series in found for row in series.values for v in row[1:]]
            assert any(v is not None for v in values), f"{panel['title']}: {target['query']}"
            assert {legend(target["alias"], series) for series in found}, panel["title"]


def test_both_languages_ask_the_same() -> None:
    asked = {
        language: [[t["query"] for t in p["targets"]] for p in panels(board)]
        for language, board in BOARDS.items()
    }
    assert asked["zh"] == asked["en"]


def test_variables_offer_what_there_is(asker: Asker, opened: dict[str, Choice]) -> None:
    offered = {v["name"]: options(asker, v, opened, year.SPAN) for v in EN["templating"]["list"]}
    nodes = sorted([*year.BUILDINGS, *year.ORGANISATIONS])
    assert offered == {
        "asset": nodes,
        "account": sorted(year.ACCOUNTS),
        "carbon_account": sorted(f"{code}/{year.TARGET}" for code in nodes),
        "building": nodes,
        "site": [year.SITE],
        "node": nodes,
        "meter": sorted(year.METERS),
    }


def test_one_asset_brings_its_own_accounts_only(asker: Asker, opened: dict[str, Choice]) -> None:
    target = panel_titled(EN, "Share of the quota used")["targets"][0]
    for code in year.BUILDINGS:
        found = _ask(asker, target, {**opened, "asset": [code]})
        assert [legend(target["alias"], s) for s in found] == [f"{code}/{year.QUOTA}"]
    two = _ask(asker, target, {**opened, "asset": ["BLD-10", "ORG-1"]})
    assert {legend(target["alias"], s) for s in two} == {
        f"BLD-10/{year.QUOTA}",
        f"ORG-1/{year.QUOTA}",
        year.WATER,
    }


def test_bars_show_the_last_day(asker: Asker, opened: dict[str, Choice]) -> None:
    target = panel_titled(EN, "Share of the quota used")["targets"][0]
    assert {s.tags["subject"]: s.column("last") for s in _ask(asker, target, opened)} == {
        account: [30.0] for account in year.ACCOUNTS
    }


@pytest.mark.parametrize(("account", "unit"), [(f"BLD-1/{year.QUOTA}", "kwh"), (year.WATER, "m3")])
def test_course_of_an_account_in_its_own_unit(
    asker: Asker, opened: dict[str, Choice], account: str, unit: str
) -> None:
    panel = panel_titled(EN, "Quota over the year")
    (target,) = panel["targets"]
    found = {
        legend(target["alias"], s): s.column("value")
        for s in _ask(asker, target, {**opened, "account": account})
    }
    assert found == {
        f"quota_used_{unit}": [1000.0, 2000.0, 3000.0],
        f"quota_limit_{unit}": [10_000.0] * 3,
        f"quota_projected_{unit}": [10_500.0] * 3,
    }


@pytest.mark.parametrize("language", overview.LANGUAGES)
def test_every_series_named_by_its_measure_gets_a_label(
    asker: Asker, opened: dict[str, Choice], language: str
) -> None:
    for panel in panels(BOARDS[language]):
        labelled = {o["matcher"]["options"] for o in panel["fieldConfig"]["overrides"]}
        for target in panel["targets"]:
            if target["alias"] == "$tag_measure":
                names = {legend(target["alias"], s) for s in _ask(asker, target, opened)}
                assert names <= labelled, panel["title"]


def test_load_has_its_band_and_shows_gaps(asker: Asker, opened: dict[str, Choice]) -> None:
    load, weather = panel_titled(EN, "Hourly load")["targets"]
    found = {
        s.tags["measure"]: s.column("mean")
        for s in _ask(asker, load, {**opened, "building": "BLD-1"})
    }
    assert set(found) == {
        "electricity_import_kwh",
        "electricity_expected_kwh",
        "electricity_expected_low_kwh",
        "electricity_expected_high_kwh",
    }
    assert found["electricity_import_kwh"][:3] == [100.0, 101.0, 102.0]
    assert found["electricity_import_kwh"][24] is None
    assert found["electricity_expected_low_kwh"][0] == 90.0
    (temperature,) = _ask(asker, weather, opened, interval="1d")
    # Days of a mean over a long range begin at midnight UTC; the first one here has eight hours.
    assert temperature.column("mean")[0] == pytest.approx(5 + 3.5)


def test_band_is_filled_down_to_the_lower_edge() -> None:
    for board in BOARDS.values():
        panel = next(p for p in panels(board) if len(p["targets"]) == 2)
        settings = {
            o["matcher"]["options"]: {p["id"]: p["value"] for p in o["properties"]}
            for o in panel["fieldConfig"]["overrides"]
        }
        high = settings["electricity_expected_high_kwh"]
        low = settings["electricity_expected_low_kwh"]
        assert high["custom.fillBelowTo"] == low["displayName"]


def test_withdrawn_and_missing_results_are_not_drawn(
    asker: Asker, opened: dict[str, Choice]
) -> None:
    target = panel_titled(EN, "Electricity by sub-meter")["targets"][0]
    found = _ask(asker, target, {**opened, "meter": list(year.METERS)})
    assert {legend(target["alias"], s): s.column("value") for s in found} == {
        "MTR-1-A": [1000.0, 2000.0],
        "MTR-1-B": [1000.0, 2000.0],
        "MTR-10": [1000.0, 2000.0, 3000.0],
    }


def test_coverage_is_that_of_buildings_and_organisations(
    asker: Asker, opened: dict[str, Choice]
) -> None:
    panel = panel_titled(EN, "Coverage")
    found = _ask(asker, panel["targets"][0], opened)
    assert {s.tags["subject"] for s in found} == {*year.BUILDINGS, *year.ORGANISATIONS}
    assert all(s.column("mean") == [0.75] for s in found)


def test_last_readings_are_a_table_without_suspect_values(
    asker: Asker, opened: dict[str, Choice]
) -> None:
    panel = panel_titled(EN, "Last readings")
    (target,) = panel["targets"]
    assert target["resultFormat"] == "table"
    found = _ask(asker, target, opened)
    last = int((year.DAYS[0].timestamp() + 2 * 3600) * 1000)
    kwh = found[0].columns.index("electricity_import_kwh")
    assert sorted(
        (s.tags["device"], s.tags["channel"], s.values[0][0], s.values[0][kwh]) for s in found
    ) == [
        ("dev 2", "", last, 12.0),
        ("dev-1", "a", last, 12.0),
        ("dev-1", "b", last, 12.0),
    ]
    # Grafana's table has the tags as columns of their own, and calls the first one Time.
    (organize,) = panel["transformations"]
    shown = set(organize["options"]["renameByName"])
    hidden = set(organize["options"]["excludeByName"])
    assert shown | hidden == {"Time", *found[0].tags, *found[0].columns[1:]}
    assert not shown & hidden
    assert not {name for name in found[0].columns if "itude" in name or "heading" in name}


def test_names_the_measurement_of_each_grain() -> None:
    text = json.dumps(EN)
    assert f"results_{Grain.HOUR}" in text
    assert f"results_{Grain.DAY}" in text


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(InputError, match="zh or en, got 'fr'"):
        overview.board("fr", "Asia/Shanghai")
