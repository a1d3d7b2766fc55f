"""The application as a whole: every route is guarded, described, and carries the headers."""

from pathlib import Path
from typing import Any

import pytest
from fastapi.routing import APIRoute

from quotawatt.errors import SettingError
from quotawatt.register.repository import save_register
from quotawatt.settings import Settings
from tests.api.scene import NOW, TOKEN, Client, Scene, build_scene

GETS = [
    "/assets",
    "/assets/BLD-1",
    "/readings?asset=MTR-1&quantity=electricity_import_kwh&from=2023-12-31",
    "/consumption?subject=BLD-1&measure=electricity_import_kwh&from=2023-12-01",
    "/quota",
    "/quota/BLD-1",
    "/carbon",
    "/alerts",
    "/deadletters",
    "/deadletters/1",
    "/jobs/1",
    "/seen-devices",
    "/findings",
    "/ledger/verify",
]
_ADOPT = {"device": "stranger", "channels": [{"asset": "MTR-1"}], "if_fed": "also"}
POSTS: dict[str, tuple[dict[str, Any], int]] = {
    "/alerts/1/acknowledge": ({}, 200),
    "/deadletters/retry": ({}, 202),
    "/seen-devices/adopt": (_ADOPT, 200),
    "/seen-devices/forget": ({"device": "stranger"}, 200),
}

CREDENTIALS = {
    "none": ({}, 401),
    "wrong token": ({"Authorization": "Bearer wrong"}, 401),
    "empty token": ({"Authorization": "Bearer "}, 401),
    "another scheme": ({"Authorization": f"Basic {TOKEN}"}, 401),
    "the token": ({"Authorization": f"Bearer {TOKEN}"}, 200),
    "the token, scheme in lower case": ({"Authorization": f"bearer {TOKEN}"}, 200),
}


@pytest.mark.parametrize("path", GETS)
@pytest.mark.parametrize("credential", CREDENTIALS)
def test_every_read_needs_the_token(reading_scene: Scene, path: str, credential: str) -> None:
    headers, expected = CREDENTIALS[credential]
    answer = Client(reading_scene.app, headers).get(f"/api/v1{path}")
    assert answer.status_code == expected, answer.text
    if expected == 401:
        assert answer.headers["www-authenticate"] == "Bearer"
        assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize("credential", CREDENTIALS)
def test_every_change_needs_the_token(scene: Scene, path: str, credential: str) -> None:
    headers, expected = CREDENTIALS[credential]
    body, done = POSTS[path]
    save_register(scene.records, scene.services.register_source(), "test", NOW)
    answer = Client(scene.app, headers).post(f"/api/v1{path}", json=body)
    assert answer.status_code == (done if expected == 200 else expected), answer.text


def test_the_matrix_above_holds_every_route(scene: Scene) -> None:
    described = Client(scene.app).get("/api/v1/openapi.json").json()["paths"]
    tried = {p.partition("?")[0] for p in [*GETS, *POSTS]}
    templates = {
        "/assets/BLD-1": "/assets/{code}",
        "/quota/BLD-1": "/quota/{asset}",
        "/alerts/1/acknowledge": "/alerts/{alert_id}/acknowledge",
        "/deadletters/1": "/deadletters/{letter_id}",
        "/jobs/1": "/jobs/{job_id}",
    }
    expected = {f"/api/v1{templates.get(p, p)}" for p in tried} | {"/api/v1/health"}
    assert set(described) == expected


def test_openapi_describes_parameters_answers_and_problems(scene: Scene) -> None:
    document = Client(scene.app).get("/api/v1/openapi.json").json()
    operation = document["paths"]["/api/v1/consumption"]["get"]
    assert operation["summary"]
    assert "quality and coverage" in operation["description"]
    assert {p["name"] for p in operation["parameters"]} == {
        "subject",
        "measure",
        "grain",
        "from",
        "until",
    }
    assert "application/problem+json" in operation["responses"]["404"]["content"]
    assert operation["security"] == [{"HTTPBearer": []}]
    assert "example" in document["components"]["schemas"]["Consumption"]


@pytest.mark.parametrize(
    "path", ["/login", "/", "/api/v1/health", "/api/v1/assets", "/static/console.css", "/nowhere"]
)
def test_security_headers_are_on_every_answer(reading_scene: Scene, path: str) -> None:
    headers = Client(reading_scene.app).get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == ("no-cache" if path.startswith("/static") else "no-store")


def test_an_api_without_a_token_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match=r"QUOTAWATT_API_TOKEN must be set .*, got ''"):
        build_scene(tmp_path, settings=Settings(home=tmp_path))


def test_the_frameworks_own_pages_are_off(scene: Scene) -> None:
    for path in ("/docs", "/redoc", "/openapi.json"):
        assert Client(scene.app, scene.bearer).get(path).status_code == 404
    assert not [r for r in scene.app.routes if isinstance(r, APIRoute) and "docs" in r.path]
