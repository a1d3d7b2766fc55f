"""Entries by hand over HTTP: entered, corrected, withdrawn, by workbook, with documents, within scope."""

from pathlib import Path
from typing import Any

import pytest

from quotawatt.access.principal import Grant, Principal
from quotawatt.access.roles import Role
from quotawatt.ledger import Ledger
from quotawatt.readings import SeriesKey
from quotawatt.spans import Span
from quotawatt.storage import touched
from tests.api.asking import answer_as
from tests.api.register_scene import stored_scene
from tests.api.scene import NOW, Client, Scene
from tests.quotawatt.hand.sheets import BILLS_HEADER, FUELS_HEADER, READINGS_HEADER, Cell, workbook

HAND = "/api/v1/hand"
ENTRIES = f"{HAND}/entries"
SERIES = SeriesKey("asset:MTR-2", "", "electricity_import_kwh")
PNG = b"\x89PNG\r\n\x1a\n of a register"


@pytest.fixture
def world(tmp_path: Path, records_url: str) -> Scene:
    return stored_scene(tmp_path, records_url)


@pytest.fixture
def client(world: Scene) -> Client:
    return act_as(world, Role.OFFICER, "")


def act_as(world: Scene, role: Role, organisation: str) -> Client:
    """A client of somebody with a role over an organisation."""
    somebody = Principal(f"{role}-of-{organisation or 'all'}", (Grant(role, organisation),))
    answer_as(world.app, somebody)
    return Client(world.app, world.bearer)


def reading(time: str = "2023-05-31 09:00", value: float = 100.0, **more: Any) -> dict[str, Any]:
    return {"kind": "reading", "asset": "MTR-2", "time": time, "value": value, **more}


def stored_values(world: Scene) -> list[tuple[str, float, str]]:
    """What the series store has of the meter by hand."""
    table = world.series.read_readings([SERIES], Span(NOW.replace(year=2022), NOW))
    return [(f"{r['time']:%m-%dT%H:%M}", r["value"], r["quality"]) for r in table.to_pylist()]


def marks(world: Scene) -> set[tuple[str, str, str]]:
    with world.records.begin() as conn:
        return {(m.device, m.channel, f"{m.hour:%m-%dT%H}") for m in touched.take(conn)[1]}


def test_a_reading_reaches_the_series_store_and_is_marked(world: Scene, client: Client) -> None:
    answer = client.post(ENTRIES, json=reading())
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert (made["quantity"], made["unit"], made["first_day"]) == (
        "electricity_import_kwh",
        "kWh",
        "2023-05-31",
    )
    assert stored_values(world) == [("05-31T01:00", 100.0, "measured")]
    assert marks(world) == {("asset:MTR-2", "", "05-31T01")}
    assert client.get(f"{ENTRIES}/{made['number']}").json()["written"] is True
    assert Ledger(world.records).entries()[-1].action == "hand_entered"


def test_the_same_again_is_the_same_entry_and_another_figure_a_conflict(client: Client) -> None:
    first = client.post(ENTRIES, json=reading()).json()
    assert client.post(ENTRIES, json=reading()).json()["number"] == first["number"]
    other = client.post(ENTRIES, json=reading(value=101.0))
    assert other.status_code == 409
    assert f"number {first['number']}" in other.json()["detail"]


def test_a_correction_is_another_revision_wherever_it_moves(world: Scene, client: Client) -> None:
    number = client.post(ENTRIES, json=reading()).json()["number"]
    moved = client.send("PUT", f"{ENTRIES}/{number}", json=reading("2023-05-30 09:00", 90.0))
    assert (moved.status_code, moved.json()["revision"]) == (200, 2)
    assert stored_values(world) == [
        ("05-30T01:00", 90.0, "measured"),
        ("05-31T01:00", 100.0, "suspect"),
    ]
    back = client.send("PUT", f"{ENTRIES}/{number}", json=reading("2023-05-31 09:00", 99.0))
    assert back.json()["revision"] == 3
    assert stored_values(world)[1] == ("05-31T01:00", 99.0, "measured")
    shown = client.get(f"{ENTRIES}/{number}").json()
    assert [one["value"] for one in shown["revisions"]] == [100.0, 90.0, 99.0]
    assert client.get(ENTRIES).json()["total"] == 1


def test_what_is_withdrawn_leaves_nothing_and_stays_listed(world: Scene, client: Client) -> None:
    number = client.post(ENTRIES, json=reading()).json()["number"]
    gone = client.post(f"{ENTRIES}/{number}/withdraw", json={"note": "wrong meter"})
    assert gone.json()["withdrawn"] is True
    assert stored_values(world) == [("05-31T01:00", 100.0, "suspect")]
    assert client.get(ENTRIES).json()["total"] == 0
    assert client.get(ENTRIES, params={"withdrawn": True}).json()["total"] == 1
    again = client.post(f"{ENTRIES}/{number}/withdraw", json={})
    assert again.status_code == 409
    assert client.post(ENTRIES, json=reading()).json()["number"] == number + 1
    assert stored_values(world) == [("05-31T01:00", 100.0, "measured")]


def test_a_bill_is_marked_from_its_first_hour_to_its_last(world: Scene, client: Client) -> None:
    body = {
        "kind": "bill",
        "asset": "MTR-2",
        "first_day": "2023-05-01",
        "last_day": "2023-05-31",
        "amount": 620,
    }
    made = client.post(ENTRIES, json=body).json()
    assert (made["start"], made["end"]) == ("2023-04-30T16:00:00Z", "2023-05-31T16:00:00Z")
    assert (made["first_day"], made["last_day"]) == ("2023-05-01", "2023-05-31")
    assert marks(world) == {
        ("asset:MTR-2", "bill", "04-30T16"),
        ("asset:MTR-2", "bill", "05-31T15"),
    }


