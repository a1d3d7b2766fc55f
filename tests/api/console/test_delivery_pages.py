"""Delivery: channels with their state, test messages, dead letters and sending them again."""

from pathlib import Path

import pytest

from quotawatt.access.principal import Grant
from quotawatt.access.roles import Role
from quotawatt.ledger import Ledger
from tests.api.console.desk import Desk, identifiers, said
from tests.api.console.telling import fail, give_up, telling_scene
from tests.api.scene import Scene


@pytest.fixture
def scene(tmp_path: Path, records_url: str) -> Scene:
    return telling_scene(tmp_path, records_url)


@pytest.fixture
def admin(scene: Scene) -> Desk:
    return Desk(scene, "root.admin", Grant(Role.SYSTEM_ADMIN))


def test_channels_show_how_they_stand_and_what_was_given_up(scene: Scene, admin: Desk) -> None:
    give_up(scene, "a", "b")
    give_up(scene, "c", channel="gone")
    fail(scene, "mail")
    page = said(admin.page("/delivery"))
    for words in ("hook Webhook", "mail 电子邮件 邮箱", "自 2023-12-31 23:00 起失败", "未配置"):
        assert words in page
    assert "the channel must answer, it does not" in page
    assert "发件箱 3" in page
    assert "the receiver must say 2xx, got 403" in page
    assert "发件箱 1" in said(admin.page("/delivery?channel=gone"))
    assert "没有这样的消息" in said(admin.page("/delivery?state=waiting"))


def test_one_message_or_all_of_a_channel_are_sent_again(scene: Scene, admin: Desk) -> None:
    give_up(scene, "a", "b", "c")
    where = admin.done("/delivery/messages/1/retry", back="channel=hook")
    assert where == "/delivery?channel=hook&done=retried&count=1"
    assert "已安排重发 1 条" in said(admin.page(where))
    assert "已安排重发 2 条" in said(admin.page(admin.done("/delivery/retry", channel="hook")))
    page = admin.page("/delivery?state=waiting")
    assert "发件箱 3" in said(page)
    assert "/messages/1/retry" not in page
    again = admin.send("/delivery/messages/1/retry")
    assert again.status_code == 409
    assert "只有已放弃的消息可以重发" in said(again.text)
    actions = [entry.action for entry in Ledger(scene.records).entries()]
    assert actions.count("message_retried") == 3


def test_a_test_message_is_sent_and_the_receivers_answer_shown(scene: Scene, admin: Desk) -> None:
    refused = admin.send("/delivery/channels/hook/test")
    assert refused.status_code == 200
    assert "hook 未能送达测试消息： a recipient must be known, got none" in said(refused.text)
    where = admin.done("/delivery/channels/hook/test")
    assert "测试消息已由 hook 送达" in said(admin.page(where))
    admin.done("/delivery/channels/mail/test", to="li@example.org")
    nobody = admin.send("/delivery/channels/mail/test")
    assert nobody.status_code == 422
    assert "channel mail must be tried with an address" in said(nobody.text)
    assert admin.send("/delivery/channels/none/test").status_code == 404
    tried = [e for e in Ledger(scene.records).entries() if e.action == "channel_tried"]
    assert [entry.subject for entry in tried] == ["channel:hook", "channel:hook", "channel:mail"]


def test_the_auditor_reads_and_others_do_not(scene: Scene) -> None:
    give_up(scene, "a")
    page = Desk(scene, "audit", Grant(Role.AUDITOR)).page("/delivery")
    assert page.count("<form") == 2  # signing out, and the filter
    assert 'href="/cases/7"' in page
    officer = Desk(scene, "li", Grant(Role.OFFICER))
    assert officer.get("/delivery").status_code == 403
    assert 'href="/delivery"' not in officer.page("/")


def test_forms_of_others_are_refused(scene: Scene, admin: Desk) -> None:
    give_up(scene, "a")
    assert admin.send("/delivery/messages/1/retry", csrf="wrong").status_code == 403
    assert "发件箱 1" in said(admin.page("/delivery"))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_identifiers_show(scene: Scene, admin: Desk, language: str) -> None:
    give_up(scene, "a")
    fail(scene, "mail")
    for state in ("given_up", "delayed"):
        page = admin.page(f"/delivery?lang={language}&state={state}")
        assert identifiers(page) == set()
