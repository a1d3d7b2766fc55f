"""The gate: signing in and out, sessions and their cookies, and the token that a form must carry."""

import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy import select

from api.auth import COOKIE
from api.console.drawing import safe_next
from api.local import ACTOR_HEADER, locally
from quotawatt.access.principal import Grant
from quotawatt.access.roles import Role
from quotawatt.clock import system_clock
from quotawatt.ledger import Ledger
from quotawatt.settings import Settings
from quotawatt.storage.access_tables import sessions
from quotawatt.storage.schema import metadata
from quotawatt.storage.tables import counters
from tests.api.scene import TOKEN, Client, Scene, build_scene
from tests.quotawatt.access.people import (
    HOLDER,
    OTHER_PASSWORD,
    PASSWORD,
    add_ready_user,
    add_user,
)

PAGE = {"Accept": "text/html"}


def form_of(client: Client, path: str = "/login") -> dict[str, str]:
    """The hidden fields of a page's first form."""
    page = client.get(path, headers=PAGE).text
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))


def sign_in(client: Client, user: str, password: str = PASSWORD, **more: str) -> httpx.Response:
    """Send the sign-in form as a browser does."""
    fields = {**form_of(client), "user": user, "password": password, **more}
    return client.post("/login", content=urlencode(fields), headers=PAGE)


def person(scene: Scene, role: Role = Role.VIEWER, name: str = "wang") -> Client:
    """A browser in which an account with the role is signed in."""
    add_ready_user(scene.records, name, Grant(role))
    client = Client(scene.app)
    assert sign_in(client, name).status_code == 303
    return client


def ledger_of(scene: Scene) -> list[tuple[str, str, str]]:
    return [(e.actor, e.action, e.subject) for e in Ledger(scene.records).entries(1000)]


def local(scene: Scene, headers: Mapping[str, str]) -> Client:
    """Whoever holds the home folder."""
    return Client(locally(scene.app), {**scene.bearer, **headers})  # type: ignore[arg-type]


# --- name and password -------------------------------------------------------------------------------


def test_name_and_password_sign_in(scene: Scene) -> None:
    add_ready_user(scene.records, "wang", Grant(Role.MANAGER))
    client = Client(scene.app)
    answer = sign_in(client, "WANG ")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/"
    cookie = next(c for c in answer.headers.get_list("set-cookie") if c.startswith(f"{COOKIE}="))
    assert "HttpOnly" in cookie
    assert "samesite=strict" in cookie.lower()
    assert "secure" not in cookie.lower()
    assert client.get("/api/v1/me").json()["name"] == "wang"
    assert ledger_of(scene)[-1] == ("wang", "signed_in", "users/wang")


def test_over_https_the_cookie_is_for_https_alone(scene: Scene) -> None:
    add_ready_user(scene.records, "wang", Grant(Role.VIEWER))
    client = Client(scene.app, base_url="https://quotawatt.test")
    answer = sign_in(client, "wang")
    cookie = next(c for c in answer.headers.get_list("set-cookie") if c.startswith(f"{COOKIE}="))
    assert "secure" in cookie.lower()
    assert answer.headers["strict-transport-security"] == "max-age=31536000"
    assert "strict-transport-security" not in Client(scene.app).get("/login").headers


@pytest.mark.parametrize(
    ("user", "password"),
    [("wang", OTHER_PASSWORD), ("wang", ""), ("nobody", PASSWORD), ("", ""), ("wang", "x" * 5000)],
)
def test_wrong_ones_do_not_and_leave_no_session(scene: Scene, user: str, password: str) -> None:
    add_ready_user(scene.records, "wang", Grant(Role.VIEWER))
    client = Client(scene.app)
    answer = sign_in(client, user, password)
    assert answer.status_code == 401
    assert "用户名与密码必须相符" in answer.text
    assert COOKIE not in client.cookies
    with scene.records.connect() as conn:
        assert conn.execute(select(sessions)).all() == []


def test_a_blocked_account_does_not_and_is_told_nothing_else(scene: Scene) -> None:
    client = person(scene)
    scene.app.state.gate.users.set_blocked(HOLDER, "wang", True, system_clock())
    assert client.get("/api/v1/me").status_code == 401
    again = sign_in(Client(scene.app), "wang")
    assert again.status_code == 401
    assert "用户名与密码必须相符" in again.text


