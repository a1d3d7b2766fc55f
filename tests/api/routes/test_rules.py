"""Proposing packs and deciding on them over the API."""

from pathlib import Path
from typing import Any

import pytest

from quotawatt.rulebook.in_force import packs_in_force
from quotawatt.rulebook.proposal import Draft
from quotawatt.rulebook.proposals import Proposals
from quotawatt.rulebook.source import RulebookSource
from quotawatt.storage.records import open_records
from tests.api.scene import NOW, Client, Scene, build_scene
from tests.quotawatt.rulebook.test_proposals import PACK, STRICTER

TESTS = """\
tests:
  - name: seven hours are enough
    rule: canteen-gas
    given: [6, 8]
    expect: [inactive, pending]
"""
URL = "/api/v1/rules/proposals"


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return build_scene(tmp_path)


@pytest.fixture
def client(scene: Scene) -> Client:
    return Client(scene.app, scene.bearer)


def _body(**changes: Any) -> dict[str, Any]:
    return {"name": "canteen.yaml", "text": PACK, "tests": TESTS, **changes}


def test_a_proposal_shows_what_it_would_change(client: Client) -> None:
    made = client.post(URL, json=_body(comment="for the canteens"))
    assert made.status_code == 201, made.text
    (change,) = made.json()["changes"]
    assert (change["section"], change["id"], change["change"]) == ("rules", "canteen-gas", "added")
    listed = client.get(URL).json()
    assert (listed["total"], listed["items"][0]["comment"]) == (1, "for the canteens")
    assert client.get(f"{URL}?state=approved").json()["total"] == 0
    shown = client.get(f"{URL}/{listed['items'][0]['id']}").json()
    assert (shown["text"], shown["problems"]) == (PACK, [])


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"text": PACK.replace("above: 7", "above: x")}, "canteen.yaml:6: above must be a number"),
        ({"text": "rules: ["}, "canteen.yaml"),
        ({"text": PACK + "  - nonsense\n"}, "canteen.yaml:12"),
        ({"tests": TESTS.replace("pending", "firing")}, "seven hours are enough"),
        ({"tests": "tests: 5"}, "tests"),
        ({"name": "../x.yaml"}, "must be called by letters"),
        ({"text": PACK.replace("canteen-gas", "quota-exhausted")}, "an id must be given once"),
    ],
)
def test_a_pack_that_is_wrong_is_not_even_proposed(
    client: Client, changes: dict[str, Any], said: str
) -> None:
    answer = client.post(URL, json=_body(**changes))
    assert answer.status_code == 422
    assert said in answer.text
    assert client.get(URL).json()["total"] == 0


def test_who_proposed_it_cannot_approve_it(client: Client) -> None:
    number = client.post(URL, json=_body()).json()["id"]
    answer = client.post(f"{URL}/{number}/approve", json={})
    assert answer.status_code == 409
    assert "somebody else" in answer.json()["detail"]
    assert client.post(f"{URL}/{number}/withdraw", json={}).json()["state"] == "withdrawn"


def test_an_approved_pack_counts_at_once(tmp_path: Path) -> None:
    records = open_records("sqlite", tmp_path)
    source = RulebookSource(records, [], need_approval=False, check_every_s=1e9)
    scene = build_scene(tmp_path, rulebook_source=source, rulebook_changed=source.refresh)
    client = Client(scene.app, scene.bearer)
    packs = packs_in_force((), {}, need_approval=False)
    made = Proposals(scene.records).propose(Draft("canteen.yaml", PACK), packs, [], "li", NOW)
    assert "canteen-gas" not in scene.services.rulebook.rules
    done = client.post(f"{URL}/{made.id}/approve", json={"reason": "agreed"}).json()
    assert (done["state"], done["reason"]) == ("approved", "agreed")
    assert "canteen-gas" in scene.services.rulebook.rules
    after = client.get("/api/v1/rules/packs").json()
    assert after["restart_needed"] is False
    assert [p["name"] for p in after["items"] if p["origin"] == "approved"] == ["canteen.yaml"]


def test_a_proposal_that_became_wrong_says_so(scene: Scene, client: Client) -> None:
    packs = packs_in_force((), {}, need_approval=False)
    proposals = Proposals(scene.records)
    first = proposals.propose(Draft("a.yaml", PACK), packs, [], "li", NOW)
    second = proposals.propose(Draft("b.yaml", STRICTER), packs, [], "li", NOW)
    proposals.approve(first.id, packs, [], "wu", NOW)
    (problem,) = client.get(f"{URL}/{second.id}").json()["problems"]
    assert "for times that do not overlap, got canteen-gas again" in problem
    assert client.post(f"{URL}/{second.id}/approve", json={}).status_code == 422


def test_what_does_not_exist_is_not_found(client: Client) -> None:
    assert client.get(f"{URL}/99").status_code == 404
    assert client.post(f"{URL}/99/approve", json={}).status_code == 404
    assert client.post(f"{URL}/99/reject", json={"reason": "x"}).status_code == 404
