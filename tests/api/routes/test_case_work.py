"""Work on cases over the API: who does what, on which version, and what is refused."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import insert

from quotawatt.access.principal import Grant, Principal
from quotawatt.access.roles import Role
from quotawatt.findings import Finding
from quotawatt.hand.documents import MOST_BYTES
from quotawatt.ledger import Ledger
from quotawatt.register.findings_book import note_findings
from quotawatt.storage.access_tables import grants, users
from tests.api.asking import answer_as, answer_as_asked
from tests.api.case_world import QUOTA, add_case
from tests.api.scene import NOW, REGISTER, Client, Scene, build_scene

PLACE = "/api/v1/cases"
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    scene = build_scene(tmp_path_factory.mktemp("world"))
    stamp = {"created_at": datetime(2023, 1, 1, tzinfo=UTC), "created_by": "test"}
    with scene.records.begin() as conn:
        for name, blocked in (("zhao", False), ("qian", True)):
            row = {"name": name, "display_name": name, "password_hash": "", "blocked": blocked}
            conn.execute(insert(users).values({**row, **stamp, "must_change_password": False}))
            given = {"user": name, "role": "officer", "organisation": "ORG-2", "tree": "region"}
            conn.execute(
                insert(grants).values(
                    {**given, "granted_at": stamp["created_at"], "granted_by": "test"}
                )
            )
    return scene


@pytest.fixture(autouse=True)
def _everybody_again(scene: Scene) -> Iterator[None]:
    yield
    answer_as_asked(scene.app)


def act_as(scene: Scene, role: Role, name: str = "", organisation: str = "ORG-2") -> Client:
    who = name or role.value
    somebody = Principal(who, (Grant(role, organisation),), user=who)
    answer_as(scene.app, somebody)
    return Client(scene.app, scene.bearer)


def post(
    client: Client, path: str, body: dict[str, Any], status: int = 200, version: str = "*"
) -> dict[str, Any]:
    answer = client.post(f"{PLACE}{path}", json=body, headers={"If-Match": version})
    assert answer.status_code == status, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_from_the_phone_to_the_closing(scene: Scene) -> None:
    number = add_case(scene)
    officer = act_as(scene, Role.OFFICER)
    taken = post(officer, f"/{number}/acknowledge", {"comment": "on it"}, version='"1"')
    assert (taken["state"], taken["acknowledged_by"], taken["version"]) == (
        "acknowledged",
        "officer",
        2,
    )
    post(officer, f"/{number}/measure", {"comment": "timer replaced"})
    post(officer, f"/{number}/comment", {"comment": "works since noon"})
    files = {"file": ("hall.png", PNG + b"hall")}
    shown = officer.post(f"{PLACE}/{number}/evidence", files=files, headers={"If-Match": "*"})
    (document,) = shown.json()["evidence"]
    got = officer.get(f"{PLACE}/{number}/evidence/{document['sha256']}")
    assert (got.content, got.headers["content-type"]) == (PNG + b"hall", "image/png")
    post(officer, f"/{number}/propose", {"comment": "done"})
    assert "takes the permission cases.decide" in str(
        post(officer, f"/{number}/close", {"comment": "fine"}, 403)
    )
    manager = act_as(scene, Role.MANAGER)
    back = post(manager, f"/{number}/send-back", {"comment": "which timer?"})
    assert back["state"] == "acknowledged"
    given = post(manager, f"/{number}/assign", {"assignee": "zhao"})
    assert given["assignee"] == "account:zhao"
    due = post(manager, f"/{number}/due", {"working_days": 1})
    assert due["due_on"] == "2024-01-02"
    zhao = act_as(scene, Role.OFFICER, "zhao")
    mine = zhao.get(f"{PLACE}?mine=true").json()["items"]
    assert [item["number"] for item in mine] == [number]
    post(zhao, f"/{number}/propose", {"comment": "that of the hall"})
    closed = post(act_as(scene, Role.MANAGER), f"/{number}/close", {"comment": "seen"})
    assert (closed["state"], closed["closed_how"]) == ("closed", "manager")
    again = post(act_as(scene, Role.MANAGER), f"/{number}/reopen", {"comment": "it is not"})
    assert (again["state"], again["reopened"]) == ("open", 1)
    assert Ledger(scene.records).verify() == []


def test_a_version_must_be_named_and_be_the_present_one(scene: Scene) -> None:
    number = add_case(scene)
    client = act_as(scene, Role.OFFICER)
    refused = client.post(f"{PLACE}/{number}/comment", json={"comment": "x"})
    assert refused.status_code == 428
    post(client, f"/{number}/comment", {"comment": "first"}, version='"1"')
    stale = post(client, f"/{number}/comment", {"comment": "second"}, 412, '"1"')
    assert stale["detail"] == 'If-Match must name the present version, "2", got "1"'


@pytest.mark.parametrize(
    ("verb", "body", "status", "words"),
    [
        ("assign", {"assignee": "qian"}, 409, "account:qian who is blocked"),
        ("assign", {"assignee": "nobody"}, 409, "account:nobody who has no account"),
        ("assign", {"assignee": "channel:log"}, 422, "must be account:NAME or contact:"),
        ("due", {}, 422, "by due_on or by working_days, got both or none"),
        ("due", {"due_on": "2023-12-30"}, 422, "must not be past, got 2023-12-30"),
        ("due", {"working_days": 251}, 422, "working_days"),
        ("comment", {"comment": " "}, 422, "a comment must have words"),
        ("comment", {"comment": "x" * 2001}, 422, "comment"),
        ("propose", {"comment": "done"}, 409, "must be acknowledged for 'proposed_closed'"),
        ("explain", {"reason": "r", "measures": "m", "amount": 1}, 409, "about a yearly account"),
    ],
)
def test_what_is_refused(
    scene: Scene, verb: str, body: dict[str, Any], status: int, words: str
) -> None:
    number = add_case(scene)
    answer = post(act_as(scene, Role.MANAGER), f"/{number}/{verb}", body, status)
    assert words in str(answer)
    shown = act_as(scene, Role.MANAGER).get(f"{PLACE}/{number}").json()
    assert (shown["version"], len(shown["steps"])) == (1, 1)


def test_somebody_elses_case_is_as_if_it_were_not_there(scene: Scene) -> None:
    number = add_case(scene, asset="BLD-1", subject="BLD-1", organisation="ORG-1")
    office = act_as(scene, Role.MANAGER)
    assert office.get(f"{PLACE}/{number}").status_code == 404
    post(office, f"/{number}/close", {"comment": "x"}, 404)


def test_a_document_of_ten_megabytes_goes_through_and_a_larger_one_is_not_read(
    scene: Scene,
) -> None:
    number = add_case(scene)
    client = act_as(scene, Role.OFFICER)
    place, any_version = f"{PLACE}/{number}/evidence", {"If-Match": "*"}
    largest = PNG + bytes(MOST_BYTES - len(PNG))
    kept = client.post(place, files={"file": ("a.png", largest)}, headers=any_version)
    assert kept.status_code == 200, kept.text
    over = client.post(place, files={"file": ("b.png", largest + b"1")}, headers=any_version)
    assert (over.status_code, "at most 10 MB" in over.text) == (422, True)
    far_over = client.post(place, files={"file": ("c.png", largest * 2)}, headers=any_version)
    assert far_over.status_code == 413
    assert "a request must have at most 10065536 bytes, got" in far_over.text
    other = client.post(place, files={"file": ("d.png", b"MZ")}, headers=any_version)
    assert "must be a JPEG, PNG or PDF, got 'd.png'" in other.text


def test_an_explanation_is_shown_and_once_approved_said(scene: Scene) -> None:
    subject = f"BLD-2/{QUOTA}/2023"
    number = add_case(scene, rule="quota-exhausted", subject=subject)
    body = {"reason": "open on weekends", "measures": "timers", "amount": 1800.0}
    written = post(act_as(scene, Role.OFFICER), f"/{number}/explain", body)
    (explanation,) = written["explanations"]
    assert (explanation["state"], explanation["unit"]) == ("submitted", "kWh")
    manager = act_as(scene, Role.MANAGER)
    decision = {"decision": "approve", "comment": "agreed"}
    place = f"/api/v1/explanations/{explanation['number']}/decide"
    assert manager.post(place, json=decision).status_code == 200
    found = manager.get(f"{PLACE}/{number}").json()
    assert found["steps"][-1]["event"] == "explained"
    assert found["steps"][-1]["detail"]["explanation"] == explanation["number"]
    assert found["explanations"][0]["state"] == "approved"


def test_a_case_is_made_of_an_open_finding_once(scene: Scene) -> None:
    with scene.records.begin() as conn:
        found = Finding("meter_silent", "MTR-2", {"hours": 30})
        note_findings(conn, "register", [found], REGISTER, NOW)
    client = act_as(scene, Role.OFFICER)
    listed = client.get("/api/v1/findings?code=meter_silent&subject=MTR-2").json()["items"]
    place = f"/api/v1/findings/{listed[0]['id']}/case"
    made = client.post(place, json={"comment": "somebody must go there"})
    assert made.status_code == 201, made.text
    assert (made.json()["rule"], made.json()["state"]) == ("finding:meter_silent", "open")
    assert client.post(place, json={}).status_code == 409
    assert client.post("/api/v1/findings/9999/case", json={}).status_code == 404