def test_failures_name_no_account_that_is_none(scene: Scene) -> None:
    add_ready_user(scene.records, "wang")
    sign_in(Client(scene.app), "my-secret-in-the-wrong-field", "x")
    sign_in(Client(scene.app), "wang", "not the password")
    failed = [e for e in Ledger(scene.records).entries(1000) if e.action == "sign_in_failed"]
    assert [e.subject for e in failed] == ["users", "users/wang"]
    told = " ".join(e.subject + e.detail for e in failed)
    assert "my-secret-in-the-wrong-field" not in told
    assert "not the password" not in told


def test_a_first_password_must_be_changed_before_anything_else(scene: Scene) -> None:
    add_user(scene.records, "wang", Grant(Role.MANAGER))
    client = Client(scene.app)
    assert sign_in(client, "wang").headers["location"] == "/account"
    refused = client.get("/api/v1/quota")
    assert refused.status_code == 403
    assert "a first password must be changed" in refused.json()["detail"]
    fields = {"old": PASSWORD, "new": OTHER_PASSWORD, "again": OTHER_PASSWORD}
    form = {**form_of(client, "/account"), **fields}
    changed = client.post("/account/password", content=urlencode(form), headers=PAGE)
    assert changed.headers["location"] == "/account?changed=true"
    assert "密码已修改" in client.get("/account?changed=true", headers=PAGE).text
    assert client.get("/api/v1/quota").status_code == 200


@pytest.mark.parametrize("role", [None, *Role])
def test_whoever_signs_in_first_changes_the_password_and_is_led_on(
    scene: Scene, role: Role | None
) -> None:
    add_user(scene.records, "wang", *([Grant(role)] if role else []))
    client = Client(scene.app)
    assert sign_in(client, "wang").headers["location"] == "/account"
    page = client.get("/account", headers=PAGE)
    assert page.status_code == 200, page.text
    assert 'action="/account/password"' in page.text
    assert 'action="/account/tokens"' not in page.text
    refused = client.get("/", headers=PAGE)
    assert refused.status_code == 403
    assert 'class="button primary" href="/account"' in refused.text
    assert "须先修改密码" in refused.text
    fields = {"old": PASSWORD, "new": OTHER_PASSWORD, "again": OTHER_PASSWORD}
    wrong = {**form_of(client, "/account"), **fields, "again": "another"}
    again = client.post("/account/password", content=urlencode(wrong), headers=PAGE)
    assert again.status_code == 422
    assert "两次输入的新密码必须一致" in again.text
    form = {**form_of(client, "/account"), **fields}
    changed = client.post("/account/password", content=urlencode(form), headers=PAGE)
    page = client.get(changed.headers["location"], headers=PAGE)
    assert page.status_code == 200, page.text
    led = re.search(r'role="status">密码已修改[^<]*<a href="([^"]*)">继续</a>', page.text)
    assert (led is None) == (role is None)
    if led:
        assert client.get(led[1], headers=PAGE).status_code == 200, led[1]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"old": PASSWORD, "new": OTHER_PASSWORD, "again": "another"}, "两次输入的新密码必须一致"),
        ({"old": "wrong", "new": OTHER_PASSWORD, "again": OTHER_PASSWORD}, "当前密码不正确"),
        ({"old": PASSWORD, "new": "password1234", "again": "password1234"}, "密码太容易猜到"),
        ({}, "当前密码不正确"),
    ],
)
def test_a_password_is_not_changed_by_a_wrong_form(
    scene: Scene, fields: dict[str, str], words: str
) -> None:
    client = person(scene)
    form = {**form_of(client, "/account"), **fields}
    answer = client.post("/account/password", content=urlencode(form), headers=PAGE)
    assert answer.status_code == 422
    assert words in answer.text
    assert sign_in(Client(scene.app), "wang").status_code == 303


# --- sessions ----------------------------------------------------------------------------------------


def test_a_session_that_somebody_planted_is_not_taken_up(scene: Scene) -> None:
    add_ready_user(scene.records, "wang", Grant(Role.VIEWER))
    client = Client(scene.app)
    client.cookies.set(COOKIE, "planted", domain="quotawatt.test")
    sign_in(client, "wang")
    assert client.cookies[COOKIE] != "planted"
    planted = Client(scene.app, {"Cookie": f"{COOKIE}=planted"})
    assert planted.get("/api/v1/me").status_code == 401


