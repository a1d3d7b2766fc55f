"""The ledger's pages: what was done in words, before and after, the chain's state, heads, evidence packs."""

import io
import re
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from api.console.texts import TEXTS
from quotawatt.access.principal import Grant
from quotawatt.access.roles import Role
from quotawatt.ledger import Ledger
from quotawatt.ledger.outside import head_folders, place_head
from quotawatt.register.model import Register
from quotawatt.register.repository import save_register
from quotawatt.storage.tables import ledger
from tests.api.console.desk import Desk, identifiers, said
from tests.api.register_scene import stored_scene
from tests.api.scene import NOW, REGISTER, Scene

ROOT = Path(__file__).parents[3]
PARTS = ("quotawatt", "alerts", "api", "analytics", "collectors")


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    """On one database: the routes that the pages call are tested on both."""
    return stored_scene(tmp_path)


@pytest.fixture
def auditor(scene: Scene) -> Desk:
    return Desk(scene, "aud", Grant(Role.AUDITOR))


def append(scene: Scene, action: str, subject: str, **more: object) -> int:
    given = {"at": NOW, "actor": "wang", "detail": {}, **more}
    with scene.records.begin() as conn:
        entry = Ledger(scene.records).append(conn, action=action, subject=subject, **given)  # type: ignore[arg-type]
    return entry.seq


def test_entries_are_listed_in_words_and_chosen(scene: Scene, auditor: Desk) -> None:
    one = append(scene, "finding_accepted", "MTR-1", actor="wang")
    two = append(scene, "alert_acknowledged", "meter-silent:MTR-2", actor="li")
    three = append(scene, "something_new", "elsewhere", actor="li", at=NOW - timedelta(days=9))
    page = said(auditor.page("/ledger"))
    assert "接受核对问题 一号楼总表 MTR-1" in page
    assert "确认告警 二号楼总表 meter-silent:MTR-2" in page

    def shown(query: str) -> set[int]:
        links = re.findall(r'href="/ledger/(\d+)"', auditor.page(f"/ledger?{query}"))
        return {int(n) for n in links} & {one, two, three}

    assert shown("actor=li") == {two, three}
    assert shown("action=finding_accepted") == {one}
    assert shown("subject=MTR-2") == {two}
    assert shown("until=2023-12-31") == {three}
    assert shown(f"before={two}") == {one}
    wrong = auditor.get("/ledger?from=yesterday")
    assert wrong.status_code == 422
    assert "填写的内容不符合要求" in wrong.text


def test_more_than_a_page_leads_to_earlier_ones(scene: Scene, auditor: Desk) -> None:
    for _ in range(101):
        append(scene, "finding_accepted", "MTR-1")
    page = auditor.page("/ledger?subject=MTR-1")
    (before,) = re.findall(r"/ledger\?subject=MTR-1&amp;before=(\d+)", page)
    assert "导入资产台账" in auditor.page(f"/ledger?before={before}")


def test_a_change_of_the_register_is_drawn_before_and_after(scene: Scene, auditor: Desk) -> None:
    larger = replace(REGISTER.buildings["BLD-1"], gross_area_m2=1200.0)
    changed = Register(
        organisations=list(REGISTER.organisations.values()),
        headcounts=REGISTER.headcounts,
        sites=list(REGISTER.sites.values()),
        buildings=[larger, REGISTER.buildings["BLD-2"]],
        meters=list(REGISTER.meters.values()),
        bindings=REGISTER.bindings,
    )
    save_register(scene.records, changed, "wang", NOW)
    number = Ledger(scene.records).head().seq
    page = said(auditor.page(f"/ledger/{number}"))
    assert "建筑 一号楼 BLD-1 修改" in page
    assert "建筑面积 (m²) 1,000 1,200" in page
    assert "基准年数值" in page
    assert "删除" in page
    assert "涉及的资产" in page


def test_other_changes_are_drawn_too(scene: Scene, auditor: Desk) -> None:
    moved = append(
        scene,
        "pool_handed_over",
        "MTR-1",
        detail={"holder": "ORG-1", "day": "2024-01-02", "note": None, "request": 7},
        rule="公物仓管理办法 第 6 条",
        before={"state": "reserved", "taker": None},
        after={"state": "handed_over", "taker": "ORG-2"},
    )
    page = said(auditor.page(f"/ledger/{moved}"))
    assert "状态 已分配 已移交" in page
    assert "接收单位 – 乙机关 ORG-2" in page
    assert "提供单位 甲机关 ORG-1" in page
    assert "公物仓管理办法 第 6 条" in page
    granted = append(
        scene,
        "token_made",
        "users/wang",
        after={"permissions": ["results.read"], "expires_at": "2024-02-01T00:00:00+00:00"},
    )
    page = said(auditor.page(f"/ledger/{granted}"))
    assert "权限 – 查看数据" in page
    assert "到期 – 2024-02-01 08:00" in page
    assert "账号 wang" in page


