"""The overview's figures, from the small world."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from alerts.cases.model import Act
from alerts.cases.of_alerts import acknowledge_alert
from api.access import Permit
from api.cases import case_context
from api.console.overview import Choice, Overview, overview
from api.console.texts import Words
from api.console.view import account_figures, default_year
from quotawatt.access.roles import Permission
from quotawatt.errors import InputError, NotFoundError
from quotawatt.register.model import Register
from tests.api.scene import NOW, REGISTER, Scene, add_alert, build_scene
from tests.quotawatt.access.people import HOLDER

ZONE = ZoneInfo("Asia/Shanghai")


def _overview(scene: Scene, year: int | None = None, building: str | None = None) -> Overview:
    everything = Permit(Permission.RESULTS_READ, HOLDER, scene.services, scene.app.state.gate)
    return overview(scene.services, Words("en"), Choice(year, building), everything)


@pytest.mark.parametrize(
    ("local", "year"),
    [
        ("2023-12-31T23:59:00+08:00", 2023),
        ("2024-01-01T00:00:00+08:00", 2023),
        ("2024-01-31T23:59:00+08:00", 2023),
        ("2024-02-01T00:00:00+08:00", 2024),
        ("2024-12-31T23:59:00+08:00", 2024),
    ],
)
def test_in_january_the_year_that_has_ended_comes_first(local: str, year: int) -> None:
    assert default_year(datetime.fromisoformat(local).astimezone(UTC), ZONE) == year


def test_rows_follow_the_tree_with_an_organisations_own_buildings_first(
    reading_scene: Scene,
) -> None:
    rows = _overview(reading_scene).rows
    assert [(r.asset.code, r.depth) for r in rows] == [
        ("ORG-1", 0),
        ("BLD-1", 1),
        ("ORG-2", 1),
        ("BLD-2", 2),
    ]
    assert [r.electricity_kwh for r in rows] == pytest.approx(
        [450 * 365, 250 * 365, 200 * 365, 200 * 365]
    )
    # The meter's alert counts at its building and at the organisation above; BLD-1 has one of its own.
    assert [r.open_alerts for r in rows] == [2, 2, 0, 0]


def test_a_row_leads_with_the_quota_that_stands_worst(reading_scene: Scene) -> None:
    top = _overview(reading_scene).rows[0]
    ranks = [q.standing.rank for q in top.quotas]
    assert ranks == sorted(ranks, reverse=True)


def test_tiles_add_up_the_top_of_the_tree_only(reading_scene: Scene) -> None:
    tiles = _overview(reading_scene).tiles
    assert tiles.electricity_kwh == pytest.approx(450 * 365)
    # 450 x 365 kWh x 0.31 kgce/kWh, the equivalent basis of the Shandong standard
    assert tiles.energy_kgce == pytest.approx(450 * 365 * 0.31)
    assert tiles.energy_basis == "equivalent"
    assert sum(tiles.organisations.values()) == 2
    # 91.25 kWh/m² is above the constraint of 80; 36.5 kWh/m² is 11.3 kgce/m², within the baselines.
    assert tiles.buildings == {"over": 1, "amber": 0, "unknown": 0, "fine": 1}
    assert tiles.carbon_share_pct is None


def _with_areas(**area_m2: float) -> Register:
    buildings = [
        replace(b, gross_area_m2=area_m2[code.replace("-", "_")])
        for code, b in REGISTER.buildings.items()
    ]
    return Register(
        organisations=list(REGISTER.organisations.values()),
        sites=list(REGISTER.sites.values()),
        headcounts=REGISTER.headcounts,
        buildings=buildings,
    )


@pytest.mark.parametrize(
    ("areas", "code"),
    [
        ({"BLD_1": 1000.0, "BLD_2": 2000.0}, "BLD-1"),  # 91.25 against 36.5 kWh/m²
        ({"BLD_1": 4000.0, "BLD_2": 1000.0}, "BLD-2"),  # 22.8 against 73 kWh/m²
        ({"BLD_1": 2500.0, "BLD_2": 2000.0}, "BLD-1"),  # equal: the first by code
    ],
)
def test_the_page_opens_on_the_building_that_stands_worst(
    tmp_path: Path, areas: dict[str, float], code: str
) -> None:
    panel = _overview(build_scene(tmp_path, register=_with_areas(**areas))).load
    assert panel is not None
    assert panel.building.code == code


def _subjects(page: Overview) -> list[str]:
    assert page.alerts_total == page.unacknowledged == len(page.alerts)
    return [alert["subject"] for alert in page.alerts]


def test_a_years_page_shows_that_years_alerts_and_the_present_one_the_others_too(
    scene: Scene,
) -> None:
    account = "BLD-1/db37t2672-city-b-electricity"
    add_alert(scene, "quota-exhausted", f"{account}/2022", severity="critical")
    add_alert(scene, "quota-exhausted", f"{account}/2024", severity="critical")
    assert _subjects(_overview(scene)) == [f"{account}/2023", "MTR-1-A"]
    assert _subjects(_overview(scene, year=2023)) == [f"{account}/2023", "MTR-1-A"]
    earlier = _overview(scene, year=2022)
    assert _subjects(earlier) == [f"{account}/2022"]
    assert earlier.alerts[0]["year"] == 2022
    assert [r.open_alerts for r in earlier.rows] == [1, 1, 0, 0]
    # In January the closing year opens; silent meters show there and on the present year's page.
    scene.moment[0] = NOW + timedelta(days=10)
    assert _subjects(_overview(scene)) == [f"{account}/2023", "MTR-1-A"]
    assert _subjects(_overview(scene, year=2024)) == [f"{account}/2024", "MTR-1-A"]
    scene.moment[0] = NOW + timedelta(days=40)
    assert _subjects(_overview(scene, year=2023)) == [f"{account}/2023"]


def test_a_card_shows_the_comment_of_its_own_acknowledgement(scene: Scene) -> None:
    context = case_context(scene.services)
    with scene.records.begin() as conn:
        acknowledge_alert(conn, 1, Act("console", NOW, "在查"), context)
        acknowledge_alert(conn, 2, Act("console", NOW), context)
    comments = {a["id"]: a["comment"] for a in _overview(scene).alerts}
    assert comments == {1: "在查", 2: None}


def test_the_building_of_the_panel(reading_scene: Scene) -> None:
    panel = _overview(reading_scene).load
    assert panel is not None
    assert panel.building.code == "BLD-1"
    assert (panel.first_day.isoformat(), panel.until_day.isoformat()) == (
        "2023-01-01",
        "2024-01-01",
    )
    chosen = _overview(reading_scene, building="BLD-2").load
    assert chosen is not None
    assert chosen.building.code == "BLD-2"


def test_years_with_data_and_the_present_one_can_be_chosen(scene: Scene) -> None:
    scene.moment[0] = NOW + timedelta(days=40)
    page = _overview(scene)
    assert page.years == [2023, 2024]
    assert (page.year, page.complete, page.closing) == (2024, False, False)
    earlier = _overview(scene, year=2023)
    assert (earlier.complete, earlier.as_of) == (True, NOW)


def test_a_year_that_has_not_begun_and_a_building_that_is_not_there(reading_scene: Scene) -> None:
    with pytest.raises(InputError, match="a year must have begun, got 2031 in 2023"):
        _overview(reading_scene, year=2031)
    with pytest.raises(NotFoundError, match="got 'BLD-9'"):
        _overview(reading_scene, building="BLD-9")


def test_an_empty_register_is_no_error(tmp_path: Path) -> None:
    page = _overview(build_scene(tmp_path, register=Register()))
    assert (page.rows, page.load) == ([], None)
    assert page.tiles.electricity_kwh is None


def test_used_and_limit_from_an_alerts_evidence() -> None:
    evidence = {"day": "2023-12-31", "quota_used_kwh": 9.0, "quota_limit_kwh": 8.0}
    assert account_figures(evidence) == (9.0, 8.0, "kWh")
    assert account_figures({"carbon_used_kgco2": 2.0, "carbon_limit_kgco2": 1.0}) == (2, 1, "kgCO2")
    assert account_figures({"last_reading": "x"}) is None
