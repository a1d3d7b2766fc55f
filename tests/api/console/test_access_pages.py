"""The pages of accounts: each of the three roles does its own part, and nobody another's."""

import re
from pathlib import Path

import pytest

from quotawatt.access.principal import Grant
from quotawatt.access.roles import Role
from quotawatt.ledger import Ledger
from tests.api.console.desk import Desk, identifiers, said
from tests.api.scene import Scene, build_scene
from tests.quotawatt.access.people import OTHER_PASSWORD, add_ready_user, add_user


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    """On one database: the routes that the pages call are tested on both."""
    return build_scene(tmp_path)


@pytest.fixture
def system(scene: Scene) -> Desk:
    return Desk(scene, "sys", Grant(Role.SYSTEM_ADMIN))


@pytest.fixture
def security(scene: Scene) -> Desk:
    return Desk(scene, "sec", Grant(Role.SECURITY_ADMIN))


@pytest.fixture
def auditor(scene: Scene) -> Desk:
    return Desk(scene, "aud", Grant(Role.AUDITOR))


def test_an_account_is_made_given_a_role_and_blocked(
    scene: Scene, system: Desk, security: Desk
) -> None:
    form = {"name": "Wang.Fang", "display_name": "王芳", "password": OTHER_PASSWORD}
    user = system.done("/access/users", **form)
    assert user == "/access/users/wang.fang"
    assert "待修改初始密码" in said(system.page(user))
    grant = {"role": "officer", "organisation": "ORG-2", "tree": "system"}
    assert security.done(f"{user}/grants", **grant) == user
    page = said(security.page(user))
    assert "经办人 乙机关 按主管部门" in page
    assert "王芳" in said(security.page("/access"))
    (number,) = re.findall(r"/access/grants/(\d+)/remove", security.page(user))
    assert security.done(f"/access/grants/{number}/remove") == user
    assert "尚无任何角色" in said(security.page(user))
    system.done(f"{user}/block", blocked="yes")
    assert "已停用" in said(system.page(user))
    system.done(f"{user}/block", blocked="no")
    system.done(f"{user}/rename", display_name="王芳芳")
    assert "王芳芳" in system.page(user)
    system.done(f"{user}/password", password="a kite above the old wall")
    actions = [e.action for e in Ledger(scene.records).entries(1000)]
    assert actions[-4:] == ["user_blocked", "user_unblocked", "user_renamed", "password_set"]


def test_each_has_the_forms_of_their_own_part_alone(
    scene: Scene, system: Desk, security: Desk, auditor: Desk
) -> None:
    add_ready_user(scene.records, "wang", Grant(Role.VIEWER))
    user = "/access/users/wang"
    own = {
        system: ("/rename", "/block", "/password"),
        security: ("/grants", "/remove"),
        auditor: (),
    }
    for desk, forms in own.items():
        page = desk.page(user)
        for form in ("/rename", "/block", "/password", "/grants", "/remove"):
            assert (f'{form}"' in page.replace("/logout", "")) == (form in forms), form
    assert 'action="/access/users"' in system.page("/access")
    assert 'action="/access/users"' not in security.page("/access")
    assert system.send(f"{user}/grants", role="viewer").status_code == 403
    assert security.send(f"{user}/block", blocked="yes").status_code == 403
    assert auditor.send("/access/users", name="zhao").status_code == 403


@pytest.mark.parametrize(
    ("path", "fields", "status", "words"),
    [
        ("/access/users", {"name": "wang"}, 409, "该用户名已被使用"),
        ("/access/users", {"name": "!"}, 422, "用户名须为 2 至 64 个"),
        ("/access/users", {"name": ""}, 422, "填写的内容不符合要求"),
        ("/access/users", {"name": "zhao", "password": "short"}, 422, "密码须为 12 至 256 个字符"),
        ("/access/users/wang/password", {"password": "aaaaaaaaaaaaaa"}, 422, "至少包含 6 个不同"),
    ],
)
def test_what_is_wrong_with_an_account_is_said(
    scene: Scene, system: Desk, path: str, fields: dict[str, str], status: int, words: str
) -> None:
    add_user(scene.records, "wang")
    answer = system.send(path, **fields)
    assert answer.status_code == status
    assert words in said(answer.text)


def test_what_is_wrong_with_a_role_is_said(scene: Scene, security: Desk) -> None:
    add_ready_user(scene.records, "wang", Grant(Role.VIEWER))
    refused = {
        "auditor": "三员分立",
        "viewer": "该账号已有同一角色",
        "emperor": "填写的内容不符合要求",
    }
    for role, words in refused.items():
        answer = security.send("/access/users/wang/grants", role=role)
        assert answer.status_code in (409, 422)
        assert words in said(answer.text)
    own = security.send("/access/users/sec/grants", role="viewer")
    assert "不能给自己授予角色" in said(own.text)


