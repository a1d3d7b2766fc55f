"""Forecasts over HTTP: a day with and without weather, the year, and what is refused.

The small world has hours of two weeks (``tests.api.scene``), each the same: enough for habit, not for more.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.api.scene import NOW, Client, build_scene

V1 = "/api/v1/forecast"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Client:
    scene = build_scene(_home(tmp_path_factory))
    return Client(scene.app, scene.bearer)


def _home(factory: pytest.TempPathFactory) -> Path:
    return factory.mktemp("forecast")


def got(client: Client, address: str) -> Any:
    answer = client.get(f"{V1}{address}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_day_by_the_hour(client: Client) -> None:
    answer = got(client, "?subject=BLD-1&day=2024-01-01")
    assert (answer["unit"], answer["timezone"], answer["day"]) == (
        "kWh",
        "Asia/Shanghai",
        "2024-01-01",
    )
    assert (answer["basis"], answer["weather"]) == ("habit", "none")
    assert (answer["known_until"], answer["baseline_version"]) == ("2023-12-31", None)
    assert answer["calendar_known"] is True
    assert answer["total"] == pytest.approx(250, rel=0.05)
    assert len(answer["hours"]) == 24
    assert answer["hours"][0]["start"] == "2023-12-31T16:00:00Z"
    assert answer["hours"][0]["actual"] is None
    assert answer["findings"] == []


def test_tomorrow_where_no_day_is_named(client: Client) -> None:
    assert got(client, "?subject=BLD-1")["day"] == "2024-01-02"


def test_weather_that_is_given_must_be_of_full_hours_each_once(client: Client) -> None:
    hours = [NOW + timedelta(hours=n) for n in range(24)]
    weather = [{"start": h.isoformat(), "temperature_c": 3.5} for h in hours]
    body = {"subject": "BLD-1", "day": "2024-01-01", "weather": weather}
    assert client.post(V1, json=body).status_code == 200
    half = datetime(2024, 1, 1, 0, 30, tzinfo=UTC).isoformat()
    for wrong in (weather + weather[:1], [{"start": half, "temperature_c": 3.5}]):
        answer = client.post(V1, json={**body, "weather": wrong})
        assert answer.status_code == 422
        assert "weather must name full hours, each once" in answer.json()["detail"]


def test_too_little_is_said_in_words(client: Client) -> None:
    answer = got(client, "?subject=MTR-2&day=2024-01-01")
    assert (answer["basis"], answer["total"], answer["hours"]) == (None, None, [])
    assert (answer["known_until"], answer["level"]) == (None, 0.9)
    (finding,) = answer["findings"]
    assert finding["code"] == "forecast_impossible"
    assert "cannot be forecast: use of 0 day(s)" in finding["sentence"]["en"]
    assert "无法预测" in finding["sentence"]["zh"]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("?subject=BLD-1&day=2024-03-01", 422),  # too far ahead
        ("?subject=BLD-1&day=0001-01-01", 422),
        ("?subject=BLD-1&measure=outdoor_temperature_c", 422),
        ("?subject=BLD-1&measure=nothing", 422),
        ("?subject=BLD-1&level=0.2", 422),
        ("?subject=NOBODY", 404),
        ("/year?subject=BLD-1&measure=humidity_pct", 422),
    ],
)
def test_what_is_refused(client: Client, query: str, status: int) -> None:
    answer = client.get(f"{V1}{query}")
    assert answer.status_code == status, answer.text


def test_the_year_by_months_where_nothing_better_is_known(client: Client) -> None:
    answer = got(client, "/year?subject=ORG-1")
    assert (answer["year"], answer["interval"], answer["first"]) == (2024, "month", "2024-01-01")
    assert (answer["used"], answer["days"], answer["months"]) == (0, 0, [])
    assert answer["rest"] is None
    assert answer["findings"][0]["code"]
