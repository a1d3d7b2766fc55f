"""The pages of cases: what they show in both languages, who may do what, and that the forms do it."""

from datetime import date, timedelta

import httpx
import pytest
from sqlalchemy import insert

from alerts.cases.book import read_case
from alerts.cases.model import CaseState
from api.console import case_page
from quotawatt.access.principal import Grant
from quotawatt.access.roles import Role
from quotawatt.errors import StoreError
from quotawatt.storage.case_tables import notices
from tests.api.case_world import QUOTA, add_case
from tests.api.console.desk import Desk, identifiers, said
from tests.api.scene import NOW, Scene

PNG = b"\x89PNG\r\n\x1a\n" + bytes(32)


@pytest.fixture
def case(scene: Scene) -> int:
    """An overrun of ORG-2, overdue."""
    return add_case(
        scene,
        rule="quota-exhausted",
        subject=f"BLD-2/{QUOTA}/2023",
        severity="critical",
        due_on=date(2023, 12, 15),
        owner="account:li",
    )


@pytest.fixture
def officer(scene: Scene) -> Desk:
    return Desk(scene, "li", Grant(Role.OFFICER, "ORG-2"))


@pytest.fixture
def manager(scene: Scene) -> Desk:
    return Desk(scene, "wang", Grant(Role.MANAGER))


def state_of(scene: Scene, number: int) -> CaseState:
    with scene.records.connect() as conn:
        return read_case(conn, number).state


def hand_in(desk: Desk, path: str, comment: str, content: bytes, name: str) -> httpx.Response:
    fields = {"csrf": desk.csrf, "comment": comment, "version": "1"}
    parts = {"file": (name, content, "image/png")}
    return desk.client.post(path, data=fields, files=parts)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", ["事项督办", "年度定额已用完", "二号楼", "乙机关", "待签收", "逾期", "2023-12-15"]),
        ("en", ["Cases", "Building Two", "Second Office", "Open", "overdue", "still so"]),
    ],
)
def test_the_list_in_both_languages(
    case: int, officer: Desk, language: str, words: list[str]
) -> None:
    page = officer.page(f"/cases?lang={language}")
    assert [word for word in words if word not in said(page)] == []
    assert f'href="/cases/{case}"' in page
    assert identifiers(page) == set()


def test_what_is_chosen_is_shown_and_what_is_out_of_reach_is_not(
    scene: Scene, case: int, officer: Desk, manager: Desk
) -> None:
    other = add_case(
        scene, rule="meter-silent", subject="MTR-1", asset="MTR-1", organisation="ORG-1"
    )

    def listed(desk: Desk, query: str) -> list[int]:
        page = desk.page(f"/cases?{query}")
        return [n for n in (case, other) if f'id="case-{n}"' in page]

    assert listed(manager, "") == [case, other]
    assert listed(officer, "") == [case]
    assert listed(officer, "mine=true") == [case]
    assert listed(manager, "mine=true") == []
    assert listed(manager, "severity=critical") == [case]
    assert listed(manager, "overdue=true") == [case]
    assert listed(manager, "rule=meter-silent") == [other]
    assert listed(manager, "organisation=ORG-2") == [case]
    assert listed(manager, "state=closed") == []
    assert listed(manager, "state=all&q=一号楼") == [other]
    assert officer.get(f"/cases/{other}").status_code == 404
    assert officer.get("/cases?organisation=ORG-1").status_code == 404


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", ["第 17 条", "新增", "签收", "尚未通知任何人", "仍在发生", "超定额说明"]),
        ("en", ["Opened", "Acknowledge", "Nobody was told yet", "still so"]),
    ],
)
def test_a_case_says_what_how_much_and_by_which_clause(
    case: int, manager: Desk, language: str, words: list[str]
) -> None:
    page = manager.page(f"/cases/{case}?lang={language}")
    assert [word for word in words if word not in said(page)] == []
    assert identifiers(page) == set()


def test_it_is_taken_up_with_a_comment_and_a_photo_at_once(
    scene: Scene, case: int, officer: Desk
) -> None:
    answer = hand_in(officer, f"/cases/{case}/acknowledge", "已到现场", PNG, "hall.png")
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/cases/{case}?done=acknowledge"
    page = said(officer.page(f"/cases/{case}?done=acknowledge"))
    for word in ("已签收。", "整改中", "已到现场", "hall.png"):
        assert word in page
    assert page.count("已到现场") == 1


def test_where_the_photo_is_refused_nothing_is_done_and_the_words_stay(
    scene: Scene, case: int, officer: Desk
) -> None:
    answer = hand_in(officer, f"/cases/{case}/acknowledge", "已到现场", b"GIF89a", "hall.gif")
    assert (answer.status_code, state_of(scene, case)) == (422, CaseState.OPEN)
    assert "文件须为 JPEG、PNG 或 PDF" in answer.text
    assert "已到现场</textarea>" in answer.text