def test_an_entry_with_an_attachment_is_shown_whole(scene: Scene, auditor: Desk) -> None:
    number = append(scene, "settings_changed", "host", detail={"changed": ["x" * 90] * 300})
    page = auditor.page(f"/ledger/{number}")
    assert page.count("x" * 90) >= 300
    assert auditor.get(f"/ledger/{number + 1}").status_code == 404


def test_verifying_is_told_and_kept(scene: Scene, auditor: Desk) -> None:
    assert "尚未核验" in auditor.page("/ledger")
    assert auditor.done("/ledger/verify") == "/ledger#chain"
    page = said(auditor.page("/ledger"))
    assert "完整，共" in page
    assert "由 aud 核验" in page
    entry = Ledger(scene.records).entries(1000)[-1]
    assert (entry.action, entry.actor) == ("ledger_verified", "aud")


def test_an_altered_entry_is_named(scene: Scene, auditor: Desk) -> None:
    with scene.records.begin() as conn:
        conn.execute(update(ledger).where(ledger.c.seq == 1).values(actor="nobody"))
    auditor.done("/ledger/verify")
    page = said(auditor.page("/ledger"))
    assert "台账链不完整" in page
    assert "第 1 条被改动" in page


def test_signed_heads_are_held_against_the_chain(scene: Scene, auditor: Desk) -> None:
    assert "还没有签名链头" in auditor.page("/ledger/heads")
    settings = scene.services.settings
    day = datetime(2024, 1, 1, 3, tzinfo=UTC)
    place_head(scene.records, settings, day)
    append(scene, "finding_accepted", "MTR-1")
    place_head(scene.records, settings, day + timedelta(days=2))
    page = said(auditor.page("/ledger/heads"))
    assert "2 个签名链头与台账一致" in page
    assert date(2024, 1, 2).isoformat() in page  # a day without one
    newest = max(head_folders(settings)[0].iterdir())
    newest.write_text(newest.read_text().replace('"count":', '"count":9'))
    page = said(auditor.page("/ledger/heads"))
    assert "的签名不符" in page


def test_the_evidence_pack_has_what_was_chosen(scene: Scene, auditor: Desk) -> None:
    number = append(scene, "finding_accepted", "MTR-1")
    append(scene, "finding_accepted", "MTR-2")
    page = auditor.page("/ledger?subject=MTR-1")
    assert '<input type="hidden" name="subject" value="MTR-1">' in page
    answer = auditor.send("/ledger/export", subject="MTR-1", action="finding_accepted")
    assert answer.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as pack:
        lines = pack.read("entries.jsonl").decode().splitlines()
    assert len(lines) == 1
    assert f'"seq":{number}' in lines[0]
    refused = auditor.send("/ledger/export", **{"from": "yesterday"})
    assert refused.status_code == 422


def test_the_ledger_is_for_the_auditor_alone(scene: Scene) -> None:
    for role in (Role.MANAGER, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN):
        desk = Desk(scene, f"u.{role.value[:3]}", Grant(role))
        assert desk.get("/ledger").status_code == 403
        assert desk.send("/ledger/verify").status_code == 403
    part = Desk(scene, "part", Grant(Role.AUDITOR, "ORG-2"))
    append(scene, "finding_accepted", "MTR-1")
    assert "一号楼总表" not in part.page("/ledger")
    assert "/ledger/export" not in part.page("/ledger")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_identifiers_show(scene: Scene, auditor: Desk, language: str) -> None:
    place_head(scene.records, scene.services.settings, NOW)
    auditor.done("/ledger/verify")
    for path in ("/ledger", "/ledger/heads", "/ledger/1", "/ledger/2", "/ledger/4"):
        assert identifiers(auditor.page(f"{path}?lang={language}")) == set(), path


def test_all_that_the_system_puts_down_has_a_name() -> None:
    sources = [f.read_text() for part in PARTS for f in (ROOT / part).rglob("*.py")]
    code = "\n".join(sources)
    patterns = (
        r'action="([a-z_]+)"',
        r'Deed\(\s*"([a-z_]+)"',
        r'_record\(\s*conn, at, [a-z.]+, "([a-z_]+)"',
        r'record_deed\(conn, "([a-z_]+)"',
        r'"(alert_[a-z_]+)"',
        r'"(pack_(?:proposed|approved|rejected|withdrawn))"',
        r'_done\(services, permit, code, "([a-z_]+)"',
    )
    found = {name for pattern in patterns for name in re.findall(pattern, code)}
    found -= {"store_true"}  # of a command line
    assert len(found) > 40
    assert sorted(name for name in found if f"action_{name}" not in TEXTS) == []
