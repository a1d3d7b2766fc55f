"""Scoring on the stores: nights that go on become one event, one finding, and are over when they end."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from analytics.anomalies.event import Likely
from analytics.events.event import EventState
from analytics.jobs.anomalybook import call_anomaly, call_ordinary, read_anomaly
from quotawatt.errors import InputError, NotFoundError, StateError
from quotawatt.ledger import Ledger
from quotawatt.storage.analytics_tables import anomalies
from quotawatt.storage.tables import findings
from tests.analytics.jobs.nights import BUILDING, METER, NIGHTS_FROM, Nights, nights

NOW = datetime(2023, 6, 13, 20, tzinfo=UTC)
"""Four in the morning of 14 June, local time."""
LATER = NOW + timedelta(days=7)


@pytest.fixture
def made(tmp_path: Path) -> Nights:
    return nights(tmp_path)


def rows(made: Nights, *states: EventState) -> list[dict[str, Any]]:
    wanted = anomalies.c.state.in_([s.value for s in states or tuple(EventState)])
    with made.records.connect() as conn:
        found = conn.execute(select(anomalies).where(wanted).order_by(anomalies.c.id))
        return [dict(row) for row in found.mappings()]


def open_findings(made: Nights) -> list[dict[str, Any]]:
    with made.records.connect() as conn:
        found = conn.execute(select(findings).where(findings.c.state == "open"))
        return [dict(row) for row in found.mappings()]


def test_nights_are_one_event_of_the_meter_and_people_hear_of_it_once(made: Nights) -> None:
    made.write(NOW)
    report = made.scorer.run(NOW)
    assert report.series == 2
    events = {row["subject"]: row for row in rows(made, EventState.OPEN)}
    assert events.keys() == {METER.subject, BUILDING.subject}
    meter, building = events[METER.subject], events[BUILDING.subject]
    assert meter["likely"] == Likely.NIGHT_RUNNING
    assert abs(meter["start"] - NIGHTS_FROM) <= timedelta(days=1)
    assert meter["baseline_version"] == 1
    assert building["explained_by"] == meter["id"]
    (finding,) = open_findings(made)
    assert (finding["code"], finding["subject"]) == ("anomaly_night_running", METER.subject)
    assert finding["detail"]["anomaly"] == meter["id"]
    assert "kWh" in finding["detail"]["sentence_en"]


def test_what_has_filled_most_of_the_window_is_looked_at_longer(made: Nights) -> None:
    late = NIGHTS_FROM + timedelta(days=23, hours=20)
    made.write(late)
    made.scorer.run(late)
    meter = next(r for r in rows(made, EventState.OPEN) if r["subject"] == METER.subject)
    assert meter["likely"] == Likely.NIGHT_RUNNING
    assert abs(meter["start"] - NIGHTS_FROM) <= timedelta(days=1)
    report = made.scorer.run(late)
    assert (report.new, report.changed, report.withdrawn) == (0, 0, 0)


def test_scoring_again_changes_nothing(made: Nights) -> None:
    made.write(NOW)
    made.scorer.run(NOW)
    before = rows(made)
    report = made.scorer.run(NOW)
    assert (report.new, report.changed, report.withdrawn) == (0, 0, 0)
    assert rows(made) == before


def test_a_week_later_it_is_the_same_event_and_then_it_is_over(made: Nights) -> None:
    made.write(NOW)
    made.scorer.run(NOW)
    (first,) = [r for r in rows(made) if r["subject"] == METER.subject]
    made.write(LATER)
    made.scorer.run(LATER)
    (second,) = [r for r in rows(made) if r["subject"] == METER.subject]
    assert (second["id"], second["state"]) == (first["id"], EventState.OPEN)
    assert second["size"] > first["size"]
    assert second["found_at"] == first["found_at"] < second["updated_at"]
    made.write(LATER + timedelta(days=5), nights_until=LATER)
    made.scorer.run(LATER + timedelta(days=5))
    (third,) = [r for r in rows(made) if r["subject"] == METER.subject]
    assert (third["id"], third["state"]) == (first["id"], EventState.OVER)
    assert open_findings(made) == []


def test_what_was_corrected_away_is_withdrawn(made: Nights) -> None:
    made.write(NOW)
    made.scorer.run(NOW)
    made.write(NOW, nights_until=NIGHTS_FROM)
    report = made.scorer.run(NOW)
    assert report.withdrawn == 2
    assert {r["state"] for r in rows(made)} == {EventState.WITHDRAWN}
    assert open_findings(made) == []
    made.write(NOW)
    assert made.scorer.run(NOW).new == 0
    assert {r["state"] for r in rows(made)} == {EventState.OPEN}


def test_what_is_called_ordinary_is_not_told_of_again(made: Nights) -> None:
    made.write(NOW)
    made.scorer.run(NOW)
    for row in rows(made):
        call_ordinary(made.records, row["id"], "chen", "night shift in June", NOW)
    made.write(LATER)
    made.scorer.run(LATER)
    assert [r["state"] for r in rows(made)] == [EventState.ORDINARY] * 2
    assert {r["note"] for r in rows(made)} == {"night shift in June"}
    assert open_findings(made) == []
    entry = next(e for e in Ledger(made.records).entries(10) if e.action == "anomaly_ordinary")
    assert (entry.actor, entry.subject) in {("chen", key.subject) for key in (METER, BUILDING)}


def test_that_it_is_ordinary_can_be_taken_back(made: Nights) -> None:
    made.write(NOW)
    made.scorer.run(NOW)
    number = rows(made)[0]["id"]
    with pytest.raises(StateError, match="must be ordinary"):
        call_anomaly(made.records, number, "chen", NOW)
    call_ordinary(made.records, number, "chen", "night shift", NOW)
    with pytest.raises(StateError, match="must be open or over"):
        call_ordinary(made.records, number, "chen", "again", NOW)
    call_anomaly(made.records, number, "chen", NOW)
    made.scorer.run(NOW)
    with made.records.connect() as conn:
        assert read_anomaly(conn, number)["state"] == EventState.OPEN


def test_a_decision_names_an_anomaly_and_says_why(made: Nights) -> None:
    with pytest.raises(NotFoundError, match="got 99"):
        call_ordinary(made.records, 99, "chen", "why", NOW)
    with pytest.raises(InputError, match="with a comment"):
        call_ordinary(made.records, 99, "chen", "  ", NOW)


def test_it_is_done_once_a_day_and_not_before_the_night_is_in(made: Nights) -> None:
    at_one = datetime(2023, 6, 13, 17, tzinfo=UTC)
    made.write(NOW)
    assert made.scorer.run_if_due(at_one) is None
    assert made.scorer.run_if_due(NOW) is not None
    assert made.scorer.run_if_due(NOW + timedelta(hours=10)) is None
    assert made.scorer.run_if_due(NOW + timedelta(days=1)) is not None


def test_without_hours_nothing_is_found(made: Nights) -> None:
    report = made.scorer.run(NOW)
    assert (report.series, report.new, report.findings) == (2, 0, 0)
