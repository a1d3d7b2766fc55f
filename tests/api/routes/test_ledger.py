"""The ledger over the API: selecting, reading, verifying and exporting it."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text, update

from quotawatt.ledger import GENESIS, Ledger
from quotawatt.ledger.heads import parse_head
from quotawatt.ledger.keys import verifying_key
from quotawatt.ledger.pack_check import check_pack
from quotawatt.storage.tables import ledger
from tests.api.scene import NOW, Client, Scene, build_scene


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    made = build_scene(tmp_path)
    for n in range(5):
        with made.records.begin() as conn:
            Ledger(made.records).append(
                conn,
                at=NOW - timedelta(days=5 - n),
                actor="li" if n % 2 else "wu",
                action="changed",
                subject="MTR-1" if n < 3 else "BLD-2",
                detail={"n": n},
                before={"area_m2": 1.0},
                after=["x" * 100] * 500 if n == 2 else {"area_m2": 2.0},
            )
    return made


@pytest.fixture
def client(scene: Scene) -> Client:
    return Client(scene.app, scene.bearer)


def _seqs(client: Client, query: str) -> list[int]:
    answer = client.get(f"/api/v1/ledger?{query}")
    assert answer.status_code == 200, answer.text
    return [item["seq"] for item in answer.json()["items"]]


def test_entries_are_listed_latest_first_page_by_page(client: Client) -> None:
    first = client.get("/api/v1/ledger?limit=2").json()
    assert ([item["seq"] for item in first["items"]], first["next"]) == ([5, 4], 4)
    assert _seqs(client, "limit=2&before=4") == [3, 2]
    assert _seqs(client, "limit=2&after=0") == [1, 2]
    assert client.get("/api/v1/ledger").json()["next"] is None


def test_entries_are_selected(client: Client) -> None:
    assert _seqs(client, "actor=li") == [4, 2]
    assert _seqs(client, "subject=BLD-2&actor=wu") == [5]
    assert _seqs(client, "from=2023-12-29&until=2023-12-31") == [4, 3]
    assert _seqs(client, "seq=1&seq=5") == [5, 1]
    assert _seqs(client, "action=none") == []
    assert _seqs(client, "subject=%00") == []


@pytest.mark.parametrize(
    "query",
    [
        "from=yesterday",
        "before=3&after=1",
        "limit=0",
        "after=-1",
        "seq=0",
        # No database holds such a number.
        f"seq=5&seq={2**63}",
    ],
)
def test_a_wrong_question_is_refused(client: Client, query: str) -> None:
    assert client.get(f"/api/v1/ledger?{query}").status_code == 422


def test_an_entry_by_itself_has_what_is_attached_to_it(client: Client) -> None:
    listed = client.get("/api/v1/ledger?seq=3").json()["items"][0]
    assert set(listed["detail"]) == {"n", "before", "attachment"}
    entry = client.get("/api/v1/ledger/3").json()
    assert entry["detail"]["after"] == ["x" * 100] * 500
    assert client.get("/api/v1/ledger/6").status_code == 404


def test_the_ledger_holds_until_it_is_tampered_with(scene: Scene, client: Client) -> None:
    whole = client.get("/api/v1/ledger/verify").json()
    assert (whole["ok"], whole["findings"], whole["seq"], whole["complete"]) == (True, [], 5, True)
    with scene.records.begin() as conn:
        conn.execute(update(ledger).where(ledger.c.seq == 4).values(actor="somebody else"))
    part = client.get("/api/v1/ledger/verify?limit=3").json()
    assert (part["ok"], part["complete"], part["head"]) == (True, False, 5)
    query = f"after={part['seq']}&after_hash={part['hash']}"
    rest = client.get(f"/api/v1/ledger/verify?{query}").json()
    (finding,) = rest["findings"]
    assert (finding["code"], finding["subject"]) == ("ledger_altered", "ledger/4")


def test_an_altered_entry_does_not_hide_the_others(scene: Scene, client: Client) -> None:
    with scene.records.begin() as conn:
        conn.execute(update(ledger).where(ledger.c.seq == 4).values(detail='{"n":'))
    items = client.get("/api/v1/ledger").json()["items"]
    assert [item["seq"] for item in items] == [5, 4, 3, 2, 1]
    assert items[1]["detail"] == {"unreadable": '{"n":'}
    assert client.get("/api/v1/ledger/4").status_code == 422
    with scene.records.begin() as conn:
        conn.execute(text("UPDATE ledger SET at = 'yesterday' WHERE seq = 4"))
    answer = client.get("/api/v1/ledger")
    assert (answer.status_code, "a verification names" in answer.json()["detail"]) == (503, True)


def test_the_signed_head_is_of_the_published_key(client: Client) -> None:
    key = verifying_key(client.get("/api/v1/ledger/key").json()["pem"].encode())
    head = parse_head(client.get("/api/v1/ledger/head").content)
    assert head.count == 5
    assert key.signed(head.signed_text, head.signature)


def test_an_exported_pack_holds_and_making_it_is_told(
    scene: Scene, client: Client, tmp_path: Path
) -> None:
    answer = client.post("/api/v1/ledger/export", json={"subject": "MTR-1", "from": "2023-12-01"})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
    file = tmp_path / "pack.zip"
    file.write_bytes(answer.content)
    key = verifying_key(client.get("/api/v1/ledger/key").json()["pem"].encode())
    report = check_pack(file, [key])
    assert report.findings == ()
    assert (report.manifest["entries"], report.manifest["end"]["seq"]) == (3, 6)
    assert report.manifest["readings"]["assets"] == ["MTR-1"]
    told = Ledger(scene.records).entry(6)
    assert (told.actor, told.action) != ("", "")
    assert json.loads(told.detail)["selection"]["subject"] == "MTR-1"


def test_the_beginning_is_named_by_its_hash(client: Client) -> None:
    answer = client.get(f"/api/v1/ledger/verify?after=0&after_hash={GENESIS}")
    assert answer.json()["ok"] is True