def test_each_sign_in_has_a_session_of_its_own(scene: Scene) -> None:
    one = person(scene)
    other = Client(scene.app)
    sign_in(other, "wang")
    assert one.cookies[COOKIE] != other.cookies[COOKIE]


def test_signing_out_ends_the_session_for_good(scene: Scene) -> None:
    client = person(scene)
    secret = client.cookies[COOKIE]
    assert client.post("/logout", content="csrf=no").status_code == 403
    form = form_of(client, "/account")
    assert client.post("/logout", content=urlencode(form)).status_code == 303
    assert ledger_of(scene)[-1] == ("wang", "signed_out", "users/wang")
    kept = Client(scene.app, {"Cookie": f"{COOKIE}={secret}"})
    assert kept.get("/api/v1/me").status_code == 401


def test_a_session_reads_the_api_and_changes_only_with_its_forms_token(scene: Scene) -> None:
    client = person(scene, Role.OFFICER)
    assert client.get("/api/v1/quota").status_code == 200
    refused = client.post("/api/v1/alerts/1/acknowledge", json={})
    assert refused.status_code == 403
    assert refused.headers["content-type"] == "application/problem+json"
    csrf = form_of(client, "/account")["csrf"]
    done = client.post("/api/v1/alerts/1/acknowledge", json={}, headers={"X-CSRF-Token": csrf})
    assert done.status_code == 200
    assert done.json()["acknowledged_by"] == "wang"


def test_a_forms_token_belongs_to_one_session(scene: Scene) -> None:
    one, other = person(scene, Role.OFFICER), person(scene, Role.OFFICER, "li")
    csrf = form_of(other, "/account")["csrf"]
    headers = {"X-CSRF-Token": csrf}
    assert one.post("/api/v1/alerts/1/acknowledge", json={}, headers=headers).status_code == 403
    assert one.post("/alerts/1/acknowledge", content=f"csrf={csrf}").status_code == 403
    assert other.post("/api/v1/alerts/1/acknowledge", json={}, headers=headers).is_success


def test_a_wrong_bearer_is_not_saved_by_a_session(scene: Scene) -> None:
    answer = person(scene).get("/api/v1/quota", headers={"Authorization": "Bearer wrong"})
    assert answer.status_code == 401


# --- the sign-in form --------------------------------------------------------------------------------


def test_the_form_must_be_the_browsers_own(scene: Scene) -> None:
    add_ready_user(scene.records, "wang", Grant(Role.VIEWER))
    fields = {"user": "wang", "password": PASSWORD}
    stranger = Client(scene.app)
    assert stranger.post("/login", content=urlencode(fields)).status_code == 403
    theirs = form_of(Client(scene.app))
    mine = Client(scene.app)
    form_of(mine)
    assert mine.post("/login", content=urlencode({**fields, **theirs})).status_code == 403
    assert COOKIE not in mine.cookies


def test_it_leads_back_to_the_page_that_was_asked_for(scene: Scene) -> None:
    add_ready_user(scene.records, "wang", Grant(Role.MANAGER))
    client = Client(scene.app)
    asked = client.get("/devices?lang=en", headers=PAGE)
    assert asked.status_code == 303
    assert asked.headers["location"] == "/login?lang=en&next=%2Fdevices%3Flang%3Den"
    form = form_of(client, asked.headers["location"])
    assert form["next"] == "/devices?lang=en"
    answer = sign_in(client, "wang", next=form["next"])
    assert answer.headers["location"] == "/devices?lang=en"


@pytest.mark.parametrize(
    "address",
    [
        "https://elsewhere.test/",
        "//elsewhere.test",
        "/\\elsewhere.test",
        "\\\\elsewhere.test",
        "javascript:alert(1)",
        "/ok\r\nSet-Cookie: x=1",
        "/\t/elsewhere.test",
        "",
    ],
)
def test_it_leads_nowhere_else(scene: Scene, address: str) -> None:
    assert safe_next(address) == "/"
    add_ready_user(scene.records, "wang", Grant(Role.VIEWER))
    answer = sign_in(Client(scene.app), "wang", next=address)
    assert answer.headers["location"] == "/"
    page = Client(scene.app).get(f"/login?{urlencode({'next': address})}", headers=PAGE)
    assert 'name="next" value="/"' in page.text


