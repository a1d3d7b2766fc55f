"""The pages of yearly accounts: they show what the API answers, to whom it is answered, and no more."""

import html
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from api.console.quota_sentences import amount
from quotawatt.access.principal import Grant
from quotawatt.access.roles import Role
from quotawatt.register.model import Register
from tests.api.console.desk import Desk, identifiers, said
from tests.api.scene import REGISTER, Client, Scene, build_scene

ELECTRICITY = "db37t2672-city-b-electricity"
PAGE = f"/quota/BLD-1/{ELECTRICITY}"
API = f"/api/v1/quota/BLD-1/{ELECTRICITY}"


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return build_scene(tmp_path_factory.mktemp("accounts"))


@pytest.fixture(scope="module")
def viewer(scene: Scene) -> Desk:
    return Desk(scene, "li", Grant(Role.VIEWER))


def api(scene: Scene, path: str) -> Any:
    answer = Client(scene.app, scene.bearer).get(path)
    assert answer.status_code == 200, answer.text
    return answer.json()


def lines(rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for row in rows:
        yield row
        yield from lines(row["below"])


def test_the_list_shows_every_account_of_the_api_with_its_figures(
    scene: Scene, viewer: Desk
) -> None:
    page = viewer.page("/quota?day=2023-06-30")
    items = api(scene, "/api/v1/quota?as_of=2023-07-01")["items"]
    shown = re.findall(r'<tr data-account="([^"]+)">(.*?)</tr>', page, flags=re.S)
    assert {name for name, _ in shown} == {f"{i['asset']}/{i['quota']}" for i in items}
    rows = {name: said(f"<main>{row}") for name, row in shown}
    for item in items:
        row = rows[f"{item['asset']}/{item['quota']}"]
        for figure in ("used", "budget_to_date", "projected", "allowance_per_day"):
            assert amount(item[figure], item["unit"]) in row, (item["quota"], figure)
        assert "二手来源" in row


def test_filters_leave_what_is_asked_for(viewer: Desk) -> None:
    def names(query: str) -> set[str]:
        return set(re.findall(r'data-account="([^/"]+)/', viewer.page(f"/quota?{query}")))

    assert names("organisation=ORG-2") == {"ORG-2", "BLD-2"}
    assert names("indicator=water_m3_per_head") == {"ORG-1"}
    assert "BLD-1" in names("group=over")
    assert names("organisation=NOBODY") == set()
    assert viewer.get("/quota?group=red").status_code == 422


def test_the_account_page_agrees_with_the_api(scene: Scene, viewer: Desk) -> None:
    page = said(viewer.page(f"{PAGE}?day=2023-06-30&month=2023-06"))
    found = api(scene, f"{API}/unfold?as_of=2023-07-01&month=2023-06&depth=3")
    account = found["account"]
    for figure in ("used", "projected", "budget_to_date", "allowance_per_day"):
        assert amount(account[figure], "kWh") in page, figure
    for limit in account["limits"].values():
        assert amount(limit, "kWh") in page
    assert found["formula"]["zh"] in page
    assert found["in_numbers"]["zh"] in page
    assert account["clause"]["text"]["zh"] in page
    assert account["exhaustion_day"] in page
    assert f"{account['kgce']:,.0f} kgce" in page
    assert "等价值" in page
    for line in lines([part["line"] for part in found["parts"]]):
        for interval in [*line["months"], *line["days"]]:
            assert interval["first"][:7] in page
            assert amount(interval["amount"], line["unit"]) in page


def test_the_figure_unfolds_to_days_and_hours(scene: Scene, viewer: Desk) -> None:
    page = viewer.page(f"{PAGE}?month=2023-12")
    (href, *_) = re.findall(r'href="(/quota/hours\?subject=BLD-1&amp;[^"]*2023-12-30)"', page)
    hours = said(viewer.page(html.unescape(href)))
    found = api(
        scene,
        "/api/v1/consumption/explain?subject=BLD-1&measure=electricity_import_kwh"
        "&from=2023-12-30&until=2023-12-31",
    )
    assert len(found["hours"]) == len(re.findall(r"2023-12-30 \d\d:00", hours)) == 24
    # 250 kWh / 24 = 10.4 kWh an hour
    assert hours.count("10.4") >= 24


def test_a_day_of_the_future_or_an_unknown_account_is_answered(viewer: Desk) -> None:
    assert "2023-12-31" in said(viewer.page("/quota?day=2999-01-01"))
    assert viewer.get("/quota/BLD-1/nothing").status_code == 404
    assert viewer.get("/quota/NOBODY/nothing").status_code == 404
    assert viewer.get(f"{PAGE}?month=June").status_code == 422
    assert viewer.get(f"{PAGE}?day=June").status_code == 422
    assert viewer.get("/quota/hours?subject=BLD-1&measure=x&day=2023-12-30").status_code == 422


def test_over_a_part_only_that_part_is_seen(scene: Scene) -> None:
    part = Desk(scene, "part", Grant(Role.VIEWER, "ORG-2"))
    page = said(part.page("/quota"))
    assert "二号楼" in page
    assert "一号楼" not in page
    assert part.get(PAGE).status_code in (403, 404)
    hours = "/quota/hours?subject=BLD-1&measure=electricity_import_kwh&day=2023-12-30"
    assert part.get(hours).status_code in (403, 404)


def test_the_overview_leads_from_a_red_account_to_why(viewer: Desk) -> None:
    page = viewer.page("/")
    row = re.search(r'data-code="BLD-1">(.*?)</tbody>', page, flags=re.S)
    assert row is not None
    (href, *_) = re.findall(r'class="why" href="([^"]+)"', row[1])
    assert "一号楼" in said(viewer.page(html.unescape(href)))


def test_names_are_never_taken_for_markup(tmp_path_factory: pytest.TempPathFactory) -> None:
    named = [replace(b, name_zh="<script>alert(1)</script>") for b in REGISTER.buildings.values()]
    register = Register(
        organisations=list(REGISTER.organisations.values()),
        headcounts=REGISTER.headcounts,
        sites=list(REGISTER.sites.values()),
        buildings=named,
        meters=list(REGISTER.meters.values()),
        bindings=REGISTER.bindings,
    )
    desk = Desk(build_scene(tmp_path_factory.mktemp("named"), register), "li", Grant(Role.VIEWER))
    for path in (PAGE, "/carbon"):
        page = desk.page(path)
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_identifiers_show(viewer: Desk, language: str) -> None:
    for path in ("/quota", f"{PAGE}?month=2023-12", "/quota/ORG-1/db37t2672-city-b-per-head"):
        together = "&" if "?" in path else "?"
        assert identifiers(viewer.page(f"{path}{together}lang={language}")) == set(), path
