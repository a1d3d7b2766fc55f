"""The register's pages: who sees what, in which words, page by page, on any day."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from api.console.register_acts import acts_of
from api.register_examples import EXAMPLES
from quotawatt.access.principal import Grant, Principal
from quotawatt.access.roles import Role
from quotawatt.quantities import QUANTITIES
from quotawatt.quantity_words import QUANTITY_WORDS
from quotawatt.register.model import Building, FormerValue, Register
from quotawatt.register.rows import CODED, KINDS, records_of
from tests.api.asking import answer_as, answer_as_asked
from tests.api.register_scene import stored_scene
from tests.api.scene import REGISTER, TOKEN, Client, Scene
from tests.conftest import RECORD_STORES, fresh_records

PAGES = ("/register", "/register/BLD-2", "/register/import", "/register/new/buildings")


def world() -> Register:
    """The small world, and one of each kind beside it."""
    records = records_of(REGISTER)
    return Register(**{kind: [*records[kind], EXAMPLES[kind]] for kind in KINDS})


@pytest.fixture(scope="module", params=RECORD_STORES)
def scene(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Scene]:
    folder = tmp_path_factory.mktemp("register")
    with fresh_records(request, folder) as url:
        yield stored_scene(folder, url, world())


@pytest.fixture
def browser(scene: Scene) -> Client:
    """Somebody who may do anything, signed in."""
    client = Client(scene.app, {"Accept": "text/html"})
    client.get(f"/?token={TOKEN}")
    return client


def as_role(scene: Scene, role: Role, organisation: str = "") -> Iterator[Client]:
    """Somebody with one role."""
    principal = Principal(role.value, (Grant(role, organisation),), user=role.value)
    answer_as(scene.app, principal)
    yield Client(scene.app, {"Accept": "text/html"})
    answer_as_asked(scene.app)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_asset_and_every_form_has_a_page(browser: Client, language: str) -> None:
    for code, asset in world().assets.items():
        page = browser.get(f"/register/{code}?lang={language}")
        assert page.status_code == 200, code
        assert (asset.name_zh if language == "zh" else asset.name_en) in page.text
        for act in acts_of(asset):
            form = browser.get(f"/register/{code}/{act}?lang={language}")
            assert form.status_code == 200, (code, act)
            assert f'href="/register/{code}/{act}"' in page.text


@pytest.mark.parametrize(
    "path", ["/register", "/register/BLD-7", "/register/MTR-7", "/register/VEH-7"]
)
def test_no_identifiers_show_in_chinese(browser: Client, path: str) -> None:
    text = re.sub(r"<[^>]*>", " ", browser.get(f"{path}?lang=zh").text)
    shown = set(re.findall(r"[a-z]+(?:_[a-z0-9]+)+", text))
    assert shown == set()


def test_every_quantity_has_its_words() -> None:
    assert set(QUANTITY_WORDS) == set(QUANTITIES)
    assert all(zh and en for zh, en in QUANTITY_WORDS.values())


def test_the_list_follows_its_filters(browser: Client) -> None:
    listed = _codes(browser, "")
    assert set(listed) == set(world().assets)
    assert _codes(browser, "?kind=buildings&at=ORG-1") == ["BLD-2", "BLD-1"]
    assert _codes(browser, "?search=二号楼&kind=meters") == ["MTR-2"]
    assert _codes(browser, "?status=idle") == []
    # By sector system ORG-2 hangs under nobody.
    assert "BLD-2" not in _codes(browser, "?kind=buildings&at=ORG-1&tree=system")
    assert browser.get("/register?at=NOBODY").status_code == 404
    assert browser.get("/register?as_of=yesterday").status_code == 422


def test_a_page_is_a_page_however_many_there_are(tmp_path: Path) -> None:
    records = dict(records_of(REGISTER))
    many = [Building(f"B-{n:04}", f"楼{n}", f"B{n}", "SITE-1", "ORG-1") for n in range(120)]
    scene = stored_scene(
        tmp_path,
        register=Register(
            **{**records, "buildings": many, "meters": (), "bindings": (), "base_values": ()}
        ),
    )
    client = Client(scene.app, {"Accept": "text/html"})
    client.get(f"/?token={TOKEN}")
    pages = [_codes(client, f"?kind=buildings&page={n}") for n in (1, 2, 3, 4)]
    assert [len(page) for page in pages] == [50, 50, 20, 0]
    assert len({code for page in pages for code in page}) == 120
    tree = client.get("/register?at=ORG-1").text
    assert "另有 61 项" in tree


def test_as_of_a_day_the_values_are_those_of_the_day(tmp_path: Path, records_url: str) -> None:
    records = dict(records_of(REGISTER))
    former = [FormerValue("BLD-1", "organisation", "ORG-2", date(2023, 7, 1))]
    register = Register(**{**records, "former_values": former})
    scene = stored_scene(tmp_path, records_url, register)
    client = Client(scene.app, {"Accept": "text/html"})
    client.get(f"/?token={TOKEN}")
    assert "BLD-1" not in _codes(client, "?at=ORG-2&kind=buildings")
    assert "BLD-1" in _codes(client, "?at=ORG-2&kind=buildings&as_of=2023-06-30")
    page = client.get("/register/BLD-1?as_of=2023-06-30").text
    assert "显示的是 2023-06-30 的台账" in page
    history = client.get("/register/BLD-1").text.partition('id="history"')[2]
    assert history.index("2023-07-01 起") < history.index("自始")


def test_the_page_shows_what_feeds_it_and_what_is_open(browser: Client) -> None:
    page = browser.get("/register/MTR-1").text
    assert "dev-new" in page
    assert "115" in page.partition('id="feeds"')[2]
    assert "表底数回零" in page.partition('id="findings"')[2]


def test_a_viewer_sees_no_buttons_and_may_send_nothing(scene: Scene) -> None:
    for client in as_role(scene, Role.VIEWER):
        page = client.get("/register/BLD-1")
        assert page.status_code == 200
        assert "/register/BLD-1/change" not in page.text
        assert "/register/import" not in client.get("/register").text
        for path in ("/register/import", "/register/new/buildings", "/register/BLD-1/change"):
            assert client.get(path).status_code == 403
            assert client.post(path, content="step=confirm").status_code == 403


def test_a_manager_of_a_part_sees_that_part(scene: Scene) -> None:
    for client in as_role(scene, Role.MANAGER, "ORG-2"):
        assert set(_codes(client, "")) == {"ORG-2", "BLD-2", "MTR-2", "SITE-1"}
        shown = client.get("/register").text
        assert "甲机关" not in shown
        assert "甲机关" not in client.get("/register/BLD-2").text
        assert client.get("/register/BLD-1").status_code == 404
        assert client.get("/register/BLD-1/change").status_code == 404
        assert client.get("/register?at=ORG-1").status_code == 404
        assert "/register/BLD-2/change" in client.get("/register/BLD-2").text


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN])
def test_administrators_have_no_part_in_the_register(scene: Scene, role: Role) -> None:
    for client in as_role(scene, role):
        assert [client.get(path).status_code for path in PAGES] == [403] * len(PAGES)


def test_an_auditor_reads_the_ledger_of_an_asset_and_others_do_not(scene: Scene) -> None:
    for client in as_role(scene, Role.AUDITOR):
        assert 'id="entries"' in client.get("/register/BLD-1").text
    for client in as_role(scene, Role.MANAGER):
        assert 'id="entries"' not in client.get("/register/BLD-1").text


def test_every_kind_has_a_form_to_add_one(browser: Client) -> None:
    for kind in CODED:
        assert browser.get(f"/register/new/{kind}").status_code == 200
    assert browser.get("/register/new/bindings").status_code == 404


def _codes(client: Client, query: str) -> list[str]:
    answer = client.get(f"/register{query}")
    assert answer.status_code == 200, answer.text
    return re.findall(r'<tr data-code="([^"]+)"', answer.text)
