"""Addresses of who holds a duty: whole for who may change the register there, cut for all others."""

from datetime import date
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from api.auth import COOKIE, CSRF_HEADER
from quotawatt.access.principal import Grant
from quotawatt.access.roles import Role
from quotawatt.register.kinds import Duty
from quotawatt.register.model import Register
from quotawatt.register.rows import records_of
from tests.api.scene import REGISTER, Client, Scene, build_scene
from tests.quotawatt.access.people import add_ready_user

DUTY = Duty("ORG-1", "owner", "能源管理员", date(2020, 1, 1), email="owner@example.org")
PLACE = "/api/v1/register/duties"
WHOLE, CUT = "owner@example.org", "o***"


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    home: Path = tmp_path_factory.mktemp("home")
    return build_scene(home, Register(**{**records_of(REGISTER), "duties": [DUTY]}))


def signed_in(scene: Scene, role: Role) -> Client:
    """A browser in which somebody of this role over ORG-1 is signed in."""
    name = f"{role.value}.over.org"
    with scene.records.begin() as conn:
        known = conn.exec_driver_sql(f"SELECT 1 FROM users WHERE name = '{name}'").first()
    if known is None:
        add_ready_user(scene.records, name, Grant(role, "ORG-1"))
    gate = scene.app.state.gate
    with scene.records.begin() as conn:
        secret = gate.sessions.open(conn, name, "", gate.clock())
    return Client(scene.app, {"Cookie": f"{COOKIE}={secret}", CSRF_HEADER: gate.csrf_token(secret)})


@pytest.mark.parametrize(
    ("role", "shown"), [(Role.MANAGER, WHOLE), (Role.OFFICER, CUT), (Role.VIEWER, CUT)]
)
def test_a_listing_a_record_and_the_asset_show_the_same(
    scene: Scene, role: Role, shown: str
) -> None:
    client = signed_in(scene, role)
    (item,) = client.get(PLACE).json()["items"]
    assert item["email"] == shown
    assert client.get(f"{PLACE}/{item['key']}").json()["email"] == shown
    (held,) = client.get("/api/v1/assets/ORG-1").json()["duties"]
    assert (held["email"], held["name_zh"]) == (shown, "能源管理员")


@pytest.mark.parametrize("query", [f"search={WHOLE}", f"email={WHOLE}"])
def test_nobody_finds_by_what_they_may_not_see(scene: Scene, query: str) -> None:
    assert signed_in(scene, Role.MANAGER).get(f"{PLACE}?{query}").json()["total"] == 1
    assert signed_in(scene, Role.VIEWER).get(f"{PLACE}?{query}").json()["total"] == 0


@pytest.mark.parametrize(("role", "shown"), [(Role.MANAGER, WHOLE), (Role.VIEWER, CUT)])
def test_an_export_has_what_its_reader_may_see(scene: Scene, role: Role, shown: str) -> None:
    answer = signed_in(scene, role).get("/api/v1/register/export.xlsx?language=en")
    assert answer.status_code == 200
    with ZipFile(BytesIO(answer.content)) as book:
        text = b"".join(book.read(name) for name in book.namelist()).decode("utf-8", "replace")
    assert [word for word in (WHOLE, CUT) if f">{word}<" in text] == [shown]