def test_a_form_that_is_too_large_is_refused(scene: Scene) -> None:
    answer = Client(scene.app).post("/login", content=b"user=" + b"x" * 70_000)
    assert answer.status_code == 413
    assert "at most 65536 bytes" in answer.json()["detail"]


# --- limits ------------------------------------------------------------------------------------------


def limited(home: Path, **limits: int) -> Scene:
    settings = Settings(home=home, api_token=SecretStr(TOKEN), **limits)  # type: ignore[arg-type]
    return build_scene(home, settings=settings)


def test_an_account_is_tried_a_few_times_only(tmp_path: Path) -> None:
    scene = limited(tmp_path, sign_in_failures_per_user=3, sign_in_failures_per_address=100)
    add_ready_user(scene.records, "wang", Grant(Role.VIEWER))
    add_ready_user(scene.records, "li", Grant(Role.VIEWER))
    for _ in range(3):
        assert sign_in(Client(scene.app), "wang", "wrong").status_code == 401
    answer = sign_in(Client(scene.app), "wang")
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["retry-after"]) <= 900
    assert sign_in(Client(scene.app), "li").status_code == 303


def test_an_address_is_limited_over_all_accounts(tmp_path: Path) -> None:
    scene = limited(tmp_path, sign_in_failures_per_user=100, sign_in_failures_per_address=3)
    for name in ("one", "two", "three"):
        assert sign_in(Client(scene.app), name, "wrong").status_code == 401
    assert sign_in(Client(scene.app), "four", "wrong").status_code == 429
    assert Client(scene.app).get(f"/?token={TOKEN}").status_code == 429


def test_guesses_do_not_fill_the_ledger_but_are_counted(tmp_path: Path) -> None:
    scene = limited(
        tmp_path, sign_in_failures_recorded_per_minute=2, sign_in_failures_per_address=100
    )
    for number in range(6):
        sign_in(Client(scene.app), f"name-{number}", "wrong")
    assert [e[1] for e in ledger_of(scene)].count("sign_in_failed") == 2
    with scene.records.connect() as conn:
        counted = select(counters.c.total).where(counters.c.name == "sign_in_failures")
        assert conn.execute(counted).scalar_one() == 6


def test_requests_are_limited_by_who_asks(tmp_path: Path) -> None:
    scene = limited(tmp_path, api_requests_per_minute=3)
    for _ in range(3):
        assert Client(scene.app).get("/api/v1/quota").status_code == 401
    answer = Client(scene.app).get("/api/v1/quota")
    assert answer.status_code == 429
    assert answer.headers["content-type"] == "application/problem+json"
    assert 1 <= int(answer.headers["retry-after"]) <= 60
    for _ in range(3):
        assert Client(scene.app, scene.bearer).get("/api/v1/me").status_code == 200
    assert Client(scene.app, scene.bearer).get("/api/v1/me").status_code == 429
    assert local(scene, {}).get("/api/v1/me").status_code == 200


# --- the installation's token ------------------------------------------------------------------------


def test_the_link_with_the_token_signs_in_and_drops_it(scene: Scene) -> None:
    client = Client(scene.app)
    answer = client.get(f"/?token={TOKEN}&lang=en")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/?lang=en"
    assert TOKEN not in str(answer.headers.get_list("set-cookie"))
    assert client.get("/?lang=en").status_code == 200
    assert client.get("/api/v1/me").json()["name"] == "console"


def test_the_form_takes_it_too_and_no_other(scene: Scene) -> None:
    client = Client(scene.app)
    fields = {**form_of(client), "token": "wrong"}
    wrong = client.post("/login", content=urlencode(fields), headers=PAGE)
    assert wrong.status_code == 401
    assert "令牌必须与系统设置一致" in wrong.text
    assert COOKIE not in client.cookies
    right = client.post("/login", content=urlencode({**form_of(client), "token": TOKEN}))
    assert right.headers["location"] == "/"
    assert client.get("/").status_code == 200


