"""The gate: tokens, sessions and their cookies, and the token that a form must carry."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest

from api.auth import COOKIE, SESSION_S, Gate
from tests.api.scene import TOKEN, Client, Scene

NOW = datetime(2026, 5, 1, tzinfo=UTC)


@pytest.mark.parametrize("given", ["", "x", TOKEN[:-1], TOKEN + "x", TOKEN.upper(), "密"])
def test_only_the_token_itself_is_right(given: str) -> None:
    gate = Gate(TOKEN, lambda: NOW)
    assert not gate.token_ok(given)
    assert gate.token_ok(TOKEN)


def test_a_session_ends_with_its_time_and_with_the_token() -> None:
    clock = [NOW]
    gate = Gate(TOKEN, lambda: clock[0])
    cookie = gate.open_session()
    assert gate.session_ok(cookie)
    clock[0] = NOW + timedelta(seconds=SESSION_S - 1)
    assert gate.session_ok(cookie)
    clock[0] = NOW + timedelta(seconds=SESSION_S)
    assert not gate.session_ok(cookie)
    assert not Gate("another token", lambda: NOW).session_ok(cookie)


def test_a_session_cannot_be_made_longer_or_made_up() -> None:
    gate = Gate(TOKEN, lambda: NOW)
    expiry, nonce, signature = gate.open_session().split(".")
    for forged in (
        f"{int(expiry) + 1}.{nonce}.{signature}",
        f"{expiry}.{nonce}x.{signature}",
        f"{expiry}.{nonce}.{'0' * 64}",
        f"{expiry}.{nonce}.",
        "..",
        "",
        "nonsense",
    ):
        assert not gate.session_ok(forged)


def test_a_forms_token_belongs_to_one_session() -> None:
    gate = Gate(TOKEN, lambda: NOW)
    mine, other = gate.open_session(), gate.open_session()
    assert gate.csrf_ok(mine, gate.csrf_token(mine))
    assert not gate.csrf_ok(mine, gate.csrf_token(other))
    assert not gate.csrf_ok(mine, "")


def test_the_link_with_the_token_signs_in_and_drops_it(scene: Scene) -> None:
    client = Client(scene.app)
    answer = client.get(f"/?token={TOKEN}&lang=en")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/?lang=en"
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"{COOKIE}=")
    assert "HttpOnly" in cookie
    assert "samesite=strict" in cookie.lower()
    assert TOKEN not in cookie
    assert client.get("/?lang=en").status_code == 200


def test_a_session_reads_the_api_and_changes_only_with_its_forms_token(scene: Scene) -> None:
    client = Client(scene.app)
    client.get(f"/?token={TOKEN}")
    assert client.get("/api/v1/assets").status_code == 200
    refused = client.post("/api/v1/alerts/1/acknowledge", json={})
    assert refused.status_code == 403
    assert refused.headers["content-type"] == "application/problem+json"
    csrf = scene.app.state.gate.csrf_token(client.cookies[COOKIE])
    done = client.post("/api/v1/alerts/1/acknowledge", json={}, headers={"X-CSRF-Token": csrf})
    assert done.status_code == 200
    assert done.json()["acknowledged_by"] == "console"


def test_a_wrong_bearer_is_not_saved_by_a_session(scene: Scene) -> None:
    client = Client(scene.app)
    client.get(f"/?token={TOKEN}")
    answer = client.get("/api/v1/assets", headers={"Authorization": "Bearer wrong"})
    assert answer.status_code == 401


def test_signing_in_by_form(scene: Scene) -> None:
    client = Client(scene.app)
    assert client.get("/").headers["location"] == "/login"
    assert 'name="token"' in client.get("/login").text
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    wrong = client.post("/login", content=urlencode({"token": "wrong"}), headers=form)
    assert wrong.status_code == 401
    assert "令牌必须与系统设置一致" in wrong.text
    assert COOKIE not in client.cookies
    right = client.post("/login", content=urlencode({"token": TOKEN}), headers=form)
    assert right.headers["location"] == "/"
    assert client.get("/").status_code == 200


def test_signing_out_needs_the_forms_token(scene: Scene) -> None:
    client = Client(scene.app)
    client.get(f"/?token={TOKEN}")
    assert client.post("/logout", content="csrf=no").status_code == 403
    csrf = scene.app.state.gate.csrf_token(client.cookies[COOKIE])
    assert client.post("/logout", content=urlencode({"csrf": csrf})).status_code == 303
    assert client.get("/").headers["location"] == "/login"


def test_a_form_that_is_too_large_is_refused(scene: Scene) -> None:
    answer = Client(scene.app).post("/login", content=b"token=" + b"x" * 20_000)
    assert answer.status_code == 413
    assert "at most 16384 bytes" in answer.json()["detail"]
