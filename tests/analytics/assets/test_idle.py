"""Idle assets: unused for long and heard, not merely silent."""

from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from analytics.assets.idle import ENERGY, POWER, SIGNS, IdleAsset, idle_assets, said_idle
from quotawatt.register.model import Building, Equipment, Organisation, Register, Site, Space
from quotawatt.rulebook.loader import load_rulebook
from quotawatt.spans import local_midnight

BOOK = load_rulebook()
ZONE = ZoneInfo("Asia/Shanghai")
NOW = local_midnight(date(2024, 3, 1), ZONE) + timedelta(hours=9)
DAYS = [local_midnight(date(2024, 3, 1) - timedelta(days=n), ZONE) for n in range(30, 0, -1)]
PUMP = Equipment("P", "水泵", "Pump", "pump", "ORG", building="BLD", rated_power_kw=10.0)
ROOM = Space("R", "会议室", "Meeting", "BLD", "meeting", 100.0)


def world(*assets: Equipment | Space) -> Register:
    return Register(
        organisations=[Organisation("ORG", "机关", "Office", "party_government", "city")],
        sites=[Site("SITE", "院", "Court", "Asia/Shanghai", "shandong", "B")],
        buildings=[Building("BLD", "楼", "House", "SITE", "ORG")],
        equipment=[a for a in assets if isinstance(a, Equipment)],
        spaces=[a for a in assets if isinstance(a, Space)],
    )


def signs(
    asset: str,
    values: list[float | None],
    quantity: str = ENERGY,
    coverage: float = 1.0,
    source: str = "MTR",
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "asset": asset,
            "source": source,
            "quantity": quantity,
            "start": pd.DatetimeIndex(DAYS[: len(values)]),
            "value": pd.Series(values, dtype=float),
            "coverage": coverage,
        }
    )


def judged(register: Register, *frames: pd.DataFrame) -> tuple[IdleAsset, ...]:
    together = pd.concat(frames) if frames else pd.DataFrame(columns=list(SIGNS))
    return idle_assets(register, BOOK, together, NOW, ZONE)


def test_standing_by_is_no_use_and_the_evidence_says_so() -> None:
    # 2 % of 10 kW over 24 hours are 4.8 kWh.
    (idle,) = judged(world(PUMP), signs("P", [4.8] * 30))
    finding = idle.finding(BOOK)
    assert (finding.code, finding.subject) == ("idle_asset", "P")
    wanted = {
        "rule": "idle-equipment",
        "since": "2024-01-30T16:00:00+00:00",
        "until": "2024-02-29T16:00:00+00:00",
        "hours": 720.0,
        "coverage": 1.0,
        "source": "MTR",
        "measured": ENERGY,
        "shown": 144.0,
        "limit": 144.0,
        "unit": "kWh",
        "trust": "unverified",
    }
    assert {name: finding.detail[name] for name in wanted} == wanted
    assert "国务院令第738号" in str(finding.detail["cites_zh"])


def test_one_day_of_use_is_use() -> None:
    assert judged(world(PUMP), signs("P", [0.0] * 29 + [4.9])) == ()


def test_silent_is_not_idle() -> None:
    assert judged(world(PUMP)) == ()
    assert judged(world(PUMP), signs("P", [0.0] * 26)) == ()
    assert judged(world(PUMP), signs("P", [0.0] * 30, coverage=0.89)) == ()
    assert judged(world(PUMP), signs("P", [None] * 30)) == ()
    assert len(judged(world(PUMP), signs("P", [0.0] * 27))) == 1


def test_without_a_rating_only_what_takes_nothing_is_idle() -> None:
    unrated = world(replace(PUMP, rated_power_kw=None))
    assert judged(unrated, signs("P", [0.01] * 30)) == ()
    (idle,) = judged(unrated, signs("P", [0.0] * 30))
    assert idle.limit == 0


def test_use_that_another_source_shows_however_briefly_counts() -> None:
    still, moved = signs("P", [0.0] * 30), signs("P", [1.0], "switch_on", source="plug")
    assert judged(world(PUMP), still, moved) == ()
    quiet = signs("P", [0.0], "switch_on", source="plug")
    (idle,) = judged(world(PUMP), still, quiet)
    assert idle.source == "MTR"


def test_power_goes_by_its_highest_value() -> None:
    (idle,) = judged(world(PUMP), signs("P", [0.2] * 30, POWER))
    assert (idle.shown, idle.limit) == (0.2, 0.2)
    assert judged(world(PUMP), signs("P", [0.2] * 29 + [0.21], POWER)) == ()


def test_a_room_by_its_meter_and_by_its_air() -> None:
    # 0.3 W on each of 100 m² are 0.72 kWh a day.
    (by_meter,) = judged(world(ROOM), signs("R", [0.72] * 30))
    assert by_meter.limit == 21.6
    assert judged(world(ROOM), signs("R", [0.73] * 30)) == ()
    (by_air,) = judged(world(ROOM), signs("R", [590.0] * 30, "co2_ppm", source="air"))
    assert (by_air.shown, by_air.limit, by_air.finding(BOOK).detail["unit"]) == (
        590.0,
        600.0,
        "ppm",
    )
    assert judged(world(ROOM), signs("R", [420.0] * 29 + [900.0], "co2_ppm")) == ()


def test_what_says_nothing_of_use_is_no_evidence() -> None:
    assert judged(world(ROOM), signs("R", [21.0] * 30, "indoor_temperature_c")) == ()
    kitchen = replace(ROOM, use="kitchen")
    assert judged(world(kitchen), signs("R", [0.0] * 30)) == ()
    assert judged(world(replace(PUMP, status="disposed")), signs("P", [0.0] * 30)) == ()


def test_what_the_register_says_to_be_idle() -> None:
    office = Space("O", "空", "Empty", "BLD", "office", 20.0, occupants=0)
    store = Space("S", "库", "Store", "BLD", "storage", 20.0, occupants=0)
    used = replace(office, code="U", occupants=1)
    register = world(replace(PUMP, status="idle"), office, store, used)
    assert list(said_idle(register)) == ["O", "P"]


@given(
    st.lists(st.one_of(st.none(), st.floats(0, 20)), min_size=1, max_size=30),
    st.floats(0, 1),
)
def test_idle_only_where_all_that_was_heard_is_low_and_enough_was(
    values: list[float | None], coverage: float
) -> None:
    known = [v for v in values if v is not None]
    idle = judged(world(PUMP), signs("P", values, coverage=coverage))
    heard = len(values) * coverage / 30
    if idle:
        assert known
        assert max(known) <= 4.8
        assert heard >= 0.9 - 1e-9
    elif known and max(known) <= 4.8:
        assert heard < 0.9 + 1e-9
