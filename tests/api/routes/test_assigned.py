"""Assigned targets over the API: who may assign, versions, sums, files."""

from typing import Any

import pytest

from quotawatt.access.principal import Grant, Principal
from quotawatt.access.roles import Role
from tests.api.asking import answer_as
from tests.api.budget_world import emptied
from tests.api.scene import Client, Scene, build_scene

PLACE = "/api/v1/assigned"
PAPER = {"document": "2023-12", "decided_on": "2023-01-15"}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return build_scene(tmp_path_factory.mktemp("world"))


@pytest.fixture
def scene(built: Scene) -> Scene:
    return emptied(built)


@pytest.fixture
def client(scene: Scene) -> Client:
    return Client(scene.app, scene.bearer)


def target(asset: str, amount: float, **changes: Any) -> dict[str, Any]:
    one = {"asset": asset, "indicator": "electricity_kwh", "year": 2023, "amount": amount}
    return {**one, "assigner": "ORG-1", **PAPER, **changes}


def assign(client: Client, *targets: dict[str, Any]) -> dict[str, Any]:
    answer = client.post(PLACE, json={"targets": list(targets)})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_a_target_is_judged_beside_the_quotas(client: Client) -> None:
    done = assign(client, target("ORG-2", 70_000))
    assert done["over"] == []
    (item,) = done["items"]
    assert (item["account"], item["unit"], item["version"]) == (
        "assigned-electricity_kwh",
        "kWh",
        1,
    )
    budget = client.get("/api/v1/quota/ORG-2/assigned-electricity_kwh/budget").json()
    # ORG-2 has BLD-2 with 200 kWh a day: 73,000 of 70,000.
    assert (budget["limit"], budget["ahead"]) == (70_000, pytest.approx(3_000))
    assert budget["document"] == "2023-12"


def test_past_days_keep_the_version_of_their_time(client: Client) -> None:
    assign(client, target("ORG-2", 70_000))
    assign(client, target("ORG-2", 75_000, effective_from="2023-07-01", note="a hall more"))
    place = "/api/v1/quota/ORG-2/assigned-electricity_kwh/budget"
    limits = [
        client.get(place, params={"as_of": day}).json()["limit"]
        for day in ("2023-07-01", "2023-07-02")
    ]
    assert limits == [70_000, 75_000]
    now = client.get(PLACE, params={"year": 2023}).json()
    assert [(t["amount"], t["version"]) for t in now["items"]] == [(75_000, 2)]
    former = client.get(PLACE, params={"as_of": "2023-07-01"}).json()
    assert [t["amount"] for t in former["items"]] == [70_000]
    all_of_it = client.get(PLACE, params={"year": 2023, "history": True}).json()
    assert [t["note"] for t in all_of_it["items"]] == ["", "a hall more"]


def test_too_much_below_is_told_and_found(client: Client) -> None:
    done = assign(
        client,
        target("ORG-1", 150_000, assigner=""),
        target("BLD-1", 90_000),
        target("ORG-2", 70_000),
    )
    (over,) = done["over"]
    assert (over["assigner"], over["own_amount"], over["assigned"]) == ("ORG-1", 150_000, 160_000)
    assert over["remainder"] == -10_000
    findings = {"code": "assigned_over_parent"}
    (found,) = client.get("/api/v1/findings", params=findings).json()["items"]
    assert (found["subject"], found["detail"]["over"]) == ("ORG-1", 10_000)
    assert "10,000 too much" in found["sentence"]["en"]
    assert "超出 10,000" in found["sentence"]["zh"]
    less = target("ORG-2", 60_000, effective_from="2023-02-01", note="agreed")
    assert assign(client, less)["over"] == []
    assert client.get("/api/v1/findings", params=findings).json()["items"] == []
    (line,) = client.get(f"{PLACE}/cascade", params={"year": 2023}).json()["items"]
    assert (line["remainder"], line["over"], len(line["shares"])) == (0, False, 2)


