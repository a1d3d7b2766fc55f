"""Metrics need the token, unless they are declared public."""

from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry, Counter
from pydantic import SecretStr

from quotawatt.settings import Settings
from tests.api.scene import TOKEN, Client, Scene, build_scene


def scene(home: Path, *, public: bool) -> Scene:
    registry = CollectorRegistry()
    Counter("readings", "Readings.", registry=registry).inc(5)
    settings = Settings(home=home, api_token=SecretStr(TOKEN), metrics_public=public)
    return build_scene(home, settings=settings, registry=registry)


@pytest.mark.parametrize(
    ("public", "headers", "status"),
    [
        (False, {}, 401),
        (False, {"Authorization": "Bearer wrong"}, 401),
        (False, {"Authorization": f"Bearer {TOKEN}"}, 200),
        (True, {}, 200),
    ],
)
def test_who_may_read_them(
    tmp_path: Path, public: bool, headers: dict[str, str], status: int
) -> None:
    answer = Client(scene(tmp_path, public=public).app, headers).get("/metrics")
    assert answer.status_code == status
    assert ("readings_total 5.0" in answer.text) is (status == 200)


def test_they_come_in_the_text_format_of_prometheus(tmp_path: Path) -> None:
    answer = Client(scene(tmp_path, public=True).app).get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=")
