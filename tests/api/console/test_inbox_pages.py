"""The inbox: one's own messages, how many are unread, and the way from each to its cases."""

from pathlib import Path

import pytest

from api.console.inbox_view import CASES_SHOWN, PAGE
from quotawatt.access.principal import Grant
from quotawatt.access.roles import Role
from quotawatt.ledger import Ledger
from tests.api.console.desk import Desk, identifiers, said
from tests.api.console.telling import tell, telling_scene
from tests.api.scene import TOKEN, Client, Scene


@pytest.fixture
def scene(tmp_path: Path, records_url: str) -> Scene:
    return telling_scene(tmp_path, records_url)


@pytest.fixture
def officer(scene: Scene) -> Desk:
    return Desk(scene, "li", Grant(Role.OFFICER, "ORG-2"))


def test_one_sees_ones_own_messages_and_every_page_says_how_many_are_unread(
    scene: Scene, officer: Desk
) -> None:
    tell(scene, "li", "主楼用电超定额")
    tell(scene, "somebody", "他人的消息")
    page = officer.page("/inbox")
    assert "主楼用电超定额" in page
    assert "他人的消息" not in page
    assert "1 条未读" in said(page)
    for path in ("/", "/findings", "/account"):
        assert '<span class="badge num">1</span>' in officer.page(path), path
    assert officer.get("/cases/statistics?first=nonsense").status_code == 422


def test_a_case_is_opened_from_its_message_which_is_read_then(scene: Scene, officer: Desk) -> None:
    tell(scene, "li", "七号", cases=[7, 8])
    assert officer.done("/inbox/1/read", case="8") == "/cases/8"
    page = officer.page("/inbox")
    assert "badge" not in page
    assert 'href="/cases/7"' in page
    assert "已读" in said(page)
    assert "inbox_read" in [entry.action for entry in Ledger(scene.records).entries()]
    # A number that is not the message's leads nowhere else.
    assert officer.done("/inbox/1/read", case="9") == "/inbox"


def test_all_are_read_up_to_the_newest_that_was_shown(scene: Scene, officer: Desk) -> None:
    for title in ("一", "二", "三"):
        tell(scene, "li", title)
    assert officer.done("/inbox/read", up_to="2", back="unread=true") == "/inbox?unread=true"
    page = officer.page("/inbox?unread=true")
    assert page.count('class="finding unread"') == 1
    assert 'name="up_to" value="3"' in page
    assert officer.done("/inbox/read", up_to="nonsense") == "/inbox"
    officer.done("/inbox/1/read", back="unread=true")
    officer.done("/inbox/read", up_to="3")
    assert "没有未读消息" in said(officer.page("/inbox?unread=true"))


def test_others_messages_and_unsigned_forms_are_refused(scene: Scene, officer: Desk) -> None:
    tell(scene, "somebody", "他人的消息")
    assert officer.send("/inbox/1/read").status_code == 404
    assert officer.send("/inbox/read", csrf="wrong", up_to="1").status_code == 403


def test_many_messages_are_paged_and_a_digest_names_its_first_cases(
    scene: Scene, officer: Desk
) -> None:
    tell(scene, "li", "汇总", cases=range(1, CASES_SHOWN + 6))
    for number in range(PAGE):
        tell(scene, "li", f"第 {number} 条")
    assert "汇总" not in officer.page("/inbox")
    page = officer.page("/inbox?page=2")
    assert "另有 5 个事项" in said(page)
    assert f'name="case" value="{CASES_SHOWN}"' in page
    assert f'name="case" value="{CASES_SHOWN + 1}"' not in page


def test_who_has_no_account_has_no_inbox_in_the_header(scene: Scene) -> None:
    root = Client(scene.app, {"Accept": "text/html"})
    root.get(f"/?token={TOKEN}")
    assert 'href="/inbox"' not in root.get("/").text
    assert "没有消息" in said(root.get("/inbox").text)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_identifiers_show(scene: Scene, officer: Desk, language: str) -> None:
    tell(scene, "li", "主楼用电超定额")
    assert identifiers(officer.page(f"/inbox?lang={language}")) == set()
