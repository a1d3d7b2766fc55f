"""Norms and yearly scores over the API, with clause and trust marks, within one's reach."""

from dataclasses import replace
from typing import Any

import pytest

from quotawatt.access.principal import Grant, Principal
from quotawatt.access.roles import Role
from quotawatt.register.model import Register, Space
from quotawatt.register.rows import records_of
from tests.api.asking import answer_as
from tests.api.register_scene import stored_scene
from tests.api.scene import REGISTER, Client, Scene

ROOMS = [
    Space("R-1", "局长室", "Room", "BLD-1", "office", 36.0, post="division_head", occupants=1),
    Space("R-2", "办公室", "Office", "BLD-2", "office", 18.0, post="staff", occupants=2),
]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    records: dict[str, Any] = dict(records_of(REGISTER))
    records["organisations"] = [
        replace(o, vehicle_quota=2) for o in REGISTER.organisations.values()
    ]
    register = Register(**{**records, "spaces": ROOMS})
    return stored_scene(tmp_path_factory.mktemp("scores"), register=register)


def client_of(world: Scene, organisation: str) -> Client:
    viewer = Principal("viewer", (Grant(Role.VIEWER, organisation),))
    answer_as(world.app, viewer)
    return Client(world.app, world.bearer)


def test_holdings_with_arithmetic_clause_and_mark(world: Scene) -> None:
    body = client_of(world, "").get("/api/v1/norms", params={"as_of": "2023-12-31"}).json()
    rooms = {item["subject"]: item for item in body["items"]}
    assert rooms.keys() == {"R-1", "R-2"}
    head = rooms["R-1"]
    assert (head["held"], head["allowed"], head["excess"], head["over"]) == (36, 24, 12, True)
    assert (head["people"], head["per_person"], head["trust"]) == (1, 24, "unverified")
    assert head["post_title"]["zh"] == "正局（处）级"
    assert head["clause"]["number"] == "发改投资〔2014〕2674号"
    assert head["clause"]["trust"] == "unverified"
    assert [f["code"] for f in body["findings"]] == ["norm_office_area_over"]


def test_only_ones_own_is_shown(world: Scene) -> None:
    lower = client_of(world, "ORG-2")
    assert [i["subject"] for i in lower.get("/api/v1/norms").json()["items"]] == ["R-2"]
    scores = lower.get("/api/v1/scores", params={"year": 2023}).json()["items"]
    assert [s["organisation"] for s in scores] == ["ORG-2"]


def test_the_score_of_a_year_with_its_parts(world: Scene) -> None:
    body = client_of(world, "").get("/api/v1/scores").json()
    assert (body["year"], body["as_of"]) == (2023, "2023-12-31T16:00:00Z")
    (scheme,) = body["schemes"]
    assert "非标准" in scheme["title"]["zh"]
    first = next(s for s in body["items"] if s["organisation"] == "ORG-1")
    parts = {part["basis"]: part for part in first["parts"]}
    assert parts["within_norms"]["points"] == 0
    assert parts["within_norms"]["evidence"] == {"judged": 1, "over": 1}
    assert parts["idle_share"]["points"] is None
    assert parts["metering_coverage"]["evidence"] == {"meters": 2, "buildings_without_meter": 0}
    assert first["known_pct"] == 75
    known = [(p["weight"], p["points"]) for p in first["parts"] if p["points"] is not None]
    mean = sum(w * p for w, p in known) / sum(w for w, _ in known)
    assert first["points"] == pytest.approx(mean, abs=0.01)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/scores?year=2025", "must have begun to be judged, got 2025"),
        ("/scores?year=1", "year"),
        ("/norms?as_of=soon", "as_of"),
    ],
)
def test_what_cannot_be_judged_is_refused(world: Scene, path: str, words: str) -> None:
    answer = client_of(world, "").get(f"/api/v1{path}")
    assert answer.status_code == 422
    assert words in answer.json()["detail"]
