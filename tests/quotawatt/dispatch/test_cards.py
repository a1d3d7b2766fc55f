"""Fuel-card rows: once each, corrected or refused clearly, and never counted twice."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection

from quotawatt.dispatch.carddrafting import CARD_FORM
from quotawatt.dispatch.cards import (
    CardPlan,
    fuel_cards,
    plan_cards,
    read_card,
    remove_card,
    take_cards,
)
from quotawatt.dispatch.files import read_form
from quotawatt.errors import NotFoundError, RegisterError
from quotawatt.fleet.cards import FuelCard
from tests.quotawatt.dispatch.world import NOW, SETTING, found_of, local

TIME = datetime(2024, 5, 1, 2, 12, tzinfo=UTC)
KEPT = FuelCard("CAR-1", TIME, "6688", "petrol", 42.3, 338.4)
FILE = """石油公司 对账单,,,,,
车牌号,交易时间,数量(升),卡号,金额(元),油品,余额
鲁A00001,2024-05-01 10:12,42.3,6688,338.4,92号汽油,17
合计,,42.3,,338.4,,
"""


def cells(**changes: Any) -> dict[str, Any]:
    time = local(2024, 5, 1, 10, 12)
    return {"vehicle": "CAR-1", "time": time, "litres": 42.3, "card": "6688", **changes}


def take(conn: Connection, *rows: dict[str, Any]) -> CardPlan:
    return take_cards(conn, found_of(CARD_FORM, *rows), "test", SETTING, "a.csv")


def rules_of(conn: Connection, *rows: dict[str, Any]) -> list[tuple[int | None, str, str]]:
    plan = plan_cards(conn, found_of(CARD_FORM, *rows), SETTING)
    return [(p.where.row, p.where.column, p.rule.code) for p in plan.problems]


def kept(conn: Connection) -> list[FuelCard]:
    return fuel_cards(conn, TIME, TIME + timedelta(seconds=1))


def test_a_statement_is_taken_in_once(conn: Connection) -> None:
    found = read_form(CARD_FORM, "statement.csv", FILE.encode("gb18030"))
    assert take_cards(conn, found, "test", SETTING, "statement.csv").added == (KEPT,)
    assert take_cards(conn, found, "test", SETTING, "statement.csv").unchanged == (KEPT,)
    assert kept(conn) == [KEPT]
    assert fuel_cards(conn, TIME, TIME + timedelta(seconds=1), ["CAR-2"]) == []
    assert fuel_cards(conn, TIME + timedelta(seconds=1), NOW) == []


def test_cost_is_corrected_and_another_amount_refused(conn: Connection) -> None:
    take(conn, cells())
    ((before, after),) = take(conn, cells(cost_cny=338.4)).corrected
    assert (before.row.cost_cny, after.cost_cny, len(kept(conn))) == (None, 338.4, 1)
    assert rules_of(conn, cells(litres=40.0)) == [(2, "litres", "card_otherwise")]
    number = before.id
    assert remove_card(conn, number, "mistyped", "test", NOW).row == after
    assert take(conn, cells(litres=40.0)).added[0].litres == 40.0
    with pytest.raises(NotFoundError, match=f"by its number, got {number}"):
        read_card(conn, number)


def test_all_mistakes_are_told_at_once(conn: Connection) -> None:
    wrong = [
        cells(vehicle="CAR-9"),
        cells(vehicle="CAR-X"),
        cells(vehicle="CAR-E"),
        cells(fuel="hydrogen", litres=0.0),
        cells(litres=-1.0, cost_cny=-5.0),
        cells(time=local(2031, 1, 1)),
        cells(time=local(1990, 1, 1)),
    ]
    assert rules_of(conn, *wrong) == [
        (2, "vehicle", "vehicle"),
        (3, "vehicle", "vehicle_exempt"),
        (4, "fuel", "fuel_unknown"),
        (5, "litres", "above"),
        (5, "fuel", "fuel"),
        (6, "litres", "above"),
        (6, "cost_cny", "range"),
        (7, "time", "future"),
        (8, "time", "years"),
    ]
    with pytest.raises(RegisterError):
        take(conn, cells(), *wrong)
    assert kept(conn) == []


def test_a_row_twice_in_a_file_is_one_unless_it_differs(conn: Connection) -> None:
    assert rules_of(conn, cells(), cells(cost_cny=1.0)) == [(3, "", "entered_twice")]
    assert len(take(conn, cells(), cells()).added) == 1
    # The card was used twice in that minute.
    assert len(take(conn, cells(card="7"), cells(card="7", litres=10.0)).added) == 2


def test_an_electric_vehicle_may_carry_a_can(conn: Connection) -> None:
    assert take(conn, cells(vehicle="CAR-E", fuel="diesel")).added[0].fuel == "diesel"
