"""Rules tried over history by the API: by threshold, by pack, within reach, and without a trace."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from quotawatt.storage.tables import alerts, ledger
from tests.api.scene import Client, Scene, build_scene

URL = "/api/v1/rules/try"
YEAR = {"rule": "use-above-expected", "from": "2023-01-01", "until": "2024-01-01"}
PACK = """\
rules:
  - id: county-night
    title: {zh: 用电过多, en: Much electricity}
    cites: {instrument: conservation-regulation, clause: "14"}
    input: electricity_import_kwh
    per: gross_area_m2
    above: 0.2
    for: 0
    severity: info
    advice: {zh: 查, en: look}
"""


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return build_scene(Path(tmp_path_factory.mktemp("trying")))


@pytest.fixture(scope="module")
def client(scene: Scene) -> Client:
    return Client(scene.app, scene.bearer)


def tried(client: Client, **body: Any) -> dict[str, Any]:
    answer = client.post(URL, json={**YEAR, **body})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def refusal(client: Client, **body: Any) -> tuple[int, str]:
    answer = client.post(URL, json={**YEAR, **body})
    return answer.status_code, answer.json()["detail"]


def test_thresholds_are_compared(client: Client) -> None:
    answer = tried(client, above=[10, 15])
    # Every day of the year BLD-1 lies 15 % beyond its band: above 10, and not above 15.
    assert [(t["threshold"], t["alerts"], t["cases"]) for t in answer["trials"]] == [
        (10, 1, 1),
        (15, 0, 0),
    ]
    (spell,) = answer["trials"][0]["spells"]
    assert (spell["subject"], spell["peak"], spell["ended_at"]) == (
        "BLD-1",
        pytest.approx(15),
        None,
    )
    assert spell["began_at"] == "2023-01-04T16:00:00Z"  # three days after the end of the first
    assert answer["trials"][0]["firing_days"] == 365 - 4
    assert (answer["direction"], answer["unit"]) == ("above", "%")


def test_a_rule_of_a_pack_is_tried_before_it_counts(client: Client) -> None:
    pack = {"name": "own.yaml", "text": PACK}
    answer = tried(client, rule="county-night", pack=pack)
    # 250 kWh on 1,000 m² are more than 0.2; 200 kWh on 2,000 m² are not.
    assert {s["asset"] for s in answer["trials"][0]["spells"]} == {"BLD-1"}
    assert answer["unit"] == "kWh/m²"
    assert refusal(client, rule="county-night")[0] == 404


def test_a_broken_pack_says_what_is_wrong(client: Client) -> None:
    pack = {"name": "own.yaml", "text": PACK.replace("above: 0.2", "clear_below: 1")}
    status, said = refusal(client, rule="county-night", pack=pack)
    assert status == 422
    assert "own.yaml:2: a rule must have exactly one of above and below, got neither" in said


def test_one_asset_can_be_asked_about(client: Client) -> None:
    assert tried(client, above=[10], asset="BLD-2")["trials"][0]["subjects"] == 0
    assert refusal(client, asset="NOWHERE")[0] == 404


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"below": [5]}, "thresholds to try must be of the rule's direction"),
        ({"until": "2023-01-01"}, "from must lie before until"),
        ({"from": "2020-01-01"}, "a span must be at most 800 days long"),
        ({"rule": "power-factor-low"}, "a span must be at most 92 days long"),
    ],
)
def test_what_cannot_be_tried_is_refused(client: Client, body: dict[str, Any], says: str) -> None:
    status, said = refusal(client, **body)
    assert status == 422
    assert says in said


def test_nothing_is_written(scene: Scene, client: Client) -> None:
    def written() -> tuple[int, ...]:
        with scene.records.connect() as conn:
            return tuple(
                conn.execute(select(func.count()).select_from(table)).scalar_one()
                for table in (alerts, ledger)
            )

    before = written()
    tried(client, above=[10])
    assert written() == before
