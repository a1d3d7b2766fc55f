"""Every error is a problem (RFC 9457): its members, its media type, the rule and then the value."""

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from sqlalchemy.exc import OperationalError

from api.app import create_app
from quotawatt.errors import StoreError
from quotawatt.readings import Grain
from quotawatt.spans import Span
from quotawatt.storage.memory import MemorySeriesStore
from quotawatt.storage.records import open_records
from tests.api.scene import Client, Scene, build_scene


class BrokenSeries(MemorySeriesStore):
    """A series store whose reads fail."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self._error = error

    def read_results(
        self,
        grain: Grain,
        subjects: Collection[str] | None,
        measures: Collection[str],
        span: Span,
    ) -> pa.Table:
        raise self._error


def _problem(answer: Any, status: int, path: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert body["type"].startswith("urn:quotawatt:problem:")
    assert body["title"]
    assert body["status"] == status
    assert body["instance"] == path
    return body


def test_unknown_path(client: Client) -> None:
    body = _problem(client.get("/api/v1/nothing"), 404, "/api/v1/nothing")
    assert body["detail"] == "a path must be one that the server knows, got /api/v1/nothing"


def test_unknown_path_outside_the_api(client: Client) -> None:
    _problem(client.get("/nothing"), 404, "/nothing")


def test_wrong_method(client: Client) -> None:
    answer = client.send("DELETE", "/api/v1/assets")
    body = _problem(answer, 405, "/api/v1/assets")
    assert body["detail"].endswith("got DELETE")
    assert answer.headers["allow"] == "GET"


def test_unknown_code(client: Client) -> None:
    body = _problem(client.get("/api/v1/assets/BLD-9"), 404, "/api/v1/assets/BLD-9")
    assert body["detail"] == "a code must be one of the register, got 'BLD-9'"
    assert body["type"] == "urn:quotawatt:problem:not-found"


def test_parameters_that_are_missing_or_wrong_are_all_named(client: Client) -> None:
    body = _problem(client.get("/api/v1/consumption?grain=week"), 422, "/api/v1/consumption")
    assert any(e.startswith("subject: must be given") for e in body["errors"])
    assert any(e.startswith("grain: ") and e.endswith("got 'week'") for e in body["errors"])


def test_a_body_that_is_not_json(client: Client) -> None:
    answer = client.post(
        "/api/v1/alerts/1/acknowledge", content=b"{", headers={"Content-Type": "application/json"}
    )
    _problem(answer, 422, "/api/v1/alerts/1/acknowledge")


def test_a_series_store_that_fails(tmp_path: Path) -> None:
    scene = build_scene(tmp_path, series=BrokenSeries(StoreError("the store must answer, got 500")))
    client = Client(scene.app, scene.bearer)
    for path in ("/api/v1/quota", "/api/v1/health"):
        answer = client.get(path)
        body = _problem(answer, 503, path)
        assert body["detail"] == "the store must answer, got 500"
        assert answer.headers["retry-after"] == "5"


def test_a_record_store_that_fails(tmp_path: Path) -> None:
    error = OperationalError("SELECT secret", {}, Exception("password=hidden"))
    scene = build_scene(tmp_path, series=BrokenSeries(error))
    body = _problem(Client(scene.app, scene.bearer).get("/api/v1/quota"), 503, "/api/v1/quota")
    assert "secret" not in body["detail"]
    assert "hidden" not in body["detail"]


def test_a_crash_tells_nothing_of_the_inside(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    scene = build_scene(tmp_path, series=BrokenSeries(ZeroDivisionError("the inside")))
    body = _problem(Client(scene.app, scene.bearer).get("/api/v1/quota"), 500, "/api/v1/quota")
    assert "the inside" not in str(body)
    assert "ZeroDivisionError" in caplog.text


def test_a_browser_gets_a_page_in_its_language(scene: Scene) -> None:
    for language, words in (("zh", "无法完成"), ("en", "That did not work")):
        answer = Client(scene.app, {"Accept": "text/html"}).get(f"/nowhere?lang={language}")
        assert answer.status_code == 404
        assert words in answer.text
        assert "got /nowhere" in answer.text
        assert "default-src" in answer.headers["content-security-policy"]


@pytest.mark.postgres
def test_a_text_that_the_store_cannot_hold_is_the_askers_mistake(
    tmp_path: Path, postgres: str
) -> None:
    records = open_records(postgres, tmp_path)
    scene = build_scene(tmp_path)
    app = create_app(replace(scene.services, records=records))
    try:
        answer = Client(app, scene.bearer).get("/api/v1/seen-devices?device=%00")
        body = _problem(answer, 422, "/api/v1/seen-devices")
        assert body["detail"].startswith("a value must be one that can be stored, got ")
    finally:
        records.dispose()