def test_from_measure_to_four_eyes_and_closed(scene: Scene, case: int, officer: Desk) -> None:
    manager = Desk(scene, "wang", Grant(Role.MANAGER), Grant(Role.OFFICER))
    officer.done(f"/cases/{case}/acknowledge")
    officer.done(f"/cases/{case}/measure", comment="加装定时器")
    manager.done(f"/cases/{case}/due", due_on="2024-01-15", version="3")
    manager.done(f"/cases/{case}/assign", other="li", version="4")
    officer.done(f"/cases/{case}/propose", comment="已恢复", version="5")
    manager.done(f"/cases/{case}/send-back", comment="请补照片", version="6")
    manager.done(f"/cases/{case}/propose", comment="照片已补", version="7")
    own = manager.send(f"/cases/{case}/close", comment="好", version="8")
    assert own.status_code == 409
    assert "申请人不能核验自己的办结申请" in own.text
    Desk(scene, "qian", Grant(Role.MANAGER)).done(
        f"/cases/{case}/close", comment="现场核实", version="8"
    )
    assert state_of(scene, case) is CaseState.CLOSED
    page = said(manager.page(f"/cases/{case}"))
    for word in ("人工办结", "办结时仍在发生", "加装定时器", "2023-12-15 → 2024-01-15"):
        assert word in page
    manager.done(f"/cases/{case}/reopen", comment="又发生", version="9")
    assert state_of(scene, case) is CaseState.OPEN


def test_what_somebody_else_changed_is_not_overwritten(
    scene: Scene, case: int, officer: Desk, manager: Desk
) -> None:
    officer.done(f"/cases/{case}/comment", comment="看过")
    answer = manager.send(f"/cases/{case}/close", comment="好", version="1")
    assert (answer.status_code, state_of(scene, case)) == (412, CaseState.OPEN)
    assert "他人刚刚处理过" in answer.text
    assert "好</textarea>" in answer.text


def test_forms_are_of_those_who_may(scene: Scene, case: int, officer: Desk) -> None:
    viewer = Desk(scene, "sun", Grant(Role.VIEWER))
    page = viewer.page(f"/cases/{case}")
    assert "<form" not in page.partition("<main")[2]
    assert viewer.send(f"/cases/{case}/acknowledge").status_code == 403
    assert "/close" not in officer.page(f"/cases/{case}")
    assert officer.send(f"/cases/{case}/close", comment="好").status_code == 403
    stolen = officer.client.post(f"/cases/{case}/acknowledge", content="csrf=other")
    assert (stolen.status_code, state_of(scene, case)) == (403, CaseState.OPEN)


def test_words_that_are_missing_are_asked_for(case: int, officer: Desk) -> None:
    for verb, words in (("measure", "请填写整改措施"), ("comment", "请填写批注内容")):
        answer = officer.send(f"/cases/{case}/{verb}", comment=" ")
        assert (answer.status_code, words in answer.text) == (422, True)
    nothing = officer.send(f"/cases/{case}/evidence")
    assert (nothing.status_code, "请选择一个文件" in nothing.text) == (422, True)


def test_who_was_told_and_why_somebody_was_not(scene: Scene, case: int, officer: Desk) -> None:
    common = {
        "case": case,
        "event": "opened",
        "at": NOW,
        "route": "default",
        "site": "SITE-1",
        "rule": "quota-exhausted",
        "severity": "critical",
        "at_once": True,
        "message": "",
    }
    told = {**common, "recipient": "account:li", "channel": "email", "state": "waiting"}
    with scene.records.begin() as conn:
        conn.execute(
            insert(notices),
            [
                {**told, "reason": "quiet", "held_until": NOW + timedelta(hours=8)},
                {
                    **told,
                    "channel": "sms",
                    "state": "dropped",
                    "reason": "silenced:12",
                    "held_until": None,
                },
            ],
        )
    page = said(officer.page(f"/cases/{case}"))
    assert "免打扰时段 至 2024-01-01 08:00" in page
    assert "静默（第 12 号）" in page


def test_an_explanation_is_handed_in(scene: Scene, case: int) -> None:
    keeper = Desk(scene, "he", Grant(Role.MANAGER))
    keeper.done(
        f"/cases/{case}/explain", reason="周末开放", measures="定时器", amount="18000", version="1"
    )
    assert "周末开放" in said(keeper.page(f"/cases/{case}"))


def test_long_texts_in_chinese_are_taken_whole(scene: Scene, case: int) -> None:
    keeper = Desk(scene, "he", Grant(Role.MANAGER))
    long = "因" * 2000
    keeper.done(f"/cases/{case}/explain", reason=long, measures=long, amount="1", version="1")
    assert long in keeper.page(f"/cases/{case}")


def test_the_list_leads_to_the_statistics(officer: Desk) -> None:
    assert 'href="/cases/statistics"' in officer.page("/cases")


def test_the_overview_leads_to_the_case(scene: Scene, manager: Desk) -> None:
    manager.done("/alerts/1/acknowledge", comment="看过")
    page = manager.page("/")
    assert '<a href="/cases/1">' in page
    assert "看过" in said(manager.page("/cases/1"))


def test_where_results_cannot_be_read_the_case_is_still_worked_on(
    scene: Scene, case: int, officer: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_: object) -> None:
        raise StoreError("the series store must answer, but it did not")

    monkeypatch.setattr(case_page, "impacts_from", lambda *_: fails)
    assert "数据存储没有应答" in said(officer.page(f"/cases/{case}"))
    officer.done(f"/cases/{case}/acknowledge", comment="先处理")
    assert state_of(scene, case) is CaseState.ACKNOWLEDGED
