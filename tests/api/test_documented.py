"""The requests of ``docs/api.md`` are answered as it says."""

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from api.register_examples import EXAMPLES
from quotawatt.register.model import Register
from quotawatt.register.rows import KINDS, records_of
from tests.api.register_scene import stored_scene
from tests.api.scene import REGISTER, Client

DOCUMENT = (Path(__file__).resolve().parents[2] / "docs" / "api.md").read_text(encoding="utf-8")


class Documented(NamedTuple):
    """A request with what the document says of its answer."""

    method: str
    path: str
    headers: dict[str, str]
    body: str
    status: int


def _documented() -> list[Documented]:
    found = []
    for block in re.findall(r"```http\n(.+?)```", DOCUMENT, re.DOTALL):
        first, *others = block.strip().splitlines()
        method, path = first.split()
        headers = dict(line.split(": ", 1) for line in others if re.match(r"[A-Z][\w-]+: ", line))
        body = next((line for line in others if line.startswith("{")), "")
        found.append(Documented(method, path, headers, body, int(others[-1].removeprefix("→ "))))
    return found


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Client:
    """The API over the small world and one of each kind."""
    records = records_of(REGISTER)
    register = Register(**{kind: [*records[kind], EXAMPLES[kind]] for kind in KINDS})
    scene = stored_scene(tmp_path_factory.mktemp("documented"), register=register)
    return Client(scene.app, scene.bearer)


def test_there_are_requests_to_send() -> None:
    assert len(_documented()) >= 12


def test_requests_are_answered_as_documented(client: Client) -> None:
    for request in _documented():
        headers = {**request.headers, "Content-Type": "application/json"}
        content = request.body.encode()
        answer = client.send(request.method, request.path, content=content, headers=headers)
        assert answer.status_code == request.status, (request, answer.text)


def test_every_body_of_the_register_is_described_with_an_example(client: Client) -> None:
    document = client.get("/api/v1/openapi.json").json()
    schemas = document["components"]["schemas"]
    bodies = {
        operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
        for path, operations in document["paths"].items()
        for operation in operations.values()
        if re.match(r"/api/v1/(register|assets)/", path)
        and "application/json" in operation.get("requestBody", {}).get("content", {})
    }
    assert len(bodies) > 30
    assert [name for name in sorted(bodies) if "example" not in schemas[name]] == []


def test_columns_are_described_with_unit_words_and_range(client: Client) -> None:
    schemas = client.get("/api/v1/openapi.json").json()["components"]["schemas"]
    building = schemas["RegisterBuildingInput"]["properties"]
    assert "m²" in building["gross_area_m2"]["description"]
    assert building["gross_area_m2"]["exclusiveMinimum"] == 0
    assert building["comfort_class"]["enum"] == ["", "A", "B"]
    assert all(
        "description" in column
        for kind in KINDS
        for name in (f"Register{KINDS[kind].__name__}Input",)
        for column in schemas[name]["properties"].values()
    )
