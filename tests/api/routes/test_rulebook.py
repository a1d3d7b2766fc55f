"""The rulebook over the API: what is in force on a day, what changed, and what rules did."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from quotawatt.rulebook.effects import Effects, add_effects, note_accepted
from tests.api.scene import Client, Scene, build_scene

URL = "/api/v1/rules"


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return build_scene(Path(tmp_path_factory.mktemp("rulebook")))


@pytest.fixture(scope="module")
def client(scene: Scene) -> Client:
    return Client(scene.app, scene.bearer)


def items(client: Client, path: str) -> list[dict[str, Any]]:
    answer = client.get(f"{URL}{path}")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


def test_instruments_carry_their_marks(client: Client) -> None:
    marks = {i["id"]: i["trust"] for i in items(client, "/instruments")}
    assert marks["gbt51161-2016"] == "unverified"
    assert marks["db37t2672-2019"] == "secondary"
    assert {i["status"] for i in items(client, "/instruments?templates=true")} == {"template"}


def test_an_instrument_shows_clauses_and_what_cites_it(client: Client) -> None:
    shown = client.get(f"{URL}/instruments/db37t4452-2021").json()
    (clause,) = shown["values"]["clauses"]
    assert clause["name"]["en"] == "water quota"
    assert shown["used_by"] == [{"section": "quotas", "id": "db37t4452-water"}]


def test_entries_are_those_of_the_day(client: Client) -> None:
    def rate(day: str) -> float:
        path = f"{URL}/entries/factor_sets/gbt2589-equivalent?as_of={day}"
        values = client.get(path).json()["values"]
        value: float = values["coal_equivalent"]["electricity_import_kwh"]["value"]
        return value

    assert [rate(day) for day in ("2020-12-31", "2021-01-01", "2022-01-01")] == [
        0.3055,
        0.3025,
        0.3015,
    ]


def test_entries_can_be_asked_for_by_section_and_mark(client: Client) -> None:
    found = items(client, "/entries?section=quotas&trust=unverified")
    assert found
    assert {(i["section"], i["trust"]) for i in found} == {("quotas", "unverified")}


def test_what_does_not_exist_is_a_problem(client: Client) -> None:
    for path in ("/instruments/none", "/entries/quotas/none", "/entries/laws/x"):
        assert client.get(f"{URL}{path}").status_code == 404
    assert client.get(f"{URL}/entries?section=laws").status_code == 404
    assert client.get(f"{URL}/effects?from=2024-02-01&until=2024-01-01").status_code == 422
    assert client.get(f"{URL}/diff?from=soon").status_code == 422


def test_two_days_differ_by_what_began_and_ended_in_between(client: Client) -> None:
    changed = items(client, "/diff?from=2020-12-31&until=2021-01-01")
    (rate,) = [c for c in changed if c["id"] == "gbt2589-equivalent"]
    assert (rate["section"], rate["change"]) == ("factor_sets", "changed")
    assert rate["before"]["coal_equivalent"]["electricity_import_kwh"]["value"] == 0.3055
    assert items(client, "/diff?from=2021-01-01&until=2021-01-01") == []


def test_what_rules_did_is_told_by_day(scene: Scene, client: Client) -> None:
    book, day = scene.services.rulebook, date(2024, 1, 1)
    with scene.services.records.begin() as conn:
        add_effects(conn, book.rules["meter-silent"], day, Effects(fired=2, acknowledged=1))
        note_accepted(conn, book, day)
    found = {i["rule"]: i for i in items(client, f"/effects?from={day}")}
    assert (found["meter-silent"]["fired"], found["meter-silent"]["acknowledged"]) == (2, 1)
    assert found["quota-exhausted"]["accepted"] == 1
    assert "quota-projected-over" not in found
    assert items(client, f"/effects?from={day + timedelta(days=1)}") == []
