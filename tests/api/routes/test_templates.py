"""The routes of message templates."""

from dataclasses import replace
from pathlib import Path

import pytest

from api.app import create_app
from tests.alerts.people.case_rows import add_cases
from tests.api.scene import NOW, Client, Scene, build_scene

_PATH = "/api/v1/templates"


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    """The small world in SQLite: these routes ask for a case by its number and for nothing else."""
    return build_scene(tmp_path)


@pytest.fixture
def client(scene: Scene) -> Client:
    """A client that is let in."""
    return Client(scene.app, scene.bearer)


def _case(scene: Scene) -> int:
    row = {"subject": "MTR-1", "site": "SITE-1", "began_at": NOW, "figures": {"value": 30.0}}
    with scene.records.begin() as conn:
        return add_cases(conn, [row])[0]


def test_the_templates_and_what_they_can_name(client: Client) -> None:
    answer = client.get(_PATH).json()
    assert {item["own"] for item in answer["items"]} == {False}
    assert "text.zh.j2" in [item["name"] for item in answer["items"]]
    assert "case.coal" in answer["fields"]


def test_one_template_as_it_stands(client: Client) -> None:
    answer = client.get(f"{_PATH}/short.en.j2").json()
    assert (answer["form"], answer["language"]) == ("short", "en")
    assert "message.case" in answer["source"]
    assert client.get(f"{_PATH}/nowhere.j2").status_code == 404
    assert client.get(f"{_PATH}/nowhere").status_code == 404


def test_a_case_as_a_message(client: Client, scene: Scene) -> None:
    number = _case(scene)
    params: dict[str, str | int] = {"case": number, "form": "short", "language": "zh"}
    answer = client.get(f"{_PATH}/preview", params=params).json()
    assert answer["case"] == number
    assert answer["title"].endswith("“表计失联”的通知")
    assert answer["text"].startswith("警告通知：")
    assert "30.0 h" in answer["text"]
    assert client.get(f"{_PATH}/preview", params={"case": 999}).status_code == 404
    assert client.get(f"{_PATH}/preview", params={"form": "fax"}).status_code == 422


def test_without_a_case_a_sample_is_shown(client: Client) -> None:
    answer = client.get(f"{_PATH}/preview", params={"language": "en"}).json()
    assert answer["case"] is None
    assert answer["text"].startswith("To: Energy officer")


def test_templates_of_ones_own_count_and_wrong_ones_are_named(scene: Scene, tmp_path: Path) -> None:
    own = tmp_path / "templates"
    own.mkdir()
    for language in ("zh", "en"):
        (own / f"short.{language}.j2").write_text("{{ message.case.code }}", encoding="utf-8")
    settings = scene.services.settings.model_copy(update={"templates": own})
    app = create_app(replace(scene.services, settings=settings))
    client = Client(app, scene.bearer)
    assert client.get(f"{_PATH}/short.zh.j2").json()["own"] is True
    (own / "short.zh.j2").write_text("{{ message.cod }}", encoding="utf-8")
    refused = client.get(_PATH)
    assert refused.status_code == 422
    assert "short.zh.j2:1: a field of message must be one of" in refused.json()["detail"]
