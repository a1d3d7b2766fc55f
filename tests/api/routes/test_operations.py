"""Dead letters, findings and the ledger."""

from sqlalchemy import update

from quotawatt.ledger import Ledger
from quotawatt.storage.tables import ledger
from tests.api.scene import NOW, Client, Scene


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


def test_findings_and_their_filters(client: Client) -> None:
    (finding,) = client.get("/api/v1/findings?code=counter_reset&subject=MTR-1").json()["items"]
    assert finding["detail"] == {"before_kwh": 10.0}
    assert client.get("/api/v1/findings?subject=MTR-2").json()["total"] == 0


def test_the_ledger_holds_until_it_is_tampered_with(scene: Scene) -> None:
    client = Client(scene.app, scene.bearer)
    book = Ledger(scene.records)
    with scene.records.begin() as conn:
        book.append(conn, at=NOW, actor="a", action="b", subject="c", detail={})
    assert client.get("/api/v1/ledger/verify").json() == {"ok": True, "findings": []}
    with scene.records.begin() as conn:
        conn.execute(update(ledger).values(actor="somebody else"))
    body = client.get("/api/v1/ledger/verify").json()
    assert body["ok"] is False
    assert body["findings"][0]["code"] == "ledger_altered"
