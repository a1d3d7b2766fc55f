"""``quotawatt trips`` over logs, and the fleet's commands: what people read, and what the API is asked."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from quotawatt.app.main import app

TRIP: dict[str, Any] = {
    "vehicle": "CAR-1", "start": "2024-03-04T00:00:00+00:00", "end": "2024-03-04T00:40:00+00:00",
    "start_after": "2024-03-03T23:00:00+00:00", "end_before": None, "distance_km": 32.0,
    "distance_by": "odometer", "max_speed_kmh": 61.0, "moving_s": 2400.0, "idling_s": 0.0,
    "fuel_l": 2.05, "fuel_by": "level", "electricity_kwh": None, "electricity_by": "",
    "l_per_100km": 6.4, "kwh_per_100km": None, "coverage": 1.0, "open": False,
}  # fmt: skip
DEVIATION: dict[str, Any] = {
    "number": 17, "vehicle": "CAR-1", "plate": "鲁A00001", "rule": "idling",
    "title": {"zh": "怠速过长", "en": "Idling too long"}, "start": TRIP["start"],
    "end": TRIP["end"], "value": 25.0, "limit": 10.0, "unit": "min", "state": "open",
    "explanation": "",
    "cites": [
        {
            "instrument": "i", "title": {"zh": "办法", "en": "Measures"}, "number": "No. 1",
            "clause": "16", "name": {"zh": "第十六条", "en": "Art. 16"},
            "text": {"zh": "加强管理", "en": "Keep idling short"}, "trust": "unverified",
        }
    ],
}  # fmt: skip
ANSWERS: dict[str, dict[str, Any]] = {
    "/api/v1/fleet/trips": {
        "total": 1,
        "items": [TRIP],
        "masked": [{"vehicle": "CAR-9", "plate": "*****"}],
    },
    "/api/v1/fleet/deviations": {"total": 1, "items": [DEVIATION]},
}


def said(*words: str) -> str:
    result = CliRunner().invoke(app, list(words))
    assert result.exit_code == 0, (result.output, result.exception)
    return result.output


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the API was asked for."""
    seen: list[Any] = []

    def call(settings: Any, clock: Any, method: str, path: str, **given: Any) -> Any:
        params = {k: v for k, v in (given.get("params") or {}).items() if v is not None}
        seen.append((method, path, given.get("body") or params))
        return ANSWERS.get(path, DEVIATION)

    monkeypatch.setattr("quotawatt.app.paging.call", call)
    return seen


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """40 minutes at 48 km/h, with a row whose clock is broken."""
    rows = []
    for minute in range(80):
        driven = min(max(minute - 5, 0), 40)
        speed = 48 if 5 <= minute < 45 else 0
        time = f"2024-03-04 {8 + minute // 60:02}:{minute % 60:02}:00"
        rows.append(f"{time},{36.6 + driven * 0.0072:.6f},117.0,{speed},{1000 + driven * 0.8:.1f}")
    rows[20] = rows[20].replace("2024-03-04 08", "0000-99-04 98")
    path = tmp_path / "drive.csv"
    path.write_text("time,LAT,LON,Speed,odometer\n" + "\n".join(rows))
    return path


def test_a_log_alone_gives_trips_with_what_was_used_and_what_was_wrong(log: Path) -> None:
    page = said("trips", "--csv", str(log), "--lang", "en")
    assert "drive: 79 messages, 2024-03-04 08:00:00 to 2024-03-04 09:19:00" in page
    assert "32.00  odometer" in page
    assert "1 trips, 32.0 km" in page
    assert "LAT = latitude_deg" in page
    assert "the first is line 22: 0000-99-04 98:20:00" in page
    rows = [json.loads(row) for row in said("trips", "--csv", str(log), "--json").splitlines()]
    trips = [row for row in rows if row["record"] == "trip"]
    assert [trip["distance_km"] for trip in trips] == [32.0]
    assert {row["code"] for row in rows if row["record"] == "finding"} == {"log_time_unreadable"}


def test_options_of_logs_take_a_log_and_days_limit_it(log: Path) -> None:
    runner = CliRunner()
    wrong = runner.invoke(app, ["trips", "--battery-kwh", "6.1"])
    assert "--battery-kwh must be used with --csv" in str(wrong.exception)
    none_left = runner.invoke(app, ["trips", "--csv", str(log), "--from", "2024-03-05"])
    assert "must leave some of the log" in str(none_left.exception)
    malformed = runner.invoke(app, ["trips", "--csv", str(log), "--column", "Speed"])
    assert "--column must be HEADING=QUANTITY" in str(malformed.exception)


def test_trips_of_the_stores_show_unseen_departures_and_masked_vehicles(
    tmp_path: Path, asked: list[Any]
) -> None:
    page = said("trips", "--home", str(tmp_path), "--vehicle", "CAR-1", "--lang", "en")
    assert "> 2024-03-04 07:00" in page
    assert "2.05 L" in page
    assert "1 vehicles are exempt from tracking and have no trips: CAR-9" in page
    assert asked[0][2]["vehicle"] == "CAR-1"
    assert json.loads(said("trips", "--home", str(tmp_path), "--json")) == TRIP


def test_deviations_are_listed_with_their_clause_explained_and_decided(
    tmp_path: Path, asked: list[Any]
) -> None:
    home = ["--home", str(tmp_path), "--lang", "en"]
    page = said("fleet", "deviations", "--vehicle", "CAR-1", *home)
    assert "Idling too long [1]" in page
    assert "25 / 10 min" in page
    assert "Keep idling short" in page
    said("fleet", "explain", "17", "--text", "flood control", *home)
    said("fleet", "decide", "17", "--reject", "--comment", "by whose order?", *home)
    told = {"accept": False, "comment": "by whose order?"}
    assert asked[-2:] == [
        ("POST", "/api/v1/fleet/deviations/17/explain", {"text": "flood control"}),
        ("POST", "/api/v1/fleet/deviations/17/decide", told),
    ]
    neither = CliRunner().invoke(app, ["fleet", "decide", "17", *home])
    assert "either --accept or --reject" in str(neither.exception)
