"""What each rule sees, from the shipped in-memory store."""

from datetime import UTC, datetime, timedelta

import pytest

from alerts.evaluate import Sample, read_samples
from quotawatt.readings import Grain, Reading, readings_table
from quotawatt.register.model import Binding, Building, Meter, Organisation, Register, Site, Vehicle
from quotawatt.storage.memory import MemorySeriesStore
from tests.alerts.results import SHANGHAI, Line, midnight, results_table
from tests.alerts.rules import RULES

START = datetime(2023, 1, 1, tzinfo=UTC)


def _register(*bindings: Binding) -> Register:
    return Register(
        organisations=[Organisation("ORG-1", "局", "Bureau", "party_government", "city")],
        sites=[Site("SITE-1", "院", "Court", "Asia/Shanghai", "shandong", "B")],
        buildings=[Building("BLD-1", "楼", "Building", "SITE-1", "ORG-1", 1000.0)],
        meters=[Meter("MTR-1", "表", "Meter", "BLD-1", "electricity")],
        vehicles=[Vehicle("VEH-1", "车", "Car", "ORG-1", "鲁Z1", "car", "petrol")],
        bindings=bindings,
    )


def _samples(rule: str, lines: list[Line], now: datetime) -> list[Sample]:
    store = MemorySeriesStore()
    store.write_results(Grain.DAY, results_table(lines))
    return read_samples(store, _register(), [RULES[rule]], now, SHANGHAI)[rule]


def test_the_newest_day_counts_and_brings_its_figures() -> None:
    (sample,) = _samples(
        "quota-projected-over",
        [
            ("BLD-1/area", "quota_projected_share_pct", "2023-06-01", 90.0),
            ("BLD-1/area", "quota_projected_share_pct", "2023-06-02", 104.0),
            ("BLD-1/area", "quota_used_kgce", "2023-06-02", 9000.0),
            ("BLD-1/area", "quota_limit_kgce", "2023-06-02", 22300.0),
            ("BLD-1/area", "quota_projected_kgce", "2023-06-01", 1.0),  # of another day: left out
        ],
        midnight("2023-06-03"),
    )
    assert sample == Sample(
        subject="BLD-1/area/2023",
        asset="BLD-1",
        value=104.0,
        time=midnight("2023-06-02"),
        evidence={
            "day": "2023-06-02",
            "quota_limit_kgce": 22300.0,
            "quota_projected_share_pct": 104.0,
            "quota_used_kgce": 9000.0,
        },
    )


def test_a_years_account_is_a_subject_of_its_own() -> None:
    lines: list[Line] = [
        ("BLD-1/area", "quota_share_pct", "2023-12-30", 102.0),
        ("BLD-1/area", "quota_share_pct", "2023-12-31", 103.0),
        ("BLD-1/area", "quota_share_pct", "2024-01-01", 0.3),
        ("BLD-1/area", "quota_share_pct", "2024-01-02", 0.6),
    ]
    found = {s.subject: s.value for s in _samples("quota-exhausted", lines, midnight("2024-01-03"))}
    assert found == {"BLD-1/area/2023": 103.0, "BLD-1/area/2024": 0.6}


def test_a_closed_year_keeps_its_last_figure_for_a_while_and_then_has_no_sample() -> None:
    lines: list[Line] = [("BLD-1/area", "quota_share_pct", "2023-12-31", 103.0)]
    (late,) = _samples("quota-exhausted", lines, midnight("2024-02-05"))
    assert late.value == 103.0
    assert _samples("quota-exhausted", lines, midnight("2024-03-01")) == []


def test_an_old_result_says_nothing_about_now() -> None:
    lines: list[Line] = [("BLD-1", "electricity_excess_pct", "2023-06-01", 30.0)]
    (fresh,) = _samples("use-above-expected", lines, midnight("2023-06-04"))
    assert fresh.value == 30.0
    assert _samples("use-above-expected", lines, midnight("2023-06-05")) == []
    # where the window is longer for the sake of the closed year, it is no data all the same
    lines = [("BLD-1", "electricity_excess_pct", "2023-01-05", 30.0)]
    (stale,) = _samples("use-above-expected", lines, midnight("2023-01-10"))
    assert stale.value is None


def test_a_missing_value_is_no_data() -> None:
    lines: list[Line] = [("BLD-1", "electricity_excess_pct", "2023-06-01", None)]
    (sample,) = _samples("use-above-expected", lines, midnight("2023-06-02"))
    assert (sample.value, sample.evidence) == (None, {"day": "2023-06-01"})


def test_nothing_after_now_is_seen() -> None:
    lines: list[Line] = [
        ("BLD-1", "electricity_excess_pct", "2023-06-01", 3.0),
        ("BLD-1", "electricity_excess_pct", "2023-06-02", 99.0),
    ]
    (sample,) = _samples("use-above-expected", lines, midnight("2023-06-02"))
    assert sample.value == 3.0


NOW = datetime(2023, 6, 1, 12, tzinfo=UTC)


def _reading(
    device: str, hours_ago: float, channel: str = "", quantity: str = "voltage_v"
) -> Reading:
    time = NOW - timedelta(hours=hours_ago)
    return Reading(device, channel, quantity, time, 1.0, arrived=time)


def _silence(bindings: list[Binding], readings: list[Reading]) -> dict[str, float | None]:
    store = MemorySeriesStore()
    store.write_readings(readings_table(readings))
    samples = read_samples(store, _register(*bindings), [RULES["meter-silent"]], NOW, SHANGHAI)
    return {s.subject: s.value for s in samples["meter-silent"]}


@pytest.mark.parametrize(
    ("bindings", "readings", "expected"),
    [
        # the newest of all channels and quantities counts
        (
            [Binding("d", "MTR-1", START), Binding("d", "MTR-1", START, channel="2")],
            [_reading("d", 30), _reading("d", 26, "2"), _reading("d", 28, "2", "current_a")],
            {"MTR-1": 26.0},
        ),
        # a binding of one quantity hears that one only
        (
            [Binding("d", "MTR-1", START, quantity="current_a")],
            [_reading("d", 1), _reading("d", 30, "", "current_a")],
            {"MTR-1": 30.0},
        ),
        # never heard: counts from the binding
        ([Binding("d", "MTR-1", NOW - timedelta(hours=50))], [], {"MTR-1": 50.0}),
        # what the device said while it was bound elsewhere does not count
        (
            [Binding("d", "MTR-1", NOW - timedelta(hours=40))],
            [_reading("d", 45)],
            {"MTR-1": 40.0},
        ),
        # bindings that have ended or not begun, vehicles, and what is read by hand
        ([Binding("d", "MTR-1", START, valid_until=NOW)], [], {}),
        ([Binding("d", "MTR-1", NOW + timedelta(hours=1))], [], {}),
        ([Binding("d", "VEH-1", START)], [], {}),
        ([Binding("asset:MTR-1", "MTR-1", START)], [], {}),
        # the weather of a site is a point like any other
        ([Binding("w", "SITE-1", START)], [_reading("w", 2)], {"SITE-1": 2.0}),
    ],
)
def test_silence(
    bindings: list[Binding], readings: list[Reading], expected: dict[str, float]
) -> None:
    assert _silence(bindings, readings) == expected
