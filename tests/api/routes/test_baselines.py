"""Baselines over the API: listed, in versions, beside what was used, and asked for anew."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from quotawatt.storage.tables import jobs, ledger
from tests.api.baseline_samples import add_baseline
from tests.api.scene import Client, Scene, build_scene

# Reading and writing them is tried on both record stores by those of the store itself.
_V1 = "/api/v1/baselines"
_BLD_1 = "subject=BLD-1&measure=electricity_import_kwh"


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    built = build_scene(tmp_path_factory.mktemp("baselines"))
    for building in ("BLD-1", "BLD-2"):
        add_baseline(built.records, building)
    yield built
    built.records.dispose()


@pytest.fixture
def client(scene: Scene) -> Client:
    return Client(scene.app, scene.bearer)


def test_the_newest_of_each_is_listed_with_how_well_it_fits(client: Client) -> None:
    body = client.get(_V1).json()
    assert body["total"] == 2
    item = body["items"][0]
    assert (item["subject"], item["version"], item["state"]) == ("BLD-1", 1, "current")
    assert (item["kind"], item["unit"]) == ("calendar", "kWh")
    assert item["name"]["en"] == "Building One BLD-1"
    assert item["as_of"] == "2023-11-30T16:00:00Z"
    assert 0 < item["figures"]["cross_validated"]["cv_rmse_pct"] < 60
    assert item["saw"]["temperature_c"] is None
    assert "document" not in item
    below = client.get(f"{_V1}?asset=ORG-2").json()
    assert [one["subject"] for one in below["items"]] == ["BLD-2"]
    assert client.get(f"{_V1}?state=insufficient").json()["total"] == 0
    assert client.get(f"{_V1}?measure=water_m3").json()["items"] == []


def test_versions_say_what_they_saw(client: Client) -> None:
    [version] = client.get(f"{_V1}/versions?{_BLD_1}").json()["items"]
    assert version["saw"]["n"] == 60 * 24
    assert list(version["figures"]["compared"]) == ["calendar"]
    assert "scikit-learn" in version["libraries"]


def test_what_was_used_stands_beside_what_was_expected(client: Client) -> None:
    query = f"{_V1}/expected?{_BLD_1}&from=2023-12-20&until=2023-12-22"
    body = client.get(f"{query}&interval=hour").json()
    assert (body["version"], body["kind"], len(body["items"])) == (1, "calendar", 48)
    at_ten = body["items"][10]
    assert at_ten["start"] == "2023-12-20T02:00:00Z"
    assert at_ten["expected"] == pytest.approx(10, abs=0.3)
    assert at_ten["low"] < at_ten["expected"] < at_ten["high"]
    days = client.get(query).json()["items"]
    assert [day["start"] for day in days] == ["2023-12-19T16:00:00Z", "2023-12-20T16:00:00Z"]
    assert days[0]["actual"] == pytest.approx(250)
    hours = [hour["expected"] for hour in body["items"][:24]]
    assert days[0]["expected"] == pytest.approx(sum(hours))


def test_a_new_one_is_a_job_and_an_entry_of_the_ledger(scene: Scene, client: Client) -> None:
    body = {"subject": "BLD-1", "measure": "electricity_import_kwh"}
    answer = client.post(f"{_V1}/refit", json=body)
    assert answer.status_code == 202
    assert answer.json()["state"] == "waiting"
    chosen = select(jobs.c.arguments).where(jobs.c.id == answer.json()["id"])
    with scene.records.connect() as conn:
        assert conn.execute(chosen).scalar_one() == body
        entry = conn.execute(select(ledger).order_by(ledger.c.seq.desc())).first()
    assert entry
    assert (entry.action, entry.subject) == ("baseline_refit_asked", "BLD-1")


@pytest.mark.parametrize(
    ("question", "status", "detail"),
    [
        (f"versions?{_BLD_1.replace('BLD-1', 'NONE')}", 404, "'NONE'"),
        (f"versions?{_BLD_1.replace('BLD-1', 'ORG-1')}", 422, "'ORG-1'"),
        ("versions?subject=BLD-1&measure=energy", 422, "'energy'"),
        (f"expected?{_BLD_1.replace('BLD-1', 'MTR-1')}&from=2023-12-20", 404, "that counts"),
        (f"expected?{_BLD_1}&from=2023-01-01&interval=hour", 422, "92 days"),
        (f"expected?{_BLD_1}&from=2023-12-20&interval=month", 422, "'month'"),
    ],
)
def test_bad_questions(client: Client, question: str, status: int, detail: str) -> None:
    answer = client.get(f"{_V1}/{question}")
    assert answer.status_code == status
    assert detail in answer.json()["detail"]
