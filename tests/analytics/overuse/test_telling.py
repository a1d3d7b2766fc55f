"""Sentences that an officer reads: the examples, and that no figure is said that the data do not bear."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from analytics.anomalies.event import Anomaly, Likely, Shape
from analytics.overuse.context import Context
from analytics.overuse.telling import advice, loss_share, per_time, rounded, sentence, statement
from analytics.overuse.words import LANGUAGES, words
from tests.analytics.overuse.offices import ELECTRICITY, ZONE

COOLING = Context(
    {"zh": "B座空调", "en": "the air conditioning of block B"}, False, "kWh", ZONE, quota=94_600.0
)
WATER = Context({"zh": "B座用水", "en": "the water use of block B"}, True, "m³", ZONE)


def event(likely: Likely, **changes: Any) -> Anomaly:
    """Thirty nights from 3 May 2023 on, 41 kWh each."""
    given = Anomaly(
        "MTR-1", ELECTRICITY, Shape.DAY, likely,
        datetime(2023, 5, 2, 16, tzinfo=UTC), datetime(2023, 6, 1, 16, tzinfo=UTC),
        open=True, hours=300, size=1230.0, expected=500.0, confidence=0.9, evidence={"nights": 30},
    )  # fmt: skip
    return replace(given, **changes)


NIGHTS = event(Likely.NIGHT_RUNNING)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_what_an_officer_reads() -> None:
    assert plain(statement(NIGHTS, COOLING, "en")) == (
        "Since 3 May the air conditioning of block B runs through the night, 41 kWh a night, "
        "1.3 % of the year's quota"
    )
    assert plain(statement(NIGHTS, COOLING, "zh")) == (
        "5月3日起，B座空调夜间未关，每晚多用 41 kWh，占全年定额的 1.3 %"
    )


def test_what_to_do_follows() -> None:
    assert sentence(NIGHTS, COOLING, "en").endswith(
        "; check the time programme and who switches off in the evening."
    )
    assert sentence(NIGHTS, COOLING, "zh").endswith("；查时控和值班设定，下班后关停。")


def test_what_is_over_is_told_with_its_days_and_their_year() -> None:
    over = replace(NIGHTS, open=False)
    assert statement(over, COOLING, "en").startswith(
        "From 3 May to 1 June 2023 the air conditioning of block B ran through the night"
    )
    assert statement(over, COOLING, "zh").startswith("2023年5月3日至6月1日，B座空调夜间未关")


def test_a_single_day() -> None:
    once = replace(
        event(Likely.HIGH_USE, open=False, size=90.0, evidence={}),
        end=datetime(2023, 5, 3, 16, tzinfo=UTC),
    )
    assert plain(statement(once, COOLING, "en")) == (
        "On 3 May 2023 the air conditioning of block B used more than expected, 90 kWh in all, "
        "0.1 % of the year's quota"
    )


def test_across_new_year_both_years_are_said() -> None:
    long = replace(NIGHTS, end=datetime(2024, 1, 10, 16, tzinfo=UTC))
    assert statement(long, COOLING, "en").startswith("Since 3 May 2023 ")
    assert "2024" in statement(replace(long, open=False), COOLING, "zh")


@pytest.mark.parametrize(
    ("confidence", "en", "zh"),
    [
        (0.9, "block B runs", "空调夜间"),
        (0.7, "B probably runs", "空调很可能"),
        (0.4, "possibly", "空调可能"),
    ],
)
def test_a_doubt_is_said(confidence: float, en: str, zh: str) -> None:
    doubtful = replace(NIGHTS, confidence=confidence)
    assert en in statement(doubtful, COOLING, "en")
    assert zh in statement(doubtful, COOLING, "zh")


def test_of_a_building_it_is_the_use_that_does_not_fall() -> None:
    whole = replace(
        COOLING, what={"zh": "B座用电", "en": "the electricity use of block B"}, is_whole=True
    )
    assert "the electricity use of block B does not fall at night" in statement(NIGHTS, whole, "en")
    assert "B座用电夜间降不下来" in statement(NIGHTS, whole, "zh")


def test_without_quota_and_price_neither_is_said() -> None:
    said = statement(NIGHTS, replace(COOLING, quota=None), "en")
    assert plain(said).endswith("41 kWh a night")
    assert loss_share(NIGHTS, replace(COOLING, quota=0.0)) is None
    assert "about 984 CNY" in statement(NIGHTS, replace(COOLING, cny_per_unit=0.8), "en")


@pytest.mark.parametrize("likely", [Likely.STUCK, Likely.OUTAGE, Likely.UNIT_MISTAKE, Likely.SPIKE])
def test_what_is_the_meters_fault_has_no_share_of_the_quota_and_no_price(likely: Likely) -> None:
    said = sentence(event(likely), replace(COOLING, cny_per_unit=0.8), "en")
    assert "quota" not in said
    assert "CNY" not in said


def test_too_little_use_is_no_loss() -> None:
    less = event(Likely.LOW_USE, size=-1230.0)
    assert "每天少用 41" in statement(less, COOLING, "zh")
    assert "quota" not in statement(less, COOLING, "en")


def test_a_leak_of_water_and_a_load_that_never_stops_are_told_apart() -> None:
    leak = event(Likely.LEAK, size=288.0, evidence={"days": 30})
    assert plain(statement(replace(leak, measure="water_m3"), WATER, "en")).endswith(
        "the water use of block B never comes to rest, 9.6 m³ a day"
    )
    assert "load" in statement(leak, COOLING, "en")


def test_where_not_every_day_counts_it_is_said_how_many_do() -> None:
    some = event(Likely.HIGH_USE, evidence={"days": 10})
    assert "on 10 days, 123 kWh a day" in plain(statement(some, COOLING, "en"))
    assert "其中 10 天，每天多用 123 kWh" in plain(statement(some, COOLING, "zh"))
    assert "days" not in statement(replace(some, evidence={"days": 30}), COOLING, "en")


def test_minutes_of_a_late_evening() -> None:
    late = event(Likely.LATE_SWITCH_OFF, evidence={"days": 30, "late_min": 135})
    assert "135 minutes later, 41" in statement(late, COOLING, "en")
    assert "晚 135 分钟，每天多用" in statement(late, COOLING, "zh")


@pytest.mark.parametrize("likely", list(Likely))
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("context", [COOLING, WATER])
def test_every_kind_has_its_words(likely: Likely, language: Any, context: Context) -> None:
    for is_open in (True, False):
        found = event(likely, open=is_open)
        assert context.what[language] in statement(found, context, language)
        assert "{" not in sentence(found, context, language)
        assert advice(found, language)


def test_no_kind_has_words_that_nothing_uses() -> None:
    assert set(words()["kinds"]) == {*map(str, Likely), "leak_of_power", "gauge_high", "gauge_low"}


@pytest.mark.parametrize("size", [float("nan"), float("inf"), 0.0])
def test_an_amount_that_is_no_number_is_not_said(size: float) -> None:
    said = statement(event(Likely.JUMP, size=size), COOLING, "en")
    assert said.endswith("does not explain")


def test_nights_are_those_of_the_evidence_else_those_it_touches() -> None:
    assert per_time(NIGHTS, COOLING) == pytest.approx(41.0)
    assert per_time(replace(NIGHTS, evidence={"nights": 10}), COOLING) == pytest.approx(123.0)
    assert per_time(replace(NIGHTS, evidence={"nights": "many"}), COOLING) == pytest.approx(41.0)


@pytest.mark.parametrize(
    ("value", "said"), [(12_345.6, "12,346"), (41.2, "41"), (3.21, "3.2"), (0.0456, "0.046")]
)
def test_figures_are_rounded_as_people_say_them(value: float, said: str) -> None:
    assert rounded(value) == said


def test_a_temperature_is_no_use_and_has_no_sum() -> None:
    changes = {"measure": "temperature_c", "open": False, "hours": 100, "size": -2500.0}
    room = Context({"zh": "机房温度", "en": "the room"}, False, "°C", ZONE, quota=94_600.0)
    cold = event(Likely.LOW_USE, **changes)
    assert plain(statement(cold, room, "en")) == (
        "From 3 May to 1 June 2023 the room read lower than expected, by 25 °C in the mean"
    )
    warm = event(Likely.CREEP, **{**changes, "size": 2500.0})
    assert (
        plain(statement(warm, room, "zh"))
        == "2023年5月3日至6月1日，机房温度读数高于预期，平均相差 25 °C"
    )
    assert loss_share(warm, room) is None
