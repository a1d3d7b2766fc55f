"""Silences: previewed, added, listed and ended by form, each within one's reach."""

from pathlib import Path

import pytest

from quotawatt.access.principal import Grant
from quotawatt.access.roles import Role
from quotawatt.ledger import Ledger
from tests.api.case_world import add_case
from tests.api.console.desk import Desk, identifiers, said
from tests.api.scene import Scene, build_scene

SILENCE = {"assets": "MTR-2", "ends_at": "2024-01-02T08:00", "comment": "更换网关"}
WINDOW = {
    "kind": "maintenance",
    "organisations": "ORG-2",
    "rules": "meter-silent",
    "severity.warning": "yes",
    "ends_at": "2024-03-01T00:00",
    "recurs": "yes",
    "days": "working",
    "month_days": "1，-1",
    "from": "22:00",
    "until": "06:00",
    "comment": "夜间检修",
}


@pytest.fixture
def scene(tmp_path: Path, records_url: str) -> Scene:
    return build_scene(tmp_path, records_url=records_url)


@pytest.fixture
def officer(scene: Scene) -> Desk:
    return Desk(scene, "li", Grant(Role.OFFICER, "ORG-2"))


def test_it_is_added_listed_and_ended(scene: Scene, officer: Desk) -> None:
    where = officer.done("/silences", **SILENCE)
    assert where == "/silences/1?done=added"
    page = said(officer.page(where))
    for words in ("第 1 号已保存", "生效中", "二号楼总表", "更换网关", "2024-01-02 08:00"):
        assert words in page
    assert "静默 第 1 号" in said(officer.page("/silences"))
    assert officer.done("/silences/1/end") == "/silences/1?done=ended"
    assert "由 li 提前结束" in said(officer.page("/silences/1?done=ended"))
    assert "没有静默或维护时段" in said(officer.page("/silences"))
    assert "静默 第 1 号" in said(officer.page("/silences?over=true"))
    again = officer.send("/silences/1/end")
    assert again.status_code == 409
    assert "已经结束，无须再结束" in said(again.text)
    actions = [entry.action for entry in Ledger(scene.records).entries()]
    assert [a for a in actions if a.startswith("silence_")] == ["silence_added", "silence_ended"]


def test_a_window_that_recurs_says_when_and_is_kept_as_filled_in(officer: Desk) -> None:
    page = officer.send("/silences/preview", **WINDOW)
    assert page.status_code == 200
    words = said(page.text)
    assert "还没有保存" in words
    # 31 January is its last day and a working one; 1 January and the Spring Festival are not.
    assert "2024-01-31 22:00 至 2024-02-01 06:00" in words
    for field in ('name="recurs" value="yes" checked', 'value="1，-1"', 'value="working" selected'):
        assert field in page.text
    assert "没有静默或维护时段" in said(officer.page("/silences"))
    kept = said(officer.page(officer.done("/silences", **WINDOW)))
    assert "工作日（含调休上班） · 每月第几日 1、-1 22:00–06:00" in kept
    assert "警告" in kept


def test_the_preview_lists_the_open_cases_that_it_matches(scene: Scene, officer: Desk) -> None:
    mine = add_case(scene, rule="meter-silent", asset="MTR-2", subject="MTR-2")
    grave = add_case(scene, asset="MTR-2", subject="MTR-2", severity="critical")
    others = add_case(scene, asset="BLD-1", subject="BLD-1", organisation="ORG-1")
    page = officer.send("/silences/preview", **SILENCE).text
    assert f'href="/cases/{mine}"' in page
    assert f'href="/cases/{grave}"' in page
    assert f'href="/cases/{others}"' not in page
    assert "其中严重 1 件" in said(page)


def test_the_form_is_filled_in_from_the_address(officer: Desk) -> None:
    page = officer.page("/silences/new?assets=MTR-2&rules=meter-silent&unknown=x")
    assert 'name="assets" value="MTR-2"' in page
    assert '<option value="meter-silent" selected>' in page
    assert 'value="ORG-1"' not in page  # out of reach


WRONG = (
    ({"comment": ""}, "请写明原因"),
    ({"assets": ""}, "请至少填写一项静默什么"),
    ({"starts_at": "2023-01-01T00:00"}, "开始时间不能早于现在"),
    ({"ends_at": "2024-06-01T00:00"}, "最长 30 天"),
    ({"recurs": "yes", "from": "08:00"}, "只有维护时段可以按日历重复"),
    ({"recurs": "yes", "kind": "maintenance", "month_days": "x"}, "不符合要求"),
    ({"recurs": "yes", "kind": "maintenance", "working_days": "40"}, "不符合要求"),
    ({"ends_at": "tomorrow"}, "不符合要求"),
    ({"ends_at": ""}, "不符合要求"),
    ({"kind": "for ever"}, "不符合要求"),
    ({"rules": "no-such-rule"}, "不符合要求"),
)


def test_what_is_wrong_is_said_and_the_form_kept(scene: Scene) -> None:
    manager = Desk(scene, "wang", Grant(Role.MANAGER))
    for fields, words in WRONG:
        answer = manager.send("/silences/preview", **{**SILENCE, **fields})
        assert answer.status_code == 422, fields
        assert words in said(answer.text), fields
        assert fields.get("comment", "更换网关") in answer.text
    assert manager.send("/silences", **{**SILENCE, "comment": ""}).status_code == 422
    assert "没有静默或维护时段" in said(manager.page("/silences"))


def test_beyond_ones_reach_nothing_is_silenced_or_ended(scene: Scene, officer: Desk) -> None:
    assert officer.send("/silences", **{**SILENCE, "assets": "MTR-1"}).status_code == 404
    everything = {**SILENCE, "assets": "", "rules": "meter-silent"}
    assert officer.send("/silences", **everything).status_code == 403
    manager = Desk(scene, "wang", Grant(Role.MANAGER))
    manager.done("/silences", **everything)
    page = officer.page("/silences/1")
    assert "/silences/1/end" not in page
    assert officer.send("/silences/1/end").status_code == 403
    assert "/silences/1/end" in manager.page("/silences/1")


def test_who_only_reads_sees_no_forms(scene: Scene, officer: Desk) -> None:
    officer.done("/silences", **SILENCE)
    viewer = Desk(scene, "zhao", Grant(Role.VIEWER, "ORG-2"))
    assert viewer.page("/silences/1").count("<form") == 1  # signing out
    assert "/silences/new" not in viewer.page("/silences")
    assert viewer.get("/silences/new").status_code == 403
    assert officer.send("/silences", csrf="wrong", **SILENCE).status_code == 403


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_identifiers_show(scene: Scene, officer: Desk, language: str) -> None:
    add_case(scene, rule="meter-silent", asset="MTR-2", subject="MTR-2")
    officer.done("/silences", **WINDOW)
    for path in ("/silences", "/silences/1", "/silences/new"):
        assert identifiers(officer.page(f"{path}?lang={language}")) == set(), path
