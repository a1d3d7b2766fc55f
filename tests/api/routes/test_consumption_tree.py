"""Use down the tree: from organisations to meters, rooms and items."""

from datetime import date, timedelta
from typing import Any

import pyarrow as pa
import pytest

from quotawatt.readings import RESULTS, Grain
from quotawatt.register.model import Meter, Register, Space, VirtualMeter
from quotawatt.register.rows import records_of
from quotawatt.spans import local_midnight
from tests.api.scene import REGISTER, ZONE, Client, Scene, build_scene, result_rows

IMPORT = "electricity_import_kwh"
TREE = "/api/v1/consumption/tree?subject={}&from=2023-05-01&until=2023-05-11"
PER_DAY = {
    "ORG-1": 450.0, "ORG-2": 200.0, "BLD-1": 250.0, "BLD-2": 200.0, "MTR-1": 250.0, "MTR-1-A": 90.0,
    "MTR-1-B": 60.0, "MTR-2": 200.0, "VM-1": 100.0, "SP-1": 90.0, "BLD-1/item:A": 90.0,
    "BLD-1/item:A1": 90.0,
}  # fmt: skip
BY_HAND = {"BLD-2/hand": 15.0, "ORG-1/hand": 5.0}


def town() -> Register:
    more = [
        Meter("MTR-1-A", "照明", "Lights", "BLD-1", "electricity", "A1", "MTR-1", serves="SP-1"),
        Meter("MTR-1-B", "空调", "Cooling", "BLD-1", "electricity", "", "MTR-1"),
        Meter("MTR-1-OLD", "旧", "Old", "BLD-1", "electricity", "", "MTR-1", status="disposed"),
        Meter("MTR-W", "水", "Water", "BLD-1", "water"),
    ]
    kept = [m for m in REGISTER.meters.values() if m.code != "MTR-1-A"]
    return Register(
        **{
            **records_of(REGISTER),
            "meters": [*kept, *more],
            "spaces": [Space("SP-1", "一室", "Room 1", "BLD-1", "office", 20.0)],
            "virtual_meters": [
                VirtualMeter("VM-1", "其余", "Rest", "BLD-1", IMPORT, "MTR-1 - MTR-1-A - MTR-1-B")
            ],
        }
    )


@pytest.fixture
def client(tmp_path: Any) -> Client:
    scene: Scene = build_scene(tmp_path, town())
    days = [local_midnight(date(2023, 5, 1) + timedelta(days=n), ZONE) for n in range(10)]
    rows = [r for s, v in PER_DAY.items() for r in result_rows(s, IMPORT, days, v)]
    scene.series.write_results(Grain.DAY, pa.Table.from_pylist(rows, RESULTS))
    return Client(scene.app, scene.bearer)


def test_what_was_entered_by_hand_of_a_building_itself_has_a_line(tmp_path: Any) -> None:
    scene: Scene = build_scene(tmp_path, town())
    days = [local_midnight(date(2023, 5, 1) + timedelta(days=n), ZONE) for n in range(10)]
    use = {**PER_DAY, **BY_HAND, "BLD-2": 215.0}
    rows = [r for s, v in use.items() for r in result_rows(s, IMPORT, days, v)]
    scene.series.write_results(Grain.DAY, pa.Table.from_pylist(rows, RESULTS))
    found = lines(Client(scene.app, scene.bearer), "ORG-1")
    assert (found["BLD-2/hand"]["kind"], found["BLD-2/hand"]["depth"]) == ("by_hand", 3)
    assert (found["BLD-2"]["gap"], found["ORG-1/hand"]["parent"]) == (pytest.approx(0), "ORG-1")
    assert "BLD-1/hand" not in found


def lines(client: Client, subject: str, more: str = "") -> dict[str, dict[str, Any]]:
    answer = client.get(TREE.format(subject) + more)
    assert answer.status_code == 200, answer.text
    items = answer.json()["items"]
    assert len({item["subject"] for item in items}) == len(items)
    return {item["subject"]: item for item in items}


def test_the_tree_goes_from_the_organisation_to_meters_and_rooms(client: Client) -> None:
    found = lines(client, "ORG-1")
    assert [(code, item["depth"], item["adds_up"]) for code, item in found.items()] == [
        ("ORG-1", 0, True),
        ("ORG-2", 1, True),
        ("BLD-2", 2, True),
        ("MTR-2", 3, True),
        ("BLD-1", 1, True),
        ("MTR-1", 2, True),
        ("MTR-1-A", 3, True),
        ("MTR-1-B", 3, True),
        ("VM-1", 2, False),
        ("BLD-1/item:A", 2, False),
        ("BLD-1/item:A1", 3, False),
        ("SP-1", 2, False),
    ]
    assert {code: item["use"] for code, item in found.items()} == pytest.approx(
        {code: 10 * value for code, value in PER_DAY.items()}
    )
    assert all(item["coverage"] == 1.0 for item in found.values())
    assert found["BLD-1/item:A"]["name_en"] == "Lighting and sockets A"


def test_each_parent_has_its_gap(client: Client) -> None:
    found = lines(client, "ORG-1")
    assert found["ORG-1"]["gap"] == pytest.approx(0)
    assert found["MTR-1"]["gap"] == pytest.approx(1000)
    assert found["MTR-1"]["gap_pct"] == pytest.approx(40)
    assert found["MTR-2"]["gap"] is None
    assert found["BLD-1/item:A"]["gap"] is None


def test_levels_below_the_asked_ones_are_left_out(client: Client) -> None:
    found = lines(client, "BLD-1", "&depth=1")
    assert list(found) == ["BLD-1", "MTR-1", "VM-1", "BLD-1/item:A", "SP-1"]
    assert found["MTR-1"]["gap"] is None


def test_what_was_measured_in_part_says_so(client: Client) -> None:
    answer = client.get(
        "/api/v1/consumption/tree?subject=MTR-1&from=2023-05-01&until=2023-05-21&depth=0"
    )
    (line,) = answer.json()["items"]
    assert (line["use"], line["coverage"]) == (pytest.approx(2500), pytest.approx(0.5))


def test_where_nothing_is_known_nothing_is_said(client: Client) -> None:
    found = lines(client, "BLD-1", "&measure=water_m3")
    assert list(found) == ["BLD-1", "MTR-W"]
    assert {(item["use"], item["coverage"], item["gap"]) for item in found.values()} == {
        (None, 0.0, None)
    }


@pytest.mark.parametrize(
    ("query", "status", "value"),
    [
        ("subject=NONE&from=2023-01-01", 404, "got 'NONE'"),
        ("subject=BLD-1&from=2023-01-01&measure=odometer_km", 422, "got 'odometer_km'"),
        ("subject=BLD-1&from=2023-01-01&depth=99", 422, "depth"),
        ("subject=BLD-1&from=2024-01-01&until=2023-01-01", 422, "before until"),
    ],
)
def test_what_cannot_be_answered_is_refused(
    client: Client, query: str, status: int, value: str
) -> None:
    answer = client.get(f"/api/v1/consumption/tree?{query}")
    assert answer.status_code == status
    assert value in answer.text


def test_an_item_and_a_virtual_meter_are_subjects_like_any(client: Client) -> None:
    for subject, value in (("BLD-1/item:A", 90.0), ("VM-1", 100.0), ("SP-1", 90.0)):
        answer = client.get(
            f"/api/v1/consumption?subject={subject}&measure={IMPORT}&from=2023-05-01&until=2023-05-02"
        )
        assert answer.json()["series"][0]["total"] == pytest.approx(value)
        assert answer.json()["timezone"] == "Asia/Shanghai"
