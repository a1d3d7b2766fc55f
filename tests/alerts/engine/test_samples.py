"""What each kind of rule sees, from the shipped in-memory store."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import numpy as np
import pytest

from alerts.engine.figures import figure_of
from alerts.engine.finding_samples import OpenFinding, see_findings
from alerts.engine.looking import Found, Look, look_at_results
from alerts.engine.reading_samples import Newest, see_readings, watched_of
from alerts.engine.result_samples import Scene
from alerts.engine.samples import Sample, zones_of
from alerts.engine.silence_samples import silence_samples
from quotawatt.readings import Grain, Reading, SeriesKey, readings_table
from quotawatt.register.model import (
    Binding,
    Building,
    Headcount,
    Meter,
    Organisation,
    Register,
    Site,
    Vehicle,
)
from quotawatt.rulebook.alert_rules import AppliesTo, Direction, Rule, Source, When
from quotawatt.spans import Span
from quotawatt.storage.memory import MemorySeriesStore
from tests.alerts.results import SHANGHAI, Line, midnight, results_table
from tests.alerts.rules import RULES, rule

START = datetime(2023, 1, 1, tzinfo=UTC)
NOW = datetime(2023, 6, 1, 12, tzinfo=UTC)
PER_AREA = replace(rule("dense", "electricity_import_kwh", above=2), per="gross_area_m2")


def register(*bindings: Binding, area: float | None = 1000.0) -> Register:
    return Register(
        organisations=[Organisation("ORG-1", "局", "Bureau", "party_government", "city")],
        sites=[Site("SITE-1", "院", "Court", "Asia/Shanghai", "shandong", "B")],
        buildings=[Building("BLD-1", "楼", "Building", "SITE-1", "ORG-1", area)],
        meters=[Meter("MTR-1", "表", "Meter", "BLD-1", "electricity")],
        vehicles=[Vehicle("VEH-1", "车", "Car", "ORG-1", "鲁Z1", "car", "petrol")],
        bindings=bindings,
    )


def look(
    the_rule: Rule, lines: Sequence[Line], now: datetime, held: Register | None = None
) -> Found:
    """A full look at some results, by one rule."""
    store = MemorySeriesStore()
    store.write_results(Grain.DAY, results_table(lines))
    held = held or register()
    scene = Scene(held, zones_of(held, SHANGHAI), now)

    def figure(name: str) -> Callable[[str], float | None]:
        return figure_of(name, held, now.astimezone(SHANGHAI).date())

    return look_at_results(store, [the_rule], Look(scene, SHANGHAI, True, {}, {}, figure))


def samples(the_rule: Rule, lines: Sequence[Line], now: datetime) -> Collection[Sample]:
    return look(the_rule, lines, now).seen[the_rule.id].samples


def test_the_newest_day_counts_and_brings_its_figures() -> None:
    (sample,) = samples(
        RULES["quota-projected-over"],
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


def test_what_does_not_meet_the_condition_is_counted_and_is_no_sample() -> None:
    lines: list[Line] = [("BLD-1/area", "quota_share_pct", "2023-06-01", 99.0)]
    seen = look(RULES["quota-exhausted"], lines, midnight("2023-06-02")).seen["quota-exhausted"]
    assert (seen.evaluated, list(seen.samples)) == (1, [])


def test_a_years_account_is_a_subject_of_its_own() -> None:
    lines: list[Line] = [
        ("BLD-1/area", "quota_share_pct", "2023-12-30", 102.0),
        ("BLD-1/area", "quota_share_pct", "2023-12-31", 103.0),
        ("BLD-1/area", "quota_share_pct", "2024-01-01", 100.3),
        ("BLD-1/area", "quota_share_pct", "2024-01-02", 100.6),
    ]
    found = {
        s.subject: s.value for s in samples(RULES["quota-exhausted"], lines, midnight("2024-01-03"))
    }
    assert found == {"BLD-1/area/2023": 103.0, "BLD-1/area/2024": 100.6}


def test_a_closed_year_keeps_its_last_figure_for_a_while_and_then_has_no_sample() -> None:
    lines: list[Line] = [("BLD-1/area", "quota_share_pct", "2023-12-31", 103.0)]
    (late,) = samples(RULES["quota-exhausted"], lines, midnight("2024-02-05"))
    assert late.value == 103.0
    assert samples(RULES["quota-exhausted"], lines, midnight("2024-03-01")) == []


def test_an_old_result_says_nothing_about_now() -> None:
    lines: list[Line] = [("BLD-1", "electricity_excess_pct", "2023-06-01", 30.0)]
    (fresh,) = samples(RULES["use-above-expected"], lines, midnight("2023-06-04"))
    (stale,) = samples(RULES["use-above-expected"], lines, midnight("2023-06-05"))
    assert (fresh.value, stale.value) == (30.0, None)


def test_nothing_after_now_is_seen() -> None:
    lines: list[Line] = [
        ("BLD-1", "electricity_excess_pct", "2023-06-01", 33.0),
        ("BLD-1", "electricity_excess_pct", "2023-06-02", 99.0),
    ]
    (sample,) = samples(RULES["use-above-expected"], lines, midnight("2023-06-02"))
    assert sample.value == 33.0


def test_a_rule_is_for_what_its_selector_names() -> None:
    only = replace(RULES["use-above-expected"], applies_to=AppliesTo(kinds=("organisations",)))
    lines: list[Line] = [
        ("BLD-1", "electricity_excess_pct", "2023-06-01", 33.0),
        ("ORG-1", "electricity_excess_pct", "2023-06-01", 34.0),
    ]
    seen = look(only, lines, midnight("2023-06-02")).seen[only.id]
    assert (seen.evaluated, [s.subject for s in seen.samples]) == (1, ["ORG-1"])


def test_a_ratio_is_divided_by_the_register() -> None:
    lines: list[Line] = [("BLD-1", "electricity_import_kwh", "2023-06-01", 2500.0)]
    found = look(PER_AREA, lines, midnight("2023-06-02"))
    (sample,) = found.seen["dense"].samples
    assert (sample.value, sample.evidence["electricity_import_kwh"]) == (2.5, 2500.0)
    assert found.empty == set()


@pytest.mark.parametrize("area", [None, 0.0])
def test_an_empty_denominator_is_named_and_no_sample(area: float | None) -> None:
    lines: list[Line] = [("BLD-1", "electricity_import_kwh", "2023-06-01", 2500.0)]
    found = look(PER_AREA, lines, midnight("2023-06-02"), register(area=area))
    assert list(found.seen["dense"].samples) == []
    assert found.empty == {("dense", "BLD-1", "gross_area_m2")}


def test_a_ratio_is_divided_by_a_measure_of_the_same_day() -> None:
    ratio = replace(rule("ratio", "electricity_excess_pct", above=1), per="electricity_import_kwh")
    lines: list[Line] = [
        ("BLD-1", "electricity_excess_pct", "2023-06-01", 30.0),
        ("BLD-1", "electricity_import_kwh", "2023-06-01", 10.0),
        ("BLD-2", "electricity_excess_pct", "2023-06-01", 30.0),
        ("BLD-2", "electricity_import_kwh", "2023-05-31", 10.0),
        ("BLD-3", "electricity_excess_pct", "2023-06-01", 30.0),
        ("BLD-3", "electricity_import_kwh", "2023-06-01", 0.0),
    ]
    found = look(ratio, lines, midnight("2023-06-02"))
    assert {s.subject: s.value for s in found.seen["ratio"].samples} == {"BLD-1": 3.0}
    assert {one.asset for one in found.empty} == {"BLD-2", "BLD-3"}


def test_people_are_counted_by_the_head() -> None:
    per_head = replace(PER_AREA, per="headcount")
    held = replace_heads(register(), [("in_post", 40.0), ("service", 10.0), ("beds", 900.0)])
    lines: list[Line] = [("ORG-1", "electricity_import_kwh", "2023-06-01", 500.0)]
    (sample,) = look(per_head, lines, midnight("2023-06-02"), held).seen["dense"].samples
    assert sample.value == 10.0


def replace_heads(held: Register, people: Sequence[tuple[str, float]]) -> Register:
    first, last = START.date(), datetime(2024, 1, 1, tzinfo=UTC).date()
    heads = [Headcount("ORG-1", part, int(count), first, last) for part, count in people]
    return Register(
        organisations=list(held.organisations.values()),
        sites=list(held.sites.values()),
        buildings=list(held.buildings.values()),
        headcounts=heads,
    )


def reading(
    device: str,
    hours_ago: float,
    channel: str = "",
    quantity: str = "voltage_v",
    value: float = 1.0,
) -> Reading:
    at = NOW - timedelta(hours=hours_ago)
    return Reading(device, channel, quantity, at, value, arrived=at)


@pytest.mark.parametrize(
    ("bindings", "readings", "expected"),
    [
        # the newest of all channels and quantities counts
        (
            [Binding("d", "MTR-1", START), Binding("d", "MTR-1", START, channel="2")],
            [reading("d", 30), reading("d", 26, "2"), reading("d", 28, "2", "current_a")],
            {"MTR-1": 26.0},
        ),
        # a binding of one quantity hears that one only
        (
            [Binding("d", "MTR-1", START, quantity="current_a")],
            [reading("d", 1), reading("d", 30, "", "current_a")],
            {"MTR-1": 30.0},
        ),
        # never heard: counts from the binding
        ([Binding("d", "MTR-1", NOW - timedelta(hours=50))], [], {"MTR-1": 50.0}),
        # what the device said while it was bound elsewhere does not count
        (
            [Binding("d", "MTR-1", NOW - timedelta(hours=40))],
            [reading("d", 45)],
            {"MTR-1": 40.0},
        ),
        # bindings that have ended or not begun, vehicles, and what is read by hand
        ([Binding("d", "MTR-1", START, valid_until=NOW)], [], {}),
        ([Binding("d", "MTR-1", NOW + timedelta(hours=1))], [], {}),
        ([Binding("d", "VEH-1", START)], [], {}),
        ([Binding("asset:MTR-1", "MTR-1", START)], [], {}),
        # the weather of a site is a point like any other
        ([Binding("w", "SITE-1", START)], [reading("w", 2)], {"SITE-1": 2.0}),
    ],
)
def test_silence(
    bindings: list[Binding], readings: list[Reading], expected: dict[str, float]
) -> None:
    store = MemorySeriesStore()
    store.write_readings(readings_table(readings))
    always = datetime(1970, 1, 1, tzinfo=UTC)
    found = silence_samples(store.last_readings(NOW), register(*bindings), NOW, always)
    assert {s.subject: s.value for s in found} == expected


def test_silence_is_not_counted_from_before_anybody_listened() -> None:
    last = MemorySeriesStore().last_readings(NOW)
    since = NOW - timedelta(hours=3)
    (found,) = silence_samples(last, register(Binding("m", "MTR-1", START)), NOW, since)
    assert (found.value, found.evidence) == (3.0, {"waiting_since": since.isoformat()})


def see(
    the_rule: Rule, bindings: list[Binding], readings: list[Reading]
) -> dict[str, float | None]:
    """What a rule sees of readings, everybody asked for."""
    held, store = register(*bindings), MemorySeriesStore()
    store.write_readings(readings_table(readings))
    newest = Newest(watched_of([the_rule], held, NOW))
    span = Span(NOW - timedelta(days=2), NOW)
    changed = newest.take(store.read_values(newest.series, span), newest.all)
    asked = {one.subject for one in newest.watched}
    seen = see_readings(the_rule, newest, changed, asked, (), scene_of(held))
    return {s.subject: s.value for s in seen.samples}


def scene_of(held: Register) -> Scene:
    return Scene(held, zones_of(held, SHANGHAI), NOW)


POWER = replace(rule("power", "electricity_power_kw", above=5), source=Source.READINGS)
FACTOR = replace(
    rule("pf", "power_factor", above=0.9), source=Source.READINGS, direction=Direction.BELOW
)


def test_powers_are_multiplied_as_the_binding_says_and_ratios_are_not() -> None:
    bound = [Binding("d", "MTR-1", START, multiplier=80.0)]
    power = [reading("d", 1, quantity="electricity_power_kw", value=0.5)]
    assert see(POWER, bound, power) == {"MTR-1": 40.0}
    assert see(FACTOR, bound, [reading("d", 1, quantity="power_factor", value=0.8)]) == {
        "MTR-1": 0.8
    }


def test_several_channels_of_an_asset_are_subjects_of_their_own() -> None:
    bound = [Binding("d", "MTR-1", START, channel=c) for c in "ab"]
    found = see(
        POWER,
        bound,
        [reading("d", 1, c, "electricity_power_kw", v) for c, v in (("a", 1.0), ("b", 9.0))],
    )
    assert found == {"MTR-1/a": 1.0, "MTR-1/b": 9.0}


def test_an_old_reading_is_no_data_and_the_newest_counts() -> None:
    bound = [Binding("d", "MTR-1", START)]
    old = [reading("d", hours, quantity="electricity_power_kw", value=9.0) for hours in (5, 3)]
    assert see(POWER, bound, old) == {"MTR-1": None}
    new = reading("d", 0.5, quantity="electricity_power_kw", value=2.0)
    assert see(POWER, bound, [*old, new]) == {"MTR-1": 2.0}


def test_a_binding_of_one_quantity_goes_before_that_of_all() -> None:
    bound = [
        Binding("d", "MTR-1", START),
        Binding("d", "BLD-1", START, quantity="electricity_power_kw"),
    ]
    assert [(one.series, one.subject) for one in watched_of([POWER], register(*bound), NOW)] == [
        (SeriesKey("d", "", "electricity_power_kw"), "BLD-1")
    ]


def test_what_did_not_change_is_no_sample_unless_asked_for() -> None:
    held = register(Binding("d", "MTR-1", START))
    newest = Newest(watched_of([POWER], held, NOW))
    store = MemorySeriesStore()
    store.write_readings(
        readings_table([reading("d", 1, quantity="electricity_power_kw", value=9.0)])
    )
    values = store.read_values(newest.series, Span(NOW - timedelta(hours=2), NOW))
    changed = newest.take(values, newest.all)
    assert len(see_readings(POWER, newest, changed, (), (), scene_of(held)).samples) == 1
    again = newest.take(values, newest.all)
    assert not again.any()
    assert see_readings(POWER, newest, again, (), (), scene_of(held)).samples == []
    assert len(see_readings(POWER, newest, again, ("MTR-1",), (), scene_of(held)).samples) == 1
    assert np.isfinite(newest.value).all()


STUCK = replace(rule("stuck", "counter_stuck", above=0), source=Source.FINDINGS)


def test_findings_that_are_gone_are_clear() -> None:
    standing = [
        OpenFinding("counter_stuck", "MTR-1", START, {"value": 3.0, "at": None}),
        OpenFinding("counter_stuck", "MTR-1", NOW, {}),  # another channel of the same
        OpenFinding("counter_reset", "MTR-2", START, {}),
    ]
    seen = see_findings(STUCK, standing, ["MTR-1", "MTR-9"], register(), NOW)
    assert [(s.subject, s.value, s.time) for s in seen.samples] == [
        ("MTR-1", 1.0, START),
        ("MTR-9", 0.0, NOW),
    ]
    assert seen.samples[0].evidence == {"value": 3.0}


def test_a_finding_of_a_series_is_about_the_asset_that_is_bound() -> None:
    held = register(Binding("d", "MTR-1", START))
    standing = [OpenFinding("counter_stuck", "d//voltage_v", NOW, {})]
    (sample,) = see_findings(STUCK, standing, (), held, NOW).samples
    assert (sample.subject, sample.asset) == ("d//voltage_v", "MTR-1")


def test_hours_of_a_rule_are_those_of_the_site() -> None:
    night = When(from_=time(22), until=time(6))
    zones = zones_of(register(), SHANGHAI)
    assert night.covers(datetime(2023, 6, 1, 15, tzinfo=UTC), zones("BLD-1"))  # 23:00
    assert not night.covers(datetime(2023, 6, 1, 23, tzinfo=UTC), zones("BLD-1"))  # 07:00