def test_a_finding_of_another_year_stays_and_a_later_day_counts(client: Client) -> None:
    later = {"effective_from": "2024-07-01", "note": "planned"}
    assign(
        client, target("ORG-1", 100_000, assigner="", year=2024), target("ORG-2", 90_000, year=2024)
    )
    planned = assign(client, target("ORG-2", 120_000, year=2024, **later))
    assert [one["remainder"] for one in planned["over"]] == [-20_000]
    assert assign(client, target("ORG-2", 70_000))["over"] == []
    listed = client.get("/api/v1/findings", params={"code": "assigned_over_parent"}).json()
    assert [found["detail"]["year"] for found in listed["items"]] == [2024]


def test_per_head_targets_are_summed_as_amounts(client: Client) -> None:
    per_head = {"indicator": "water_m3_per_head"}
    assign(
        client,
        target("ORG-1", 20.0, assigner="", **per_head),
        target("ORG-2", 25.0, **per_head),
    )
    (line,) = client.get(f"{PLACE}/cascade", params={"year": 2023}).json()["items"]
    # ORG-1 with ORG-2 below it has 100 people, ORG-2 60 of them: 2,000 m³, of which 1,500 are assigned.
    assert (line["own_amount"], line["assigned"], line["amount_unit"]) == (2_000, 1_500, "m³")


def test_only_from_above(scene: Scene, client: Client) -> None:
    own = Principal("manager-of-ORG-2", (Grant(Role.MANAGER, "ORG-2"),))
    answer_as(scene.app, own)
    answer = client.post(PLACE, json={"targets": [target("ORG-2", 99_000)]})
    assert answer.status_code == 404  # who assigns is out of reach
    answer = client.post(PLACE, json={"targets": [target("ORG-2", 99_000, assigner="")]})
    assert answer.status_code == 422
    assert "organisation within reach" in answer.text
    assert assign(client, target("BLD-2", 60_000, assigner="ORG-2"))["over"] == []


def test_an_officer_assigns_nothing(scene: Scene, client: Client) -> None:
    officer = Principal("officer", (Grant(Role.OFFICER, "ORG-1"),))
    answer_as(scene.app, officer)
    answer = client.post(PLACE, json={"targets": [target("ORG-2", 1.0)]})
    assert answer.status_code == 403


def upload(client: Client, text: str, **params: Any) -> dict[str, Any]:
    files = {"file": ("targets.csv", text.encode())}
    answer = client.post(f"{PLACE}/import", files=files, params=params)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


HEADER = "单位编码,指标,年度,指标值,文号,发文日期,下达单位\n"
GOOD = "ORG-2,electricity_kwh,2023,70000,2023-12,2023-01-15,ORG-1\n"


def test_a_file_is_tried_and_then_assigned(client: Client) -> None:
    tried = upload(client, HEADER + GOOD)
    assert (tried["applied"], tried["added"], tried["problems"]) == (False, 1, [])
    assert client.get(PLACE, params={"year": 2023}).json()["items"] == []
    done = upload(client, HEADER + GOOD, dry_run=False)
    assert (done["applied"], done["added"]) == (True, 1)
    assert [t["amount"] for t in client.get(PLACE, params={"year": 2023}).json()["items"]] == [
        70_000
    ]


@pytest.mark.parametrize(
    ("language", "words"), [("en", "must be a code"), ("zh", "须为台账中已有的编码")]
)
def test_all_mistakes_of_a_file_are_told_at_once(client: Client, language: str, words: str) -> None:
    wrong = "ORG-9,electricity_kwh,2023,1,2023-12,2023-01-15,ORG-1\nORG-2,joy,2023,x,1,1,\n"
    done = upload(client, HEADER + GOOD + wrong, dry_run=False, lang=language)
    assert (done["applied"], done["added"]) == (False, 0)
    assert [(p["row"], p["column"]) for p in done["problems"]] == [
        (4, "amount"),
        (4, "decided_on"),
        (3, "asset"),
    ]
    assert words in done["problems"][2]["text"]
    assert client.get(PLACE, params={"year": 2023}).json()["items"] == []
