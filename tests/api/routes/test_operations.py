"""Dead letters and findings."""

from tests.api.scene import Client


def test_dead_letters_keep_what_came(client: Client) -> None:
    body = client.get("/api/v1/deadletters").json()
    (letter,) = body["items"]
    assert letter["payload"] == "\ufffd{"
    assert letter["payload_bytes"] == 2
    assert letter["reason"] == "not_json"
    assert letter["cut"] is False
    assert body["by_reason"] == {"not_json": 1}
    none = client.get("/api/v1/deadletters?reason=too_large").json()
    assert none == {"total": 0, "items": [], "by_reason": {"not_json": 1}}


def test_one_dead_letter_by_its_number(client: Client) -> None:
    (letter,) = client.get("/api/v1/deadletters").json()["items"]
    detail = client.get(f"/api/v1/deadletters/{letter['id']}").json()
    assert detail == {**letter, "payload_hex": "ff7b"}
    missing = client.get("/api/v1/deadletters/999")
    assert (missing.status_code, missing.json()["detail"][-3:]) == (404, "999")
