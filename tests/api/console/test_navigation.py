"""The sections in the header: each leads to a page, and is shown to who may open it."""

import re
from pathlib import Path
from urllib.parse import urlencode

from api.console.navigation import SECTIONS, navigation
from api.console.texts import TEXTS
from quotawatt.access.principal import Grant, Principal
from quotawatt.access.roles import Role
from tests.api.console.desk import Desk
from tests.api.scene import TOKEN, Client, Scene, build_scene
from tests.quotawatt.access.people import PASSWORD, add_ready_user


def _paths(principal: Principal | None) -> set[str]:
    return {link.path for link in navigation(principal, "/")}


def test_every_section_has_a_name_and_a_page(reading_scene: Scene) -> None:
    client = Client(reading_scene.app, {"Accept": "text/html"})
    client.get(f"/?token={TOKEN}")
    for section in SECTIONS:
        assert section.text in TEXTS
        answer = client.get(section.path)
        assert answer.status_code == 200, section.path
        here = f'<a href="{section.path}" aria-current="page">'
        assert answer.text.count(here) == 1


def test_who_is_shown_a_way_may_go_it_and_nobody_else(tmp_path: Path) -> None:
    scene = build_scene(tmp_path)
    for role in Role:
        for over in ("", "ORG-2"):
            name = f"{role.value}.{over}".casefold()
            desk = Desk(scene, name, Grant(role, over))
            shown = _paths(Principal(name, (Grant(role, over),), user=name))
            opened = {s.path for s in SECTIONS if desk.get(s.path).status_code == 200}
            assert opened == shown, name


def test_nobody_and_who_must_change_the_password_are_shown_nothing() -> None:
    assert _paths(None) == set()
    grants = (Grant(Role.MANAGER),)
    assert _paths(Principal("wang", grants, user="wang", must_change_password=True)) == set()


def test_pages_below_belong_to_a_section() -> None:
    links = navigation(Principal("root", unrestricted=True), "/register/BLD-1")
    assert [link.path for link in links if link.here] == ["/register"]


def test_who_signs_in_begins_where_they_may(tmp_path: Path) -> None:
    scene = build_scene(tmp_path)
    beginnings = {Role.VIEWER: "/", Role.SYSTEM_ADMIN: "/devices", Role.SECURITY_ADMIN: "/access"}
    for role, beginning in beginnings.items():
        name = role.value.replace("_", ".")
        add_ready_user(scene.records, name, Grant(role))
        client = Client(scene.app, {"Accept": "text/html"})
        csrf, *_ = re.findall(r'name="csrf" value="([^"]+)"', client.get("/login").text)
        form = {"csrf": csrf, "user": name, "password": PASSWORD, "next": "/"}
        answer = client.post("/login", content=urlencode(form))
        assert answer.headers["location"] == beginning
        assert client.get(beginning).status_code == 200
