"""Findings over the api: listed by importance, accepted, opened again, and checked now."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select

from quotawatt.ledger import Ledger
from quotawatt.storage.tables import findings
from tests.api.scene import NOW, Client, Scene

FINDINGS = "/api/v1/findings"


def add(scene: Scene, code: str, subject: str, **more: Any) -> int:
    """One more finding, open and of ORG-1."""
    row = {
        "code": code,
        "subject": subject,
        "key": "",
        "detail": {"device": "dev-new", "days": 4.0},
        "first_seen": NOW - timedelta(days=2),
        "last_seen": NOW,
        "source": "register",
        "organisation": "ORG-1",
        "severity": "warning",
        "state": "open",
        **more,
    }
    with scene.records.begin() as conn:
        return int(conn.execute(insert(findings).returning(findings.c.id), row).scalar_one())


@pytest.fixture
def client(scene: Scene) -> Client:
    return Client(scene.app, scene.bearer)


def listed(client: Client, query: str = "") -> list[tuple[str, str]]:
    items = client.get(f"{FINDINGS}{query}").json()["items"]
    return [(item["code"], item["subject"]) for item in items]


def test_findings_and_their_filters(client: Client) -> None:
    (finding,) = client.get(f"{FINDINGS}?code=counter_reset&subject=MTR-1").json()["items"]
    assert finding["detail"] == {"before_kwh": 10.0}
    assert client.get(f"{FINDINGS}?subject=MTR-2").json()["total"] == 0


def test_the_gravest_come_first_and_pages_follow_on(scene: Scene, client: Client) -> None:
    add(scene, "meter_silent", "MTR-1")
    add(scene, "asset_fed_twice", "MTR-2", severity="critical", organisation="ORG-2")
    add(scene, "gauge_frozen", "MTR-1", severity="info")
    codes = [code for code, _ in listed(client)]
    assert (codes[0], codes[-1]) == ("asset_fed_twice", "gauge_frozen")
    paged = [listed(client, f"?limit=1&offset={n}")[0][0] for n in range(4)]
    assert paged == codes
    assert listed(client, "?severity=critical&severity=info") == [
        ("asset_fed_twice", "MTR-2"),
        ("gauge_frozen", "MTR-1"),
    ]


def test_a_subtree_has_what_is_below_it(scene: Scene, client: Client) -> None:
    add(scene, "meter_silent", "MTR-1")
    add(scene, "meter_silent", "MTR-2", organisation="ORG-2")
    assert len(listed(client, "?organisation=ORG-1")) == 2
    assert listed(client, "?organisation=ORG-2") == [("meter_silent", "MTR-2")]
    assert listed(client, "?organisation=ORG-1&tree=system") == [("meter_silent", "MTR-1")]
    assert client.get(f"{FINDINGS}?organisation=ORG-9").status_code == 404


def test_a_finding_says_what_it_is_in_both_languages(scene: Scene, client: Client) -> None:
    number = add(scene, "meter_silent", "MTR-1")
    item = client.get(f"{FINDINGS}/{number}").json()
    assert item["name"] == {"zh": "一号楼总表 MTR-1", "en": "Building One, main MTR-1"}
    assert item["organisation_name"] == {"zh": "甲机关", "en": "First Office"}
    assert item["title"] == {"zh": "计量中断", "en": "Measurement has stopped"}
    assert "4 days ago" in item["sentence"]["en"]
    assert item["action"]["zh"]


def test_what_is_accepted_leaves_the_list_and_can_come_back(scene: Scene, client: Client) -> None:
    number = add(scene, "meter_silent", "MTR-1")
    path = f"{FINDINGS}/{number}"
    accepted = client.post(f"{path}/accept", json={"reason": "works on the riser"})
    assert accepted.status_code == 200
    assert (accepted.json()["state"], accepted.json()["reason"]) == (
        "accepted",
        "works on the riser",
    )
    assert listed(client, "?source=register") == []
    assert listed(client, "?state=accepted") == [("meter_silent", "MTR-1")]
    assert client.post(f"{path}/accept", json={"reason": "again"}).status_code == 409
    assert client.post(f"{path}/reopen").json()["state"] == "open"
    assert client.post(f"{path}/reopen").status_code == 409
    actions = [entry.action for entry in Ledger(scene.records).entries()]
    assert actions == ["finding_accepted", "finding_reopened"]


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/1/accept", {}, 422),
        ("/1/accept", {"reason": ""}, 422),
        ("/1/accept", {"reason": "   "}, 422),
        ("/999/accept", {"reason": "x"}, 404),
        ("/0/accept", {"reason": "x"}, 422),
        ("/999/reopen", None, 404),
    ],
)
def test_decisions_that_do_not_fit_are_refused(
    client: Client, path: str, body: Any, status: int
) -> None:
    assert client.post(f"{FINDINGS}{path}", json=body).status_code == status


def test_a_check_compares_register_and_telemetry_now(scene: Scene, client: Client) -> None:
    report = client.post(f"{FINDINGS}/check").json()
    found = listed(client, "?source=register&limit=1000")
    assert report == {"opened": len(found), "standing": 0, "cleared": 0, "accepted": 0}
    # Nothing is bound to these two, one device is unknown, and no building has a water meter.
    assert ("meter_unbound", "MTR-2") in found
    assert ("meter_unbound", "MTR-1-A") in found
    assert ("device_unregistered", "stranger") in found
    assert ("main_meter_missing", "BLD-1") in found
    assert not any(code.startswith("meter_silent") for code, _ in found)
    (entry,) = Ledger(scene.records).entries()
    assert (entry.action, entry.subject) == ("register_checked", "register")
    again = client.post(f"{FINDINGS}/check").json()
    assert (again["opened"], again["standing"]) == (0, len(found))
    with scene.records.connect() as conn:
        organisations = dict(
            conn.execute(select(findings.c.subject, findings.c.organisation)).all()
        )
    assert (organisations["MTR-2"], organisations["stranger"]) == ("ORG-2", None)
    assert organisations["MTR-1"] == "ORG-1"
