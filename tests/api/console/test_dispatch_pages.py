"""Dispatch from a phone: asked for, approved, assigned, driven, returned, rated, without JavaScript."""

import re
from datetime import timedelta

import pytest

from quotawatt.access.principal import Grant
from quotawatt.access.roles import Role
from quotawatt.dispatch.drivers import put_driver
from quotawatt.dispatch.records import Driver
from tests.api.console.desk import Desk, identifiers, said
from tests.api.console.test_fleet_pages import fleet_register
from tests.api.scene import NOW, ZONE, Scene, build_scene

WISH = {
    "organisation": "ORG-1",
    "purpose": "送取公文",
    "to_places": "档案馆;市委",
    "planned_start": f"{NOW.astimezone(ZONE) + timedelta(hours=9):%Y-%m-%dT%H:%M}",
    "planned_end": f"{NOW.astimezone(ZONE) + timedelta(hours=11):%Y-%m-%dT%H:%M}",
    "passengers": "2",
    "planned_km": "24",
}


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    folder = tmp_path_factory.mktemp("dispatch")
    url = f"sqlite:///{folder / 'records.sqlite'}"
    made = build_scene(folder, fleet_register(), records_url=url)
    with made.records.begin() as conn:
        put_driver(conn, Driver("DRV-1", "赵师傅", "ORG-1", account="zhao"), "test", NOW)
    return made


@pytest.fixture(scope="module")
def officer(scene: Scene) -> Desk:
    return Desk(scene, "wang", Grant(Role.OFFICER))


@pytest.fixture(scope="module")
def manager(scene: Scene) -> Desk:
    return Desk(scene, "li", Grant(Role.MANAGER))


def asked(desk: Desk) -> str:
    """The address of an order that is asked for anew."""
    return desk.done("/dispatch", **WISH).partition("?")[0]


def leading(page: str) -> str:
    """The action of the form that stands open."""
    body = page.partition("<main")[2].partition("<details")[0]
    found = re.search(r'<form method="post" action="/dispatch/\d+/(\w+)"', body)
    return found[1] if found else ""


def test_an_order_goes_from_a_wish_to_a_rating(officer: Desk, manager: Desk) -> None:
    form = officer.page("/dispatch/new?lang=en")
    assert '<input type="datetime-local" name="planned_start"' in form
    assert "<script" not in form
    address = asked(officer)
    page = officer.page(f"{address}?lang=en")
    assert "To be approved" in said(page)
    assert leading(page) == "cancel"  # nobody approves an own order
    assert leading(manager.page(address)) == "approve"
    assert "送取公文" in manager.page("/dispatch?view=todo")
    manager.done(f"{address}/approve")
    page = manager.page(address)
    assert leading(page) == "assign"
    assert "赵师傅" in page
    manager.done(f"{address}/assign", vehicle="CAR-1", driver="DRV-1")
    assert leading(officer.page(address)) == "leave"
    officer.done(f"{address}/leave", odometer_km="1000")
    assert leading(officer.page(address)) == "return"
    officer.done(f"{address}/return", odometer_km="1024.5", cost_cny="15")
    page = officer.page(f"{address}?lang=en")
    assert leading(page) == "rate"
    assert "24.5 km" in said(page)
    where = officer.done(f"{address}/rate", rating="4", note="准时")
    told = said(officer.page(f"{where}&lang=en"))
    for word in ("Rated", "4 of 5", "准时", "鲁Z·Q0001"):
        assert word in told
    assert identifiers(page) == set()


def test_what_is_refused_says_why_and_keeps_what_was_typed(officer: Desk, manager: Desk) -> None:
    late = officer.send("/dispatch?lang=zh", **{**WISH, "planned_end": WISH["planned_start"]})
    assert late.status_code == 422
    assert 'value="送取公文"' in late.text
    assert 'role="alert"' in late.text
    nothing = officer.send("/dispatch", **{**WISH, "planned_start": "soon"})
    assert nothing.status_code == 422
    assert "日期和时刻" in said(nothing.text)
    address = asked(officer)
    assert officer.send(f"{address}/approve").status_code == 403
    silent = manager.send(f"{address}/reject")
    assert silent.status_code == 422
    assert "<details" in silent.text
    assert " open" in silent.text.partition("<details")[2][:80]
    early = officer.send(f"{address}/leave", odometer_km="5")
    assert early.status_code == 409


def test_lists_show_own_orders_or_all(scene: Scene, officer: Desk) -> None:
    asked(officer)
    sun = Desk(scene, "sun", Grant(Role.OFFICER))
    assert "送取公文" not in sun.page("/dispatch")
    assert "送取公文" in sun.page("/dispatch?view=all")
    assert "There is no order" in said(sun.page("/dispatch?view=all&state=cancelled&lang=en"))
    assert said(sun.page("/dispatch?view=all&state=")) == said(sun.page("/dispatch?view=all"))
    viewer = Desk(scene, "qian", Grant(Role.VIEWER))
    assert "/dispatch/new" not in viewer.page("/dispatch?view=all")
    assert viewer.get("/dispatch/new").status_code == 403


def test_a_driver_sees_what_he_drives(scene: Scene, officer: Desk, manager: Desk) -> None:
    address = asked(officer)
    manager.done(f"{address}/approve")
    manager.done(f"{address}/assign", vehicle="CAR-1", driver="DRV-1")
    driver = Desk(scene, "zhao", Grant(Role.OFFICER))
    assert f'href="{address}"' in driver.page("/dispatch")
    manager.done(f"{address}/cancel")
