"""Overuse over the api and on its page."""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from quotawatt.readings import RESULTS, Grain
from quotawatt.spans import local_midnight
from tests.api.scene import ZONE, Client, Scene, build_scene

OVERUSE = "/api/v1/overuse?asset=BLD-1&from=2023-06-01&until=2023-07-01"
_FIRST = date(2023, 4, 1)


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """Building One draws 10 kWh an hour, and from 12 June on 18 from 19 to 7 o'clock."""
    made = build_scene(Path(tmp_path_factory.mktemp("overuse")))
    start = local_midnight(_FIRST, ZONE)
    rows = []
    noise = np.random.default_rng(1).normal(0, 0.2, 91 * 24)
    for n, extra in enumerate(noise):
        at = start + n * timedelta(hours=1)
        local = at.astimezone(ZONE)
        dark = (local.hour < 7 or local.hour >= 19) and local.date() >= date(2023, 6, 12)
        value = 10 + (8 if dark else 0) + float(extra)
        for subject, name, amount in (
            ("BLD-1", "electricity_import_kwh", value),
            ("SITE-1", "outdoor_temperature_c", 20.0),
        ):
            rows.append(
                {
                    "subject": subject, "measure": name, "start": at, "value": amount,
                    "quality": "measured", "coverage": 1.0, "revision": 0, "withdrawn": False,
                }
            )  # fmt: skip
    made.series.write_results(Grain.HOUR, pa.Table.from_pylist(rows, RESULTS))
    return made


@pytest.fixture
def client(scene: Scene) -> Client:
    return Client(scene.app, scene.bearer)


def test_where_and_when(client: Client) -> None:
    answer = client.get(OVERUSE).json()
    assert answer["unit"] == "kWh"
    assert answer["whole"]["excess"] == pytest.approx(19 * 12 * 8, rel=0.1)
    assert answer["ranking"][0]["hour_class"] == "night"
    classes = {one["hour_class"]: one["excess"] for one in answer["classes"]}
    assert sum(classes.values()) == pytest.approx(answer["whole"]["excess"])
    assert sum(day["excess"] for day in answer["days"]) == pytest.approx(sum(classes.values()))
    assert len(answer["days"]) == 30
    (pattern,) = answer["patterns"]
    assert pattern["likely"] == "night_running"
    assert pattern["sentence"]["zh"].startswith("6月12日起，一号楼用电夜间降不下来")
    assert answer["verdict"]["en"].startswith("From 1 June to 30 June 2023 the electricity use of")


def test_what_was_not_measured_is_not_judged(client: Client) -> None:
    answer = client.get(f"{OVERUSE}&measure=water_m3").json()
    assert (answer["verdict"], answer["whole"], answer["days"]) == (None, None, [])
    assert answer["findings"][0]["code"] == "baseline_insufficient"


def test_of_no_known_hour_there_are_no_figures(client: Client) -> None:
    """What came before allows an expectation, but of August nothing was read: nothing is said to be zero."""
    answer = client.get("/api/v1/overuse?asset=BLD-1&from=2023-08-01&until=2023-09-01").json()
    assert "nothing is known" in answer["verdict"]["en"]
    assert (answer["whole"], answer["classes"], answer["ranking"]) == (None, [], [])
    assert "0 kWh" not in client.get("/overuse/BLD-1?first=2023-08-01&last=2023-08-31&lang=en").text


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("asset=BLD-9&from=2023-06-01", 404),
        ("asset=BLD-1&from=2022-01-01&until=2023-06-01", 422),
        ("asset=BLD-1&from=2023-06-01&measure=pv_generation_kwh", 422),
        ("asset=BLD-1&from=2023-06-01&measure=strange", 422),
        ("asset=BLD-1", 422),
    ],
)
def test_what_cannot_be_asked(client: Client, query: str, status: int) -> None:
    assert client.get(f"/api/v1/overuse?{query}").status_code == status


def test_the_page(client: Client) -> None:
    page = client.get("/overuse/BLD-1?first=2023-06-01&last=2023-06-30&lang=en")
    assert page.status_code == 200
    assert "does not fall at night" in page.text
    assert page.text.count('class="day-used"') == 30
    assert "check the time programme" in page.text


def test_the_page_without_data_and_of_what_is_not_there(client: Client) -> None:
    page = client.get("/overuse/BLD-2?lang=zh")
    assert page.status_code == 200
    assert "没有可对照的预期用量" in page.text
    assert client.get("/overuse/BLD-9").status_code == 404
    assert client.get("/overuse/BLD-1?first=soon").status_code == 422