def test_everybodys_tokens_and_sessions(scene: Scene, security: Desk, auditor: Desk) -> None:
    wang = Desk(scene, "wang", Grant(Role.VIEWER))
    wang.send("/account/tokens", name="grafana", days="30", **{"may.results.read": "on"})
    page = security.page("/access/tokens")
    assert "grafana 查看数据 与账号相同" in said(page)
    assert "/revoke" not in auditor.page("/access/tokens")
    (number,) = re.findall(r"/access/tokens/(\d+)/revoke", page)
    security.done(f"/access/tokens/{number}/revoke")
    assert "已撤销" in said(security.page("/access/tokens"))
    session = scene.app.state.gate.sessions.find(wang.secret, scene.app.state.gate.clock())
    assert f"/access/sessions/{session.id}/end" in security.page("/access/sessions")
    security.done(f"/access/sessions/{session.id}/end")
    assert wang.get("/account").headers["location"].startswith("/login")


def test_over_a_part_only_that_part_is_seen(scene: Scene) -> None:
    add_ready_user(scene.records, "inside", Grant(Role.VIEWER, "ORG-2"))
    add_ready_user(scene.records, "outside", Grant(Role.VIEWER, "ORG-1"))
    part = Desk(scene, "part", Grant(Role.SECURITY_ADMIN, "ORG-2"))
    page = part.page("/access")
    assert "inside" in page
    assert "outside" not in page
    assert 'href="/access/tokens"' not in page
    assert part.get("/access/tokens").status_code == 403
    assert part.get("/access/users/outside").status_code == 404
    form = part.page("/access/users/inside")
    assert 'value="ORG-2"' in form
    assert 'value="ORG-1"' not in form


def test_ones_own_token_is_shown_once_and_works(scene: Scene) -> None:
    wang = Desk(scene, "wang", Grant(Role.MANAGER))
    add_ready_user(scene.records, "sec", Grant(Role.SECURITY_ADMIN))
    fields = {"name": "grafana", "days": "30", "organisation": "ORG-2", "tree": "region"}
    answer = wang.send("/account/tokens", **fields, **{"may.results.read": "on"})
    assert answer.status_code == 200
    (secret,) = re.findall(r"qw_[\w-]{40,}", answer.text)
    assert secret not in wang.page("/account")
    assert "grafana 查看数据 乙机关" in said(wang.page("/account"))
    gate = scene.app.state.gate
    principal = gate.tokens.principal(secret, gate.clock())
    assert principal is not None
    assert (principal.user, principal.token.organisation) == ("wang", "ORG-2")
    (number,) = re.findall(r"/account/tokens/(\d+)/revoke", wang.page("/account"))
    assert wang.done(f"/account/tokens/{number}/revoke") == "/account#tokens"
    assert gate.tokens.principal(secret, gate.clock()) is None


def test_what_is_wrong_with_a_token_is_said(scene: Scene) -> None:
    wang = Desk(scene, "wang", Grant(Role.MANAGER))
    nothing = wang.send("/account/tokens", name="x", days="30")
    assert nothing.status_code == 422
    nameless = wang.send("/account/tokens", name=" ", days="30", **{"may.results.read": "on"})
    assert "令牌名称须为 1 至 64 个字符" in said(nameless.text)
    # What nobody may give a token is no choice, and is not taken from a form either.
    assert "may.accounts.write" not in Desk(scene, "sys", Grant(Role.SYSTEM_ADMIN)).page("/account")
    personal = wang.send("/account/tokens", name="x", days="30", **{"may.grants.write": "on"})
    assert personal.status_code == 422


def test_one_ends_ones_other_sessions(scene: Scene) -> None:
    wang = Desk(scene, "wang", Grant(Role.VIEWER))
    gate = scene.app.state.gate
    with scene.records.begin() as conn:
        other = gate.sessions.open(conn, "wang", "198.51.100.4", gate.clock())
    page = wang.page("/account")
    assert "198.51.100.4" in page
    (number,) = re.findall(r"/account/sessions/(\d+)/end", page)
    assert wang.done(f"/account/sessions/{number}/end") == "/account#sessions"
    assert gate.by_session(other) is None
    assert gate.by_session(wang.secret) is not None


def test_a_wrong_password_is_told_in_the_readers_language(scene: Scene) -> None:
    wang = Desk(scene, "wang", Grant(Role.VIEWER))
    new = "the ferry leaves at seven"
    wrong = wang.send("/account/password", old="not this one", new=new, again=new)
    assert wrong.status_code == 422
    assert "密码未修改：当前密码不正确" in said(wrong.text)
    differs = wang.send("/account/password", old=OTHER_PASSWORD, new=new, again="other")
    assert "两次输入的新密码必须一致" in said(differs.text)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_identifiers_show(scene: Scene, language: str) -> None:
    for role in Role:
        add_ready_user(scene.records, f"user.{role.value.replace('_', '.')}", Grant(role, "ORG-1"))
    desk = Desk(scene, "sec", Grant(Role.SECURITY_ADMIN))
    for path in ("/access", "/access/users/user.viewer", "/access/tokens", "/access/sessions"):
        assert identifiers(desk.page(f"{path}?lang={language}")) == set(), path
    assert identifiers(desk.page(f"/account?lang={language}")) == set()
