"""The findings page: by organisation and importance, who may do what, and that its forms do it."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select

from api.console.findings_view import PAGE
from quotawatt.access.principal import Grant
from quotawatt.access.roles import Role
from quotawatt.ledger import Ledger
from quotawatt.register.finding_texts import finding_texts
from quotawatt.storage.tables import findings
from tests.api.console.desk import Desk, identifiers, said
from tests.api.scene import NOW, Scene


def add(scene: Scene, code: str, subject: str, **more: Any) -> int:
    row = {
        "code": code,
        "subject": subject,
        "key": "",
        "detail": {"device": "dev-new", "days": 4.0},
        "first_seen": NOW - timedelta(days=2),
        "last_seen": NOW,
        "source": "register",
        "organisation": "ORG-1",
        "severity": "warning",
        "state": "open",
        **more,
    }
    with scene.records.begin() as conn:
        return int(conn.execute(insert(findings).returning(findings.c.id), row).scalar_one())


@pytest.fixture
def manager(scene: Scene) -> Desk:
    return Desk(scene, "wang", Grant(Role.MANAGER))


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "zh",
            ["账实核对", "计量中断", "一号楼总表 MTR-1", "怎么办", "2023-12-30 首次发现，已 2 天"],
        ),
        (
            "en",
            ["Books against reality", "Measurement has stopped", "Building One, main", "2 days"],
        ),
    ],
)
def test_what_stands_in_both_languages(
    scene: Scene, manager: Desk, language: str, words: list[str]
) -> None:
    add(scene, "meter_silent", "MTR-1")
    page = said(manager.page(f"/findings?lang={language}"))
    for word in words:
        assert word in page


def test_organisations_come_by_their_gravest_finding_and_nobodys_after(
    scene: Scene, manager: Desk
) -> None:
    add(scene, "meter_silent", "MTR-1")
    add(scene, "asset_fed_twice", "MTR-2", severity="critical", organisation="ORG-2")
    add(scene, "gauge_frozen", "MTR-2", severity="info", organisation="ORG-2")
    page = manager.page("/findings")
    heads = re.findall(r'<h2 id="group-\d+">(\w+)', page)
    assert heads == ["乙机关", "甲机关", "尚无责任单位"]
    rows = page[page.index("乙机关 ") :]
    assert rows.index("重复计量") < rows.index("读数")


def test_counts_by_severity_stay_when_one_is_chosen(scene: Scene, manager: Desk) -> None:
    add(scene, "asset_fed_twice", "MTR-2", severity="critical")
    page = said(manager.page("/findings?severity=critical"))
    assert "全部 2" in page
    assert "立即处理 1" in page
    assert "本周处理 1" in page
    assert "计数" not in page


def test_filters_choose(scene: Scene, manager: Desk) -> None:
    one = add(scene, "meter_silent", "MTR-1")
    two = add(scene, "meter_silent", "MTR-2", organisation="ORG-2")
    done = add(scene, "gauge_frozen", "MTR-1", state="cleared", cleared_at=NOW)

    def shown(query: str) -> list[int]:
        page = manager.page(f"/findings?{query}")
        return [n for n in (one, two, done) if f'id="finding-{n}"' in page]

    assert shown("") == [one, two]
    assert shown("organisation=ORG-1") == [one, two]
    assert shown("organisation=ORG-1&tree=system") == [one]
    assert shown("organisation=ORG-2") == [two]
    assert shown("state=cleared") == [done]
    assert shown("code=gauge_frozen") == []
    assert shown("page=9") == []
    assert manager.get("/findings?organisation=ORG-9").status_code == 404
    assert manager.get("/findings?severity=purple").status_code == 422


def test_more_than_a_page_are_paged(scene: Scene, manager: Desk) -> None:
    for n in range(PAGE + 3):
        add(scene, "meter_silent", "MTR-1", key=str(n))
    first, second = manager.page("/findings"), manager.page("/findings?page=2")
    assert first.count('class="finding"') == PAGE
    assert second.count('class="finding"') == 4
    assert "第 2 页，共 2 页" in second


def test_accepting_leads_back_to_the_chosen_page_and_is_in_the_ledger(
    scene: Scene, manager: Desk
) -> None:
    number = add(scene, "meter_silent", "MTR-1")
    form = {"reason": "备用进线", "back": "organisation=ORG-1"}
    leads = manager.done(f"/findings/{number}/accept", **form)
    assert leads == f"/findings?organisation=ORG-1&done=accepted&number={number}"
    page = manager.page(leads)
    assert f"已接受第 {number} 号问题" in page
    assert f'id="finding-{number}"' not in page
    accepted = said(manager.page("/findings?state=accepted"))
    assert "wang 于" in accepted
    assert "备用进线" in accepted
    entry = Ledger(scene.records).entries(1000)[-1]
    assert (entry.action, entry.actor) == ("finding_accepted", "wang")
    leads = manager.done(f"/findings/{number}/reopen", back="state=accepted")
    assert leads.startswith("/findings?state=accepted&done=reopened")
    assert f'id="finding-{number}"' in manager.page("/findings")


def test_a_refusal_is_told_in_the_readers_language_and_nothing_is_done(
    scene: Scene, manager: Desk
) -> None:
    number = add(scene, "meter_silent", "MTR-1")
    answer = manager.send(f"/findings/{number}/accept", reason="  ")
    assert answer.status_code == 422
    assert "接受一条问题必须写明理由" in answer.text
    again = manager.send(f"/findings/{number}/reopen")
    assert again.status_code == 409
    assert "当前状态不允许" in again.text
    with scene.records.connect() as conn:
        row = select(findings.c.state).where(findings.c.id == number)
        assert conn.execute(row).scalar_one() == "open"


def test_checking_now_says_what_came_of_it(manager: Desk) -> None:
    leads = manager.done("/findings/check", back="severity=warning")
    assert leads.startswith("/findings?severity=warning&done=checked&opened=")
    assert "核对完成：新发现" in manager.page(leads)


def test_who_only_reads_sees_no_forms(scene: Scene) -> None:
    add(scene, "meter_silent", "MTR-1")
    viewer = Desk(scene, "li", Grant(Role.VIEWER))
    page = viewer.page("/findings")
    assert "计量中断" in page
    assert page.count("<form") == 2  # signing out, and the filters
    assert viewer.send("/findings/1/accept", reason="x").status_code == 403


def test_an_officer_of_a_part_acts_on_that_part_alone(scene: Scene) -> None:
    mine = add(scene, "meter_silent", "MTR-2", organisation="ORG-2")
    others = add(scene, "meter_silent", "MTR-1")
    officer = Desk(scene, "zhao", Grant(Role.VIEWER), Grant(Role.OFFICER, "ORG-2"))
    page = officer.page("/findings")
    assert f"/findings/{mine}/accept" in page
    assert f'id="finding-{others}"' in page
    assert f"/findings/{others}/accept" not in page
    assert officer.send(f"/findings/{others}/accept", reason="x").status_code == 404


def test_each_leads_to_what_helps(scene: Scene, manager: Desk) -> None:
    add(scene, "device_unregistered", "stranger", organisation=None)
    add(scene, "meter_silent", "MTR-1")
    page = manager.page("/findings")
    assert 'href="/devices#device-stranger"' in page
    assert 'href="/register/MTR-1"' in page
    part = Desk(scene, "zhao", Grant(Role.MANAGER, "ORG-1"))
    assert "/devices#device-" not in part.page("/findings")


def test_every_code_shows_no_identifiers(scene: Scene, manager: Desk) -> None:
    for n, code in enumerate(finding_texts()):
        add(scene, code, "MTR-1", key=str(n), detail={})
    for language in ("zh", "en"):
        assert identifiers(manager.page(f"/findings?lang={language}")) == set()


def test_what_a_finding_holds_is_never_markup(scene: Scene, manager: Desk) -> None:
    bad = "<script>alert(1)</script>"
    add(scene, "device_unregistered", bad, organisation=None)
    page = manager.page("/findings")
    assert bad not in page
    assert "&lt;script&gt;" in page