def test_every_broken_rule_is_said_with_its_column(client: Client) -> None:
    body = {**reading("2033-05-01", -5.0), "quantity": "water_m3"}
    answer = client.post(ENTRIES, json=body)
    assert answer.status_code == 422
    (problem,) = answer.json()["problems"]
    assert (problem["pointer"], problem["rule"]) == ("/quantity", "quantity_of_asset")
    answer = client.post(ENTRIES, json=reading("soon", -5.0)).json()
    assert [p["rule"] for p in answer["problems"]] == ["instant"]
    answer = client.post(ENTRIES, json=reading(value=-5.0)).json()
    assert [(p["pointer"], p["rule"]) for p in answer["problems"]] == [("/value", "not_negative")]


def test_a_document_is_kept_with_its_entry(world: Scene, client: Client) -> None:
    number = client.post(ENTRIES, json=reading()).json()["number"]
    place = f"{HAND}/documents?entry={number}"
    assert client.get(f"{ENTRIES}/{number}/document").status_code == 404
    answer = client.post(place, files={"file": ("photo.png", PNG)})
    assert (answer.status_code, answer.json()["revision"]) == (200, 2)
    shown = client.get(f"{ENTRIES}/{number}/document")
    assert (shown.content, shown.headers["content-type"]) == (PNG, "image/png")
    assert "attachment" in shown.headers["content-disposition"]
    page = client.post(place, files={"file": ("photo.png", b"<html>")})
    assert (page.status_code, "JPEG, PNG or PDF" in page.text) == (422, True)
    entry = Ledger(world.records).entries()[-1]
    assert entry.action == "hand_document"
    assert answer.json()["document"] in entry.detail


def test_a_workbook_is_taken_whole_or_not_at_all(world: Scene, client: Client) -> None:
    rows: list[list[Cell]] = [
        READINGS_HEADER,
        ["MTR-2 二号楼总表", "2023-05-31", 100],
        ["MTR-2", "2023-06-30", 90],
        ["NOPE", "2023-06-30", "x"],
    ]
    fuels: list[list[Cell]] = [
        FUELS_HEADER,
        ["ORG-2", "煤", "2023-05-01", "2023-05-31", 500, 100, 200],
    ]
    bad = client.post(
        f"{HAND}/import?dry_run=false",
        files={"file": ("a.xlsx", workbook(抄表=rows, 燃料购入=fuels))},
    ).json()
    assert bad["applied"] is False
    assert [(p["cell"], p["rule"]) for p in bad["problems"]] == [
        ("C3", "falls"),
        ("A4", "asset"),
        ("C4", "number"),
    ]
    assert client.get(ENTRIES).json()["total"] == 0
    good = workbook(抄表=rows[:2], 燃料购入=fuels)
    for applied, counts in ((False, (2, 0)), (True, (2, 0)), (True, (0, 2))):
        answer = client.post(
            f"{HAND}/import?dry_run={'false' if applied else 'true'}",
            files={"file": ("a.xlsx", good)},
        ).json()
        assert (answer["applied"], answer["added"], answer["unchanged"]) == (applied, *counts)
    (coal,) = client.get(ENTRIES, params={"kind": "purchase"}).json()["items"]
    assert (coal["amount"], coal["opening"], coal["asset"]) == (400.0, 100.0, "ORG-2")


def test_a_workbook_corrects_what_it_says_otherwise(client: Client) -> None:
    def handed_in(amount: float) -> dict[str, Any]:
        rows: list[list[Cell]] = [BILLS_HEADER, ["MTR-2", None, "2023-05-01", "2023-05-31", amount]]
        file = {"file": ("b.xlsx", workbook(账单=rows))}
        answer: dict[str, Any] = client.post(f"{HAND}/import?dry_run=false", files=file).json()
        return answer

    assert handed_in(600)["added"] == 1
    assert (handed_in(620)["corrected"], handed_in(620)["unchanged"]) == (1, 1)
    (bill,) = client.get(ENTRIES, params={"kind": "bill"}).json()["items"]
    assert (bill["amount"], bill["revision"]) == (620.0, 2)


def test_everybody_reaches_their_own(world: Scene) -> None:
    officer = act_as(world, Role.OFFICER, "ORG-2")
    number = officer.post(ENTRIES, json=reading()).json()["number"]
    assert officer.post(ENTRIES, json={**reading(), "asset": "MTR-1"}).status_code == 404
    rows = workbook(抄表=[READINGS_HEADER, ["MTR-1", "2023-05-31", 100]])
    answer = officer.post(f"{HAND}/import", files={"file": ("a.xlsx", rows)}).json()
    assert [p["rule"] for p in answer["problems"]] == ["asset"]
    auditor = act_as(world, Role.AUDITOR, "")
    assert auditor.get(f"{ENTRIES}/{number}").status_code == 200
    assert auditor.post(ENTRIES, json=reading()).status_code == 403


def test_the_template_offers_what_is_within_reach(world: Scene) -> None:
    from io import BytesIO

    from python_calamine import CalamineWorkbook

    answer = act_as(world, Role.OFFICER, "ORG-2").get(f"{HAND}/template.xlsx?lang=en")
    book = CalamineWorkbook.from_filelike(BytesIO(answer.content))
    assert book.sheet_names[:3] == ["Meter readings", "Bills", "Fuel purchases"]
    offered = {cell for row in book.get_sheet_by_name("_lists").to_python() for cell in row}
    assert "MTR-2 Building Two, main" in offered
    assert not any("MTR-1" in str(cell) for cell in offered)
