"""Entries by hand through the analyser: amounts, totals, corrections, the ledger of a month."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from analytics.consumption.handledger import Line, Month, Use, ledger_line
from analytics.grid import Key
from analytics.jobs import Analyser
from analytics.jobs.hand import amounts_within, own_points, points_with_amounts
from analytics.jobs.handledger import covered, month_ledger
from quotawatt.hand.drafting import drafted
from quotawatt.hand.intake import Act, Wish, correct, enter, withdraw
from quotawatt.hand.setting import Setting
from quotawatt.readings import Grain
from quotawatt.register.model import Binding, Building, Meter, Organisation, Register, Site
from quotawatt.register.problems import Where
from quotawatt.register.rows import Row
from quotawatt.rulebook.loader import load_rulebook
from quotawatt.rulebook.model import Rulebook
from quotawatt.settings import Settings
from quotawatt.spans import Span, local_midnight
from quotawatt.storage.intake import store_readings
from quotawatt.storage.memory import MemorySeriesStore
from tests.analytics.builders import reading

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2024, 7, 1, tzinfo=UTC)
COAL, GAS, HEAT = "coal_kg", "gas_m3", "heat_gj"
WORLD = Register(
    organisations=[
        Organisation("ORG-1", "甲", "First", "party_government", "city"),
        Organisation("ORG-2", "乙", "Second", "party_government", "city", "ORG-1"),
    ],
    sites=[Site("SITE-1", "大院", "Compound", "Asia/Shanghai", "shandong", "B")],
    buildings=[
        Building("BLD-1", "一号楼", "One", "SITE-1", "ORG-1", 1000.0),
        Building("BLD-2", "二号楼", "Two", "SITE-1", "ORG-2", 500.0, 400.0),
    ],
    meters=[
        Meter("MTR-1", "一号气表", "Gas 1", "BLD-1", "gas"),
        Meter("MTR-2", "二号气表", "Gas 2", "BLD-2", "gas"),
    ],
    bindings=[Binding("dev-2", "MTR-2", datetime(2022, 1, 1, tzinfo=UTC), multiplier=10.0)],
)


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return load_rulebook()


@dataclass
class Desk:
    """Stores over the world, with somebody who enters and an analyser that follows."""

    series: MemorySeriesStore
    records: Engine
    analyser: Analyser

    def enter(self, form: str, **cells: Any) -> int:
        done = enter(self.series, self.records, self.wish(form, cells), self.setting, self.act)
        self.analyser.run(NOW)
        return done.entries[0].number

    def correct(self, number: int, form: str, **cells: Any) -> None:
        correct(self.series, self.records, number, self.wish(form, cells), self.setting, self.act)
        self.analyser.run(NOW)

    def withdraw(self, number: int) -> None:
        withdraw(self.series, self.records, number, self.act)
        self.analyser.run(NOW)

    def wish(self, form: str, cells: dict[str, Any]) -> Wish:
        return Wish(*drafted({form: [Row(Where("test"), cells)]}, self.setting))

    @property
    def setting(self) -> Setting:
        return Setting(WORLD, ZONE, NOW)

    @property
    def act(self) -> Act:
        return Act("test", NOW, {})

    def total(self, subject: str, measure: str, month: int = 5) -> Any:
        span = Span(*(local_midnight(date(2024, m, 1), ZONE) for m in (month, month + 1)))
        found = {
            grain: self.series.sum_results(grain, [subject], [measure], span).to_pylist()
            for grain in Grain
        }
        values: list[Any] = [rows[0]["value"] if rows else None for rows in found.values()]
        if None in values:
            assert values == [None] * 3
            return None
        assert values == pytest.approx([values[0]] * 3)
        return values[0]

    def ledger(self, month: date, code: str = "ORG-1") -> dict[tuple[str, str], Line]:
        lines = month_ledger(
            self.series, self.records, WORLD, month, covered(WORLD, code), ZONE, NOW
        )
        return {(line.point.subject, line.point.measure): line for line in lines}


@pytest.fixture
def desk(records: Engine, rulebook: Rulebook) -> Desk:
    series = MemorySeriesStore()
    return Desk(series, records, Analyser(series, records, lambda: WORLD, rulebook, Settings()))


def days(first: str, last: str) -> dict[str, Any]:
    return {"first_day": date.fromisoformat(first), "last_day": date.fromisoformat(last)}


MAY = days("2024-05-01", "2024-05-31")


def test_a_bill_is_the_use_of_its_days_and_of_all_totals(desk: Desk) -> None:
    desk.enter("hand_bills", asset="MTR-1", amount=310.0, **MAY)
    for subject in ("MTR-1", "BLD-1", "ORG-1"):
        assert desk.total(subject, GAS) == pytest.approx(310.0)
    assert desk.total("MTR-1", GAS, 4) is None
    table = desk.series.read_results(Grain.DAY, ["MTR-1"], [GAS], Span(NOW - timedelta(90), NOW))
    assert set(table["quality"].to_pylist()) == {"estimated"}
    assert table["value"].to_pylist() == pytest.approx([10.0] * 31)


def test_what_follows_from_others_is_called_computed_in_the_ledger() -> None:
    month = Month(Key("VMT-1", GAS), Span(NOW - timedelta(30), NOW), use=Use(5.0, 1.0, 0.0))
    assert ledger_line(replace(month, computed=True)).source == "computed"
    assert ledger_line(month).source == "missing"
    assert ledger_line(replace(month, computed=True, use=Use())).source == "missing"


def test_what_is_of_an_organisation_or_building_itself_enters_totals_once(desk: Desk) -> None:
    desk.enter("hand_purchases", asset="ORG-2", quantity=COAL, bought=500.0, **MAY)
    desk.enter("hand_purchases", asset="ORG-1", quantity=COAL, bought=100.0, opening=30.0, **MAY)
    desk.enter("hand_bills", asset="BLD-2", quantity=HEAT, gj_per_m2=0.25, **MAY)
    assert desk.total("ORG-2/hand", COAL) == pytest.approx(500.0)
    assert desk.total("ORG-2", COAL) == pytest.approx(500.0)
    assert desk.total("ORG-1", COAL) == pytest.approx(630.0)
    for subject in ("BLD-2/hand", "BLD-2", "ORG-2", "ORG-1"):
        assert desk.total(subject, HEAT) == pytest.approx(100.0)  # 0.25 GJ/m² of 400 m²


def test_what_is_withdrawn_leaves_all_totals(desk: Desk) -> None:
    number = desk.enter("hand_purchases", asset="ORG-2", quantity=COAL, bought=500.0, **MAY)
    desk.withdraw(number)
    assert [desk.total(s, COAL) for s in ("ORG-2/hand", "ORG-2", "ORG-1")] == [None] * 3


def test_a_correction_moves_the_use_to_its_new_days(desk: Desk) -> None:
    number = desk.enter("hand_bills", asset="MTR-1", amount=310.0, **MAY)
    desk.correct(
        number, "hand_bills", asset="MTR-1", amount=290.0, **days("2024-04-01", "2024-04-29")
    )
    assert (desk.total("BLD-1", GAS), desk.total("BLD-1", GAS, 4)) == (None, pytest.approx(290.0))


def test_a_recomputation_says_the_same_as_the_turns_did(desk: Desk) -> None:
    desk.enter("hand_bills", asset="MTR-1", amount=310.0, **MAY)
    desk.enter("hand_purchases", asset="ORG-2", quantity=COAL, bought=500.0, **MAY)
    desk.enter(
        "hand_readings", asset="MTR-1", time=datetime(2024, 6, 1, 9, tzinfo=ZONE), value=50.0
    )
    desk.enter(
        "hand_readings", asset="MTR-1", time=datetime(2024, 6, 21, 9, tzinfo=ZONE), value=250.0
    )
    span = Span(NOW - timedelta(days=120), NOW)
    before = [desk.series.read_results(grain, None, [GAS, COAL], span) for grain in Grain]
    desk.analyser.recompute(span, NOW)
    after = [desk.series.read_results(grain, None, [GAS, COAL], span) for grain in Grain]
    for one, other in zip(before, after, strict=True):
        assert len(one) > 0
        keys = ["subject", "measure", "start", "quality"]
        assert one.select(keys).to_pylist() == other.select(keys).to_pylist()
        assert one["value"].to_pylist() == pytest.approx(other["value"].to_pylist(), rel=1e-12)


def test_readings_by_hand_are_exact_between_and_a_device_goes_before(desk: Desk) -> None:
    desk.enter("hand_readings", asset="MTR-1", time=datetime(2024, 5, 1, tzinfo=ZONE), value=1000.0)
    desk.enter("hand_readings", asset="MTR-1", time=datetime(2024, 6, 1, tzinfo=ZONE), value=1310.0)
    assert desk.total("MTR-1", GAS) == pytest.approx(310.0)
    desk.enter("hand_bills", asset="MTR-2", amount=9000.0, **MAY)
    assert desk.total("MTR-2", GAS) is None


def test_amounts_are_whole_and_of_the_points_that_are_asked_for(desk: Desk) -> None:
    desk.enter("hand_bills", asset="MTR-1", amount=310.0, **MAY)
    desk.enter("hand_purchases", asset="ORG-2", quantity=COAL, bought=500.0, **MAY)
    inside = Span(datetime(2024, 5, 3, tzinfo=UTC), datetime(2024, 5, 4, tzinfo=UTC))
    end = local_midnight(date(2024, 6, 1), ZONE)
    own = Key("ORG-2/hand", COAL)
    with desk.records.connect() as conn:
        (amount,) = amounts_within(conn, [own], inside)
        assert (amount.point, amount.amount, amount.end) == (own, 500.0, end)
        assert amounts_within(conn, [own], Span(end, NOW)) == []
        assert points_with_amounts(conn, inside) == [Key("MTR-1", GAS), own]
        assert own_points(conn) == {own}


def test_the_ledger_of_a_month_has_both_dates_and_the_calendar(desk: Desk) -> None:
    for day, value in ((date(2024, 4, 26), 100.0), (date(2024, 5, 26), 400.0)):
        desk.enter("hand_readings", asset="MTR-1", time=local_midnight(day, ZONE), value=value)
    desk.enter("hand_purchases", asset="ORG-2", quantity=COAL, bought=500.0, closing=80.0, **MAY)
    lines = desk.ledger(date(2024, 5, 1))
    gas = lines["MTR-1", GAS]
    assert gas.source == "reading"
    assert gas.opening_reading is not None
    assert (gas.opening_reading.value, gas.use_by_readings) == (100.0, 300.0)
    assert gas.use == pytest.approx(250.0)  # 25 of the 30 days, 10 a day
    assert [gas.previous_month, gas.coverage] == pytest.approx([50.0, 25 / 31])
    coal = lines["ORG-2/hand", COAL]
    assert coal.source == "purchase"
    assert [coal.use, coal.bought] == pytest.approx([420.0, 500.0])
    assert (coal.closing_stock, coal.entered_by) == (80.0, ("test",))
    assert set(desk.ledger(date(2024, 5, 1), "BLD-1")) == {("MTR-1", GAS)}
    assert desk.ledger(date(2024, 2, 1)) == {}


def test_the_ledger_tells_what_a_device_showed_and_its_multiplier(desk: Desk) -> None:
    first = local_midnight(date(2024, 5, 1), ZONE)
    counted = [reading(first + timedelta(days=day), 500.0 + day, "dev-2", GAS) for day in range(32)]
    store_readings(desk.series, desk.records, counted)
    desk.analyser.run(NOW)
    line = desk.ledger(date(2024, 5, 1))["MTR-2", GAS]
    assert (line.source, line.multiplier) == ("telemetry", 10.0)
    assert [line.use_by_readings, line.use] == pytest.approx([310.0, 310.0])
