"""Silences over the api: added, previewed, listed and ended, each within one's reach."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from api.auth import COOKIE, CSRF_HEADER
from quotawatt.access.principal import Grant
from quotawatt.access.roles import Role
from quotawatt.ledger import Ledger
from tests.alerts.people.case_rows import add_cases
from tests.api.scene import NOW, Client, Scene, build_scene
from tests.quotawatt.access.people import add_ready_user

SILENCES = "/api/v1/silences"


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    """On SQLite: what differs by store is tested with the silences themselves."""
    return build_scene(tmp_path)


@pytest.fixture
def client(scene: Scene) -> Client:
    return Client(scene.app, scene.bearer)


def officer_of(scene: Scene, organisation: str, tree: Any = "region") -> Client:
    """A browser in which an officer of this organisation is signed in."""
    name = f"officer.{organisation.lower()}"
    add_ready_user(scene.records, name, Grant(Role.OFFICER, organisation, tree))
    gate = scene.app.state.gate
    with scene.records.begin() as conn:
        secret = gate.sessions.open(conn, name, "", gate.clock())
    headers = {"Cookie": f"{COOKIE}={secret}", CSRF_HEADER: gate.csrf_token(secret)}
    return Client(scene.app, headers)


def body(**more: Any) -> dict[str, Any]:
    return {
        "matchers": {"rules": ["meter-silent"]},
        "ends_at": (NOW + timedelta(days=1)).isoformat(),
        "comment": "works on the gateway",
        **more,
    }


WINDOW = body(
    kind="maintenance",
    ends_at=(NOW + timedelta(days=60)).isoformat(),
    recurrence={"days": "non_working", "from": "08:00", "until": "18:00"},
)


def test_it_is_added_listed_and_ended_and_the_ledger_says_so(scene: Scene, client: Client) -> None:
    added = client.post(SILENCES, json=body())
    assert added.status_code == 201
    number = added.json()["id"]
    assert added.json()["state"] == "active"
    assert client.get(SILENCES).json()["items"] == [added.json()]
    scene.moment[0] = NOW + timedelta(hours=1)
    ended = client.post(f"{SILENCES}/{number}/end").json()
    assert (ended["state"], ended["ended_at"]) == ("expired", "2023-12-31T17:00:00Z")
    assert client.get(SILENCES).json()["total"] == 0
    assert client.get(f"{SILENCES}?over=true").json()["items"] == [ended]
    assert client.post(f"{SILENCES}/{number}/end").status_code == 409
    said = [(e.action, e.subject) for e in Ledger(scene.records).entries()]
    subject = f"silences/{number}"
    assert said == [("silence_added", subject), ("silence_ended", subject)]


def test_a_preview_shows_windows_and_open_cases_and_writes_nothing(
    scene: Scene, client: Client
) -> None:
    with scene.records.begin() as conn:
        silent, _, closed = add_cases(
            conn,
            [
                {"subject": "MTR-1", "site": "SITE-1"},
                {"subject": "BLD-1", "rule": "use-above-expected"},
                {"subject": "MTR-2", "state": "closed"},
            ],
        )
    shown = client.post(f"{SILENCES}/preview", json=WINDOW).json()
    assert [case["number"] for case in shown["cases"]] == [silent]
    assert (shown["total"], shown["zone"]) == (1, "Asia/Shanghai")
    # 1 January 2024 is a holiday; the weekend after it is the next time off.
    assert [window["start"] for window in shown["windows"][:3]] == [
        "2024-01-01T00:00:00Z",
        "2024-01-06T00:00:00Z",
        "2024-01-07T00:00:00Z",
    ]
    assert client.get(SILENCES).json()["total"] == 0
    number = client.post(SILENCES, json=WINDOW).json()["id"]
    one = client.get(f"{SILENCES}/{number}").json()
    assert one["preview"] == shown
    assert one["recurrence"]["from"] == "08:00"
    assert closed not in [case["number"] for case in one["preview"]["cases"]]


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"matchers": {}}, "a silence must name at least one of what it matches, got nothing"),
    (
        {"matchers": {"rules": ["meter-silnt"]}},
        "a silence must name rules of the rulebook, got 'meter-silnt'",
    ),
    ({"comment": " "}, "a silence must say why in 1 to 2000 characters, got 0"),
    (
        {"recurrence": {"weekdays": [6]}},
        "only a maintenance window must recur, got a silence with days or hours",
    ),
    (
        {"kind": "maintenance", "recurrence": {"weekdays": [8]}},
        "weekdays must be 1 to 7, got 8",
    ),
]


def test_what_must_not_be_is_refused_with_rule_and_value(client: Client) -> None:
    for changed, detail in REFUSED:
        answer = client.post(SILENCES, json=body(**changed))
        assert (answer.status_code, answer.json()["detail"]) == (422, detail)


def test_an_officer_silences_nobody_else_s_cases(scene: Scene) -> None:
    theirs = officer_of(scene, "ORG-2")
    own = body(matchers={"organisations": ["ORG-2"]})
    assert theirs.post(SILENCES, json=own).status_code == 201
    # A rule, a site or a kind alone would silence others too.
    for matchers in (
        {"rules": ["meter-silent"]},
        {"sites": ["SITE-1"]},
        {"assets": ["SITE-1"]},
        {"kinds": ["meters"]},
    ):
        assert theirs.post(SILENCES, json=body(matchers=matchers)).status_code == 403
    upper = body(matchers={"organisations": ["ORG-1"]})
    assert theirs.post(SILENCES, json=upper).status_code == 404


def test_an_organisation_whose_other_tree_is_out_of_reach_is_not_silenced_whole(
    scene: Scene,
) -> None:
    # By sector system ORG-1 has nobody below it, by region ORG-2.
    theirs = officer_of(scene, "ORG-1", "system")
    upper = body(matchers={"organisations": ["ORG-1"]})
    assert theirs.post(SILENCES, json=upper).status_code == 404


def test_readers_see_what_concerns_them_and_no_other_codes(scene: Scene, client: Client) -> None:
    both = body(matchers={"organisations": ["ORG-1", "ORG-2"]})
    number = client.post(SILENCES, json=both).json()["id"]
    upper = client.post(SILENCES, json=body(matchers={"assets": ["BLD-1"]})).json()["id"]
    theirs = officer_of(scene, "ORG-2")
    (item,) = theirs.get(SILENCES).json()["items"]
    assert (item["id"], item["matchers"]) == (number, {"organisations": ["ORG-2"]})
    assert theirs.get(f"{SILENCES}/{upper}").status_code == 404
    assert theirs.post(f"{SILENCES}/{number}/end").status_code == 404
