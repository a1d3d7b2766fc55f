"""The application as a whole: every route is guarded, described, and carries the headers."""

from pathlib import Path

import pytest
from fastapi.routing import APIRoute

from quotawatt.errors import SettingError
from quotawatt.settings import Settings
from tests.api.scene import TOKEN, Client, Scene, build_scene

CREDENTIALS = {
    "none": ({}, 401),
    "wrong token": ({"Authorization": "Bearer wrong"}, 401),
    "empty token": ({"Authorization": "Bearer "}, 401),
    "another scheme": ({"Authorization": f"Basic {TOKEN}"}, 401),
    "the token": ({"Authorization": f"Bearer {TOKEN}"}, 200),
    "the token, scheme in lower case": ({"Authorization": f"bearer {TOKEN}"}, 200),
}


@pytest.mark.parametrize("credential", CREDENTIALS)
def test_only_a_token_as_bearer_opens(reading_scene: Scene, credential: str) -> None:
    headers, expected = CREDENTIALS[credential]
    answer = Client(reading_scene.app, headers).get("/api/v1/assets")
    assert answer.status_code == expected, answer.text
    if expected == 401:
        assert answer.headers["www-authenticate"] == "Bearer"
        assert answer.headers["content-type"] == "application/problem+json"


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
    assert "geolocation=()" in headers["permissions-policy"]
    assert headers["cache-control"] == ("no-cache" if path.startswith("/static") else "no-store")


def test_an_api_without_a_token_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match=r"QUOTAWATT_API_TOKEN must be set .*, got ''"):
        build_scene(tmp_path, settings=Settings(home=tmp_path))


def test_the_frameworks_own_pages_are_off(scene: Scene) -> None:
    for path in ("/docs", "/redoc", "/openapi.json"):
        assert Client(scene.app, scene.bearer).get(path).status_code == 404
    assert not [r for r in scene.app.routes if isinstance(r, APIRoute) and "docs" in r.path]
