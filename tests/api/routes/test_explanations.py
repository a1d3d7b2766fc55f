"""Explanations over the API: from an officer's draft to a manager's decision."""

from typing import Any

import pytest
from sqlalchemy import select

from quotawatt.access.principal import Grant, Principal
from quotawatt.access.roles import Role
from quotawatt.storage.rules_tables import rule_effects
from tests.api.asking import answer_as
from tests.api.budget_world import emptied
from tests.api.scene import Client, Scene, build_scene

PLACE = "/api/v1/explanations"
WORDS = {
    "asset": "BLD-2",
    "quota": "db37t2672-city-b-electricity",
    "year": 2023,
    "reason": "open on weekends",
    "measures": "timers since June",
    "amount": 1800.0,
}
PNG = b"\x89PNG\r\n\x1a\n picture"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return build_scene(tmp_path_factory.mktemp("world"))


@pytest.fixture
def scene(built: Scene) -> Scene:
    return emptied(built)


def act_as(scene: Scene, role: Role, name: str = "", organisation: str = "ORG-1") -> Client:
    somebody = Principal(name or role.value, (Grant(role, organisation),))
    answer_as(scene.app, somebody)
    return Client(scene.app, scene.bearer)


def post(client: Client, path: str, body: dict[str, Any], status: int = 200) -> dict[str, Any]:
    answer = client.post(f"{PLACE}{path}", json=body)
    assert answer.status_code == status, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_from_draft_to_approval_with_evidence(scene: Scene) -> None:
    officer = act_as(scene, Role.OFFICER)
    number = post(officer, "", WORDS, 201)["number"]
    files = {"file": ("hall.png", PNG)}
    kept = officer.post(f"{PLACE}/{number}/document", files=files).json()
    assert len(kept["document"]) == 64
    assert officer.get(f"{PLACE}/{number}/document").content == PNG
    assert post(officer, f"/{number}/submit", {})["state"] == "submitted"
    decision = {"decision": "approve", "comment": "agreed"}
    refused = officer.post(f"{PLACE}/{number}/decide", json=decision)
    assert refused.status_code == 403
    manager = act_as(scene, Role.MANAGER)
    done = post(manager, f"/{number}/decide", decision)
    assert (done["state"], done["decided_by"], done["unit"]) == ("approved", "manager", "kWh")
    assert [step["action"] for step in done["steps"]] == ["write", "change", "submit", "approve"]
    rules = {row["rule"]: row["accepted"] for row in effects(scene)}
    assert rules == {"quota-exhausted": 1}
    (listed,) = manager.get(PLACE, params={"state": "approved", "year": 2023}).json()["items"]
    assert (listed["number"], listed["title"]["zh"] != "") == (number, True)


def effects(scene: Scene) -> list[dict[str, Any]]:
    with scene.records.connect() as conn:
        return [dict(row) for row in conn.execute(select(rule_effects)).mappings()]


def test_it_stands_beside_the_account(scene: Scene) -> None:
    officer = act_as(scene, Role.OFFICER)
    number = post(officer, "", WORDS, 201)["number"]
    place = "/api/v1/quota/BLD-2"

    def shown() -> list[tuple[int, str]]:
        (account,) = (a for a in officer.get(place).json()["items"] if a["quota"] == WORDS["quota"])
        assert account["original_tiers"] == account["tiers"]
        return [(one["number"], one["state"]) for one in account["explanations"]]

    assert shown() == []
    post(officer, f"/{number}/submit", {})
    assert shown() == [(number, "submitted")]


def test_nobody_approves_their_own(scene: Scene) -> None:
    manager = act_as(scene, Role.MANAGER, "li")
    number = post(manager, "", WORDS, 201)["number"]
    post(manager, f"/{number}/submit", {})
    own = post(
        act_as(scene, Role.MANAGER, "li/token"), f"/{number}/decide", {"decision": "approve"}, 409
    )
    assert "decided by somebody who did not write it" in own["detail"]
    returned = {"decision": "return", "comment": "which days?"}
    assert (
        post(act_as(scene, Role.MANAGER, "wang"), f"/{number}/decide", returned)["state"]
        == "returned"
    )
    better = {**WORDS, "reason": "open on 12 weekends"}
    changed = act_as(scene, Role.OFFICER, "li").send("PUT", f"{PLACE}/{number}", json=better).json()
    assert (changed["state"], changed["reason"]) == ("returned", "open on 12 weekends")


def test_an_account_never_changes_by_what_is_said_of_it(scene: Scene) -> None:
    officer = act_as(scene, Role.OFFICER)
    account = "/api/v1/quota/BLD-2/db37t2672-city-b-electricity/budget"
    before = officer.get(account).json()
    number = post(officer, "", WORDS, 201)["number"]
    post(officer, f"/{number}/submit", {})
    post(act_as(scene, Role.MANAGER), f"/{number}/decide", {"decision": "approve"})
    assert officer.get(account).json() == before


def test_what_others_wrote_is_out_of_reach(scene: Scene) -> None:
    number = post(act_as(scene, Role.OFFICER), "", {**WORDS, "asset": "BLD-1"}, 201)["number"]
    other = act_as(scene, Role.MANAGER, organisation="ORG-2")
    assert other.get(f"{PLACE}/{number}").status_code == 404
    assert other.get(PLACE).json()["total"] == 0
    assert other.post(PLACE, json={**WORDS, "asset": "BLD-1"}).status_code == 404


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"asset": "NOBODY"}, 404),
        ({"asset": "MTR-2"}, 404),
        ({"quota": "no-such-quota"}, 404),
        ({"quota": "db37t2672-county-b-electricity"}, 404),  # BLD-2 is none of a county
        ({"quota": "assigned-electricity_kwh"}, 404),  # nobody assigned it a target
        ({"year": 2022}, 404),
        ({"amount": 0}, 422),
        ({"year": 1999}, 422),
        ({"reason": " "}, 422),
    ],
)
def test_what_cannot_be_explained_is_refused(
    scene: Scene, changes: dict[str, Any], status: int
) -> None:
    post(act_as(scene, Role.OFFICER), "", {**WORDS, **changes}, status)


def test_a_document_must_be_one(scene: Scene) -> None:
    officer = act_as(scene, Role.OFFICER)
    number = post(officer, "", WORDS, 201)["number"]
    assert officer.get(f"{PLACE}/{number}/document").status_code == 404
    files = {"file": ("hall.png", b"no picture")}
    refused = officer.post(f"{PLACE}/{number}/document", files=files)
    assert refused.status_code == 422
    assert officer.get(f"{PLACE}/{number}").json()["document"] == ""