def test_the_first_security_administrator_closes_it_over_the_network(scene: Scene) -> None:
    browser = Client(scene.app)
    browser.get(f"/?token={TOKEN}")
    program = Client(scene.app, scene.bearer)
    add_user(scene.records, "boss", Grant(Role.MANAGER))
    assert browser.get("/api/v1/quota").status_code == 200
    assert program.get("/api/v1/quota").status_code == 200
    add_user(scene.records, "chief", Grant(Role.SECURITY_ADMIN))
    assert browser.get("/api/v1/quota").status_code == 401
    refused = program.get("/api/v1/quota")
    assert refused.status_code == 401
    assert "must carry a token of an account" in refused.json()["detail"]
    link = Client(scene.app).get(f"/?token={TOKEN}", headers=PAGE)
    assert link.status_code == 401
    assert "必须使用账号登录" in link.text
    assert "首次使用" not in Client(scene.app).get("/login", headers=PAGE).text


def test_the_home_folder_stays_open_to_its_holder_who_is_named(scene: Scene) -> None:
    add_user(scene.records, "chief", Grant(Role.SECURITY_ADMIN))
    holder = local(scene, {ACTOR_HEADER: "zhou"})
    assert holder.get("/api/v1/me").json()["name"] == "cli:zhou"
    assert holder.post("/api/v1/alerts/1/acknowledge", json={}).is_success
    assert ledger_of(scene)[-1][0] == "cli:zhou"
    assert local(scene, {}).get("/api/v1/me").json()["name"] == "cli:unknown"
    wrong = Client(locally(scene.app), {"Authorization": "Bearer wrong"})  # type: ignore[arg-type]
    assert wrong.get("/api/v1/me").status_code == 401


@pytest.mark.parametrize(
    "headers",
    [
        {ACTOR_HEADER: "root"},
        {"X-Forwarded-For": "127.0.0.1"},
        {"X-Forwarded-For": "", "Forwarded": "for=unix:"},
        {"quotawatt.local": "true"},
        {"Host": "quotawatt"},
    ],
)
def test_nothing_that_comes_over_the_network_makes_a_request_local(
    scene: Scene, headers: dict[str, str]
) -> None:
    assert Client(scene.app, {**scene.bearer, **headers}).get("/api/v1/me").json()["name"] == "api"
    add_user(scene.records, "chief", Grant(Role.SECURITY_ADMIN))
    assert Client(scene.app, {**scene.bearer, **headers}).get("/api/v1/me").status_code == 401


# --- secrets -----------------------------------------------------------------------------------------


def test_no_secret_is_in_any_table_or_log(
    scene: Scene, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level("DEBUG")
    client = person(scene, Role.OFFICER)
    sign_in(Client(scene.app), "wang", "a wrong password indeed")
    csrf = form_of(client, "/account")["csrf"]
    made = client.post("/api/v1/tokens", json={"name": "t"}, headers={"X-CSRF-Token": csrf})
    Client(scene.app).get(f"/?token={TOKEN}")
    secrets = {PASSWORD, "a wrong password indeed", made.json()["token"], client.cookies[COOKIE]}
    with scene.records.connect() as conn:
        stored = "".join(
            str(row) for table in metadata.sorted_tables for row in conn.execute(select(table))
        )
    # What the test's own client says of its requests is not said by the system.
    ours = [r.getMessage() for r in caplog.records if not r.name.startswith("http")]
    said = "".join(ours) + "".join(capfd.readouterr())
    for secret in {*secrets, TOKEN}:
        assert secret not in stored
        assert secret not in said


def test_settings_never_show_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("API_TOKEN", "OIDC_CLIENT_SECRET", "INFLUX_TOKEN", "MQTT_PASSWORD", "WEBHOOK_SECRET")
    for name in names:
        monkeypatch.setenv(f"QUOTAWATT_{name}", f"hidden-{name}")
    monkeypatch.setenv("QUOTAWATT_RECORDS_URL", "postgresql+psycopg://u:hidden@h/d")
    monkeypatch.setenv("QUOTAWATT_WEBHOOK_URL", "https://robot.test/?key=hidden")
    settings = Settings()
    assert settings.api_token.get_secret_value() == "hidden-API_TOKEN"
    assert "hidden" not in f"{settings!r} {settings} {settings!s}"


def test_a_session_ends_with_its_time(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    client = person(scene)
    now = system_clock()
    monkeypatch.setattr(scene.app.state.gate, "clock", lambda: now + timedelta(hours=3))
    assert client.get("/api/v1/me").status_code == 401
    assert client.get("/devices", headers=PAGE).headers["location"].startswith("/login")
