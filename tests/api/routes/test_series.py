"""Readings and consumption."""

from datetime import datetime, timedelta

import pytest

from tests.api.scene import NOW, Client

_METER = "/api/v1/readings?quantity=electricity_import_kwh&asset=MTR-1"


def test_consumption_with_quality_coverage_and_total(client: Client) -> None:
    answer = client.get(
        "/api/v1/consumption?subject=BLD-1&measure=electricity_import_kwh"
        "&measure=electricity_excess_pct&grain=day&from=2023-01-01&until=2024-01-01"
    )
    body = answer.json()
    assert body["timezone"] == "Asia/Shanghai"
    assert body["from"] == "2022-12-31T16:00:00Z"
    use, excess = body["series"]
    assert len(use["intervals"]) == 365
    # 365 days of 250 kWh; a percentage does not add up, so its total is the mean.
    assert use["total"] == pytest.approx(365 * 250)
    assert excess["total"] == pytest.approx(15)
    assert use["coverage"] == 1
    assert use["intervals"][0] == {
        "start": "2022-12-31T16:00:00Z",
        "value": 250.0,
        "quality": "measured",
        "coverage": 1.0,
    }


def test_the_end_of_a_span_is_not_in_it(client: Client) -> None:
    answer = client.get(
        "/api/v1/consumption?subject=BLD-1&measure=electricity_import_kwh&from=2023-05-01&until=2023-05-02"
    )
    assert len(answer.json()["series"][0]["intervals"]) == 1


def test_what_is_not_known_is_null_and_not_zero(client: Client) -> None:
    answer = client.get("/api/v1/consumption?subject=BLD-2&measure=heat_gj&from=2023-05-01")
    assert answer.json()["series"][0] == {
        "measure": "heat_gj",
        "unit": "GJ",
        "additive": True,
        "total": None,
        "coverage": None,
        "intervals": [],
    }


@pytest.mark.parametrize(
    ("query", "status", "value"),
    [
        ("subject=NONE&measure=water_m3&from=2023-01-01", 404, "got 'NONE'"),
        ("subject=BLD-1&measure=energy&from=2023-01-01", 422, "got 'energy'"),
        ("subject=BLD-1&measure=water_m3&from=2023-01-01T00:00:00", 422, "time zone, got"),
        ("subject=BLD-1&measure=water_m3&from=2023-01-01T00:00:00+08:00", 422, "%2B"),
        ("subject=BLD-1&measure=water_m3&from=2023-02-30", 422, "got '2023-02-30'"),
        ("subject=BLD-1&measure=water_m3&from=2023-02-01&until=2023-01-01", 422, "before until"),
        ("subject=BLD-1&measure=water_m3&from=1990-01-01&grain=hour", 422, "at most 60000"),
        ("subject=BLD-1&from=2023-01-01", 422, "measure: must be given"),
    ],
)
def test_bad_questions_about_consumption(
    client: Client, query: str, status: int, value: str
) -> None:
    answer = client.get(f"/api/v1/consumption?{query}")
    assert answer.status_code == status
    assert value in answer.json()["detail"]


def test_readings_of_an_asset_follow_its_bindings(client: Client) -> None:
    items = client.get(f"{_METER}&from=2023-12-31").json()["items"]
    # Two hours of quarters by the old device, then two by the new one.
    assert [i["device"] for i in items] == ["dev-old"] * 8 + ["dev-new"] * 8
    assert [i["value"] for i in items] == [100.0 + n for n in range(16)]


def test_readings_of_a_device(client: Client) -> None:
    answer = client.get(
        "/api/v1/readings?quantity=electricity_import_kwh&device=dev-new&from=2023-12-31"
    )
    body = answer.json()
    assert len(body["items"]) == 8
    assert body["next_from"] is None
    assert body["items"][0]["quality"] == "measured"


def test_pages_of_readings_join_to_the_whole(client: Client) -> None:
    whole = client.get(f"{_METER}&from=2023-12-31").json()["items"]
    joined: list[object] = []
    first: str | None = "2023-12-31"
    for _ in range(4):
        page = client.get(f"{_METER}&from={first}&limit=5").json()
        joined += page["items"]
        first = page["next_from"]
    assert first is None
    assert joined == whole


def test_until_is_not_included(client: Client) -> None:
    end = (NOW - timedelta(hours=3)).isoformat().replace("+", "%2B")
    items = client.get(f"{_METER}&from=2023-12-31&until={end}").json()["items"]
    assert len(items) == 4
    assert all(datetime.fromisoformat(i["time"]) < NOW - timedelta(hours=3) for i in items)


@pytest.mark.parametrize(
    ("query", "status", "value"),
    [
        ("quantity=electricity_import_kwh&from=2023-12-31", 422, "either asset or device"),
        ("quantity=electricity_import_kwh&from=2023-12-31&asset=MTR-1&device=x", 422, "either"),
        ("quantity=energy&from=2023-12-31&asset=MTR-1", 422, "got 'energy'"),
        ("quantity=water_m3&from=2023-12-31&asset=NONE", 404, "got 'NONE'"),
        ("quantity=water_m3&from=2023-12-31&asset=MTR-2", 404, "got MTR-2 water_m3"),
        ("quantity=water_m3&from=2023-01-01&device=x", 422, "at most 92 days"),
    ],
)
def test_bad_questions_about_readings(client: Client, query: str, status: int, value: str) -> None:
    answer = client.get(f"/api/v1/readings?{query}")
    assert answer.status_code == status
    assert value in answer.json()["detail"]
