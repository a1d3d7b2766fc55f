"""A rule tried over history: what it would have raised, by threshold, and for whom."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, insert

from alerts.trying.trial import Spell, try_rule, variants
from quotawatt.errors import InputError
from quotawatt.readings import Grain
from quotawatt.rulebook.alert_rules import (
    AppliesTo,
    Days,
    Direction,
    Judged,
    Level,
    Rule,
    Source,
    When,
)
from quotawatt.storage.tables import findings
from tests.alerts.results import midnight
from tests.alerts.rules import RULES, rule
from tests.alerts.trying.past import course, past_of, readings, register, results

SHANGHAI = ZoneInfo("Asia/Shanghai")
EXCESS = RULES["use-above-expected"]  # above 15, clear at 5, for 3 days, kept for 2 days
POWER = replace(
    rule("power", "electricity_power_kw", 100, 80, for_=timedelta(minutes=30)),
    source=Source.READINGS,
)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).astimezone(UTC)


def excess(
    *values: float | None, subject: str = "BLD-1"
) -> list[tuple[str, str, str, float | None]]:
    return course(subject, "electricity_excess_pct", "2023-06-01", values)


def test_an_alert_has_begin_end_and_peak(book: Engine) -> None:
    store = results(excess(20, 30, 25, 22, 3, 4, 4, 4, 4, 4))
    with past_of(store, book, "2023-06-01", "2023-06-20") as past:
        (trial,) = try_rule([EXCESS], past)
    # Three days are met with the end of the fourth; two days of clear ones end with that of the seventh.
    spell = Spell(
        "BLD-1", "BLD-1", midnight("2023-06-05"), midnight("2023-06-08"), 22, "warning", False
    )
    assert trial.spells == [spell]
    assert (trial.subjects, trial.cases, trial.firing_days, trial.most_at_once) == (1, 1, 3, 1)


def test_thresholds_stand_side_by_side(book: Engine) -> None:
    store = results(excess(*[20] * 6, *[40] * 6) + excess(*[16] * 12, subject="MTR-1"))
    with past_of(store, book, "2023-06-01", "2023-06-13") as past:
        low, high, none = try_rule(variants(EXCESS, [15, 30, 60], []), past)
    assert [(len(t.spells), t.most_at_once) for t in (low, high, none)] == [(2, 2), (1, 1), (0, 0)]
    assert (high.threshold, high.clear) == (30, 20)
    assert [t.subjects for t in (low, high, none)] == [2, 2, 2]
    assert high.spells[0].ended_at is None
    assert high.firing_days == 2  # met from the 8th, firing from the 11th until the span ends


def test_a_day_on_which_an_alert_fires_twice_is_one_day(book: Engine) -> None:
    hours = ((8, 20.0), (9, 1.0), (10, 20.0), (11, 1.0), (23, 20.0), (25, 1.0), (26, 20.0))
    told = [("d-1", local("2023-06-02T00:00") + timedelta(hours=h), kw) for h, kw in hours]
    with past_of(readings(told), book, "2023-06-02", "2023-06-04") as past:
        (trial,) = try_rule([replace(POWER, for_=timedelta(0))], past)
    assert (len(trial.spells), trial.firing_days) == (4, 2)


def test_only_those_within_reach_are_looked_at(book: Engine) -> None:
    store = results(excess(*[20] * 8) + excess(*[20] * 8, subject="MTR-1"))
    with past_of(store, book, "2023-06-01", "2023-06-09", sees=lambda x: x == "MTR-1") as past:
        (mine,) = try_rule([EXCESS], past)
        of_buildings = replace(EXCESS, applies_to=AppliesTo(kinds=["buildings"]))
        (nobody,) = try_rule([of_buildings], past)
    assert [spell.subject for spell in mine.spells] == ["MTR-1"]
    assert (nobody.subjects, nobody.spells) == (0, [])


def test_a_gap_is_no_data_and_the_wait_begins_anew(book: Engine) -> None:
    lines = [*excess(20, 20), *course("BLD-1", "electricity_excess_pct", "2023-06-10", [20] * 6)]
    with past_of(results(lines), book, "2023-06-01", "2023-06-16") as past:
        (trial,) = try_rule([EXCESS], past)
    # Each result stands for three days, so the first wait is over before it has lasted.
    assert [spell.began_at for spell in trial.spells] == [midnight("2023-06-14")]


def test_a_closed_account_stays_as_the_year_left_it(book: Engine) -> None:
    over = RULES["quota-exhausted"]
    lines = course("BLD-1/area", "quota_share_pct", "2023-12-29", [99, 101, 102, 1, 2])
    with past_of(results(lines), book, "2023-12-01", "2024-02-01") as past:
        (trial,) = try_rule([over], past)
    assert [(s.subject, s.ended_at, s.peak) for s in trial.spells] == [
        ("BLD-1/area/2023", None, 102)
    ]
    assert trial.subjects == 2


def test_a_result_is_divided_by_the_area(book: Engine) -> None:
    dense = replace(rule("dense", "electricity_import_kwh", 0.5), per="gross_area_m2")
    lines = course("BLD-1", "electricity_import_kwh", "2023-06-01", [400, 600, 400])
    with past_of(results(lines), book, "2023-06-01", "2023-06-05") as past:
        (trial,) = try_rule([dense], past)
    assert [(s.began_at, s.peak) for s in trial.spells] == [(midnight("2023-06-03"), 0.6)]


def test_readings_are_multiplied_and_wait_to_the_minute(book: Engine) -> None:
    start = local("2023-06-01T10:00")
    told = [
        ("d-1", start + timedelta(minutes=20 * n), kw) for n, kw in enumerate([9, 11, 12, 13, 7])
    ]
    told += [("d-2", start + timedelta(minutes=20 * n), 5) for n in range(5)]
    with past_of(readings(told), book, "2023-06-01", "2023-06-02") as past:
        (trial,) = try_rule([POWER], past)
    (spell,) = trial.spells
    assert (spell.subject, spell.peak) == ("MTR-1", 130)
    assert spell.began_at == start + timedelta(minutes=50)
    assert spell.ended_at == start + timedelta(minutes=80)
    assert trial.subjects == 2


def test_readings_of_months_give_the_same_as_all_of_them(book: Engine) -> None:
    start = local("2023-06-01T00:00")
    told = [
        ("d-1", start + timedelta(minutes=15 * n), 12 if (n // 40) % 3 == 0 else 6)
        for n in range(96 * 3)
    ]
    with past_of(readings(told), book, "2023-06-01", "2023-06-04") as past:
        (trial,) = try_rule([POWER], past)
    # Ten hours of every thirty from midnight on; each fires after half an hour.
    begun = [start + timedelta(minutes=30, hours=30 * n) for n in range(3)]
    assert [spell.began_at for spell in trial.spells] == begun
    assert trial.spells[0].ended_at == start + timedelta(hours=10)


def test_a_rule_looks_at_its_own_hours_and_values(book: Engine) -> None:
    start = local("2023-06-02T18:00")  # a Friday
    told = [("d-1", start + timedelta(minutes=30 * n), 12) for n in range(40)]
    at_night = replace(POWER, during=When(Days.NON_WORKING), judges=Judged(most=150))
    with past_of(readings(told), book, "2023-06-02", "2023-06-04") as past:
        (weekend,) = try_rule([at_night], past)
        (other,) = try_rule([replace(at_night, judges=Judged(most=110))], past)
    assert [spell.began_at for spell in weekend.spells] == [local("2023-06-03T00:30")]
    assert other.spells == []


def test_silence_is_found_where_it_began(book: Engine) -> None:
    start = local("2023-06-01T00:00")
    told = [("d-1", start + timedelta(hours=n), 1) for n in range(24 * 6)]
    told += [("d-2", start + timedelta(hours=n), 1) for n in [*range(24), *range(72, 144)]]
    with past_of(readings(told), book, "2023-06-01", "2023-06-07") as past:
        (trial,) = try_rule([RULES["meter-silent"]], past)
    (spell,) = trial.spells
    assert spell.subject == "MTR-2"
    # Silent after 23:00 on the first day, looked at every three hours.
    assert spell.began_at == local("2023-06-03T00:00")
    assert spell.ended_at == local("2023-06-04T03:00")


def test_findings_fire_from_where_they_were_seen(book: Engine) -> None:
    stuck = replace(rule("stuck", "counter_stuck", 0), source=Source.FINDINGS)
    seen = [(1, 3, "a"), (2, 5, "b"), (8, None, "c")]  # the first two overlap
    rows = [
        {
            "code": "counter_stuck",
            "subject": "MTR-1",
            "key": key,
            "detail": {},
            "first_seen": local(f"2023-06-0{first}T00:00"),
            "last_seen": local("2023-06-09T00:00"),
            "state": "open" if over is None else "cleared",
            "cleared_at": None if over is None else local(f"2023-06-0{over}T00:00"),
        }
        for first, over, key in seen
    ]
    with book.begin() as conn:
        for row in rows:
            conn.execute(insert(findings).values(row))
    with past_of(readings([]), book, "2023-06-02", "2023-06-10") as past:
        (trial,) = try_rule([stuck], past)
    assert [(s.began_at, s.ended_at) for s in trial.spells] == [
        (local("2023-06-02T00:00"), local("2023-06-05T00:00")),
        (local("2023-06-08T00:00"), None),
    ]
    assert trial.firing_days == 3 + 2
    assert trial.cases == 1  # reopened within seven days


def test_nothing_to_look_at_is_no_alert(book: Engine) -> None:
    for one in (EXCESS, POWER, RULES["meter-silent"]):
        with past_of(readings([]), book, "2023-06-01", "2023-06-02", register(0)) as past:
            (trial,) = try_rule([one], past)
        assert (trial.subjects, trial.spells, trial.most_at_once) == (0, [], 0)


def test_a_threshold_leaves_the_steps_that_lie_beyond() -> None:
    stepped = replace(EXCESS, levels=(Level("critical", 50, 30),))
    low, high = variants(stepped, [20, 55], [])
    assert (low.threshold, low.clear, low.levels) == (20, 10, stepped.levels)
    assert (high.threshold, high.clear, high.levels) == (55, 45, ())
    assert variants(stepped, [], []) == [stepped]


@pytest.mark.parametrize(
    ("tried", "above", "below", "got"),
    [
        (EXCESS, [], [5.0], "got use-above-expected: its above"),
        (
            replace(EXCESS, direction=Direction.BELOW),
            [5.0],
            [],
            "got use-above-expected: its below",
        ),
        (replace(EXCESS, source=Source.FINDINGS), [5.0], [], "got use-above-expected: findings"),
        (replace(EXCESS, judges=Judged(0, 50)), [60.0], [], "one that the rule judges, got 60"),
    ],
)
def test_a_threshold_that_cannot_be_tried_is_refused(
    tried: Rule, above: list[float], below: list[float], got: str
) -> None:
    with pytest.raises(InputError, match=got):
        variants(tried, above, below)


def test_hours_are_tried_by_the_hour(book: Engine) -> None:
    hourly = replace(rule("hourly", "electricity_import_kwh", 10), grain=Grain.HOUR)
    lines = course("BLD-1", "electricity_import_kwh", "2023-06-01", [20])
    with past_of(results(lines, Grain.HOUR), book, "2023-06-01", "2023-06-02") as past:
        (trial,) = try_rule([hourly], past)
    assert [spell.began_at for spell in trial.spells] == [local("2023-06-01T01:00")]
