"""Alerts: listing them with their clause, and taking one up."""

import pytest

from quotawatt.ledger import Ledger
from tests.api.scene import Client, Scene


def test_open_alerts_with_rule_clause_and_account(client: Client) -> None:
    body = client.get("/api/v1/alerts").json()
    assert body["total"] == 2
    quota, silent = body["items"]
    assert quota["rule"] == "quota-exhausted"
    assert quota["name"]["zh"] == "一号楼"
    assert quota["clause"]["clause"] == "17"
    assert quota["account"]["clause"]["number"] == "DB37/T 2672-2019"
    assert quota["organisation"] == "ORG-1"
    assert silent["account"] is None
    assert silent["input"] == "silence_h"
    assert silent["measured"]["unit"] == {"zh": "h", "en": "h"}
    assert "share" in quota["measured"]["name"]["en"]


@pytest.mark.parametrize(
    ("query", "total"),
    [
        ("?state=resolved", 1),
        ("?state=resolved&state=firing", 3),
        ("?state=pending", 0),
        ("?asset=MTR-1-A", 1),
    ],
)
def test_filters(client: Client, query: str, total: int) -> None:
    body = client.get(f"/api/v1/alerts{query}").json()
    assert body["total"] == total == len(body["items"])


def test_acknowledging_is_recorded_in_the_ledger(scene: Scene) -> None:
    client = Client(scene.app, scene.bearer)
    answer = client.post("/api/v1/alerts/1/acknowledge", json={"comment": "seen"})
    assert answer.status_code == 200
    assert answer.json()["acknowledged_by"] == "api"
    assert answer.json()["case"] == 1
    opened, taken = Ledger(scene.records).entries()
    assert (opened.actor, opened.action) == ("alerts", "case_opened")
    assert (taken.actor, taken.action, taken.subject) == ("api", "case_acknowledged", "cases/1")
    assert '"comment":"seen"' in taken.detail


@pytest.mark.parametrize(
    ("path", "body", "status", "value"),
    [
        ("/alerts/99/acknowledge", {}, 404, "got 99"),
        ("/alerts/3/acknowledge", {}, 409, "got resolved"),
        ("/alerts/x/acknowledge", {}, 422, "got 'x'"),
        ("/alerts/0/acknowledge", {}, 422, "got '0'"),
        ("/alerts/1/acknowledge", {"comment": "x" * 2001}, 422, "comment"),
    ],
)
def test_what_cannot_be_acknowledged(
    client: Client, path: str, body: dict[str, str], status: int, value: str
) -> None:
    answer = client.post(f"/api/v1{path}", json=body)
    assert answer.status_code == status
    assert value in answer.json()["detail"]


def test_bad_filters(client: Client) -> None:
    assert client.get("/api/v1/alerts?state=burning").status_code == 422
    assert client.get("/api/v1/alerts?asset=NONE").status_code == 404
