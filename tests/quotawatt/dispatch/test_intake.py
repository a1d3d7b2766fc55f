"""Orders by file: all mistakes at once, the same number once, corrections forward and never back."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection

from quotawatt.dispatch import book
from quotawatt.dispatch.acts import Told, act
from quotawatt.dispatch.checks import FORM
from quotawatt.dispatch.files import order_csv, order_workbook, read_form, template
from quotawatt.dispatch.intake import Plan, plan_orders, take_orders
from quotawatt.dispatch.order import Action, OrderState
from quotawatt.errors import InputError, RegisterError
from quotawatt.register.found import Found
from tests.quotawatt.dispatch.world import SETTING, assigned, at, found_of, local
from tests.quotawatt.hand.sheets import workbook

HEADER = "派车单号,用车单位,计划出车时间,计划收车时间,事由,目的地,车牌号,驾驶员,状态,审批人"
ONE = "A-1,ORG-1,2024-05-01 09:00,2024-05-01 12:00,送文件,市档案馆,鲁A·00001,赵一,,王五"


def cells(**changes: Any) -> dict[str, Any]:
    return {
        "source_number": "A-1",
        "organisation": "ORG-1",
        "planned_start": local(2024, 5, 1, 9),
        "planned_end": local(2024, 5, 1, 12),
        "vehicle": "CAR-1",
        **changes,
    }


def take(conn: Connection, *rows: dict[str, Any], source: str = "oa") -> Plan:
    return take_orders(conn, found_of(FORM, *rows), source, "wang", SETTING)


def rules_of(conn: Connection, *rows: dict[str, Any]) -> list[tuple[int | None, str, str]]:
    plan = plan_orders(conn, found_of(FORM, *rows), "oa", "wang", SETTING)
    return [(p.where.row, p.where.column, p.rule.code) for p in plan.problems]


def read(data: str | bytes, name: str = "orders.csv", encoding: str = "utf-8") -> Found:
    return read_form(FORM, name, data.encode(encoding) if isinstance(data, str) else data)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_file_becomes_orders(conn: Connection, encoding: str) -> None:
    found = read(f"{HEADER}\n{ONE}\n", encoding=encoding)
    (order,) = take_orders(conn, found, "file", "wang", SETTING).added
    assert (order.state, order.vehicle, order.driver) == ("assigned", "CAR-1", "DRV-1")
    assert (order.decided_by, order.source, order.source_number) == ("王五", "file", "A-1")
    assert order.planned_start == datetime(2024, 5, 1, 1, tzinfo=UTC)
    assert take_orders(conn, found, "file", "wang", at(24)).unchanged == (order,)


def test_english_headings_units_and_words(conn: Connection) -> None:
    header = "Order number,Organisation,Planned start,Planned end,Odometer out (km),State,Rating"
    line = "7,ORG-1,2024-05-01 09:00,2024-05-01T12:00:00Z,52310 km,rejected,"
    (order,) = take_orders(conn, read(f"{header}\n{line}\n"), "file", "w", SETTING).added
    assert (order.state, order.odometer_out_km) == (OrderState.REJECTED, 52310.0)
    assert order.planned_end == datetime(2024, 5, 1, 12, tzinfo=UTC)


def test_a_workbook_is_read_and_the_template_too(conn: Connection) -> None:
    lines = [[cell or None for cell in line.split(",")] for line in (HEADER, ONE)]
    plan = plan_orders(conn, read(workbook(派车记录=lines), "a.xlsx"), "file", "w", SETTING)
    assert (len(plan.added), plan.problems) == (1, ())
    for language in ("zh", "en"):
        assert read(template(FORM, language), "t.xlsx").problems == ()
    wrong = read(workbook(车辆=[["车牌"]]), "a.xlsx")
    assert [problem.rule.code for problem in wrong.problems] == ["no_sheet"]


def test_all_mistakes_are_told_at_once(conn: Connection) -> None:
    wrong = [
        cells(source_number="1", organisation="ORG-9"),
        cells(source_number="2", vehicle="鲁A99999"),
        cells(source_number="3", vehicle="CAR-X"),
        cells(source_number="4", vehicle="CAR-0", driver="周九"),
        cells(source_number="5", planned_end=local(2024, 5, 1, 8), rating=6),
        cells(source_number="6", state="returned"),
        cells(source_number="7", state="gone"),
        cells(source_number="8", odometer_out_km=10.0, odometer_in_km=9.0),
        cells(source_number="9", left_at=local(2031, 1, 1)),
        cells(source_number="QW-10"),
        cells(source_number="0", planned_start=local(1, 1, 1), left_at=local(9999, 12, 31)),
        cells(source_number="11", planned_end=local(2024, 7, 1)),
    ]
    assert rules_of(conn, *wrong) == [
        (2, "organisation", "organisation"),
        (3, "vehicle", "vehicle"),
        (4, "vehicle", "vehicle_exempt"),
        (5, "driver", "driver"),
        (6, "rating", "range"),
        (6, "planned_end", "after"),
        (6, "left_at", "state_lacks"),
        (6, "returned_at", "state_lacks"),
        (7, "left_at", "state_lacks"),
        (7, "returned_at", "state_lacks"),
        (8, "state", "state"),
        (9, "odometer_in_km", "odometer_fell"),
        (10, "left_at", "future"),
        (11, "source_number", "own_order"),
        (12, "planned_start", "years"),
        (12, "left_at", "years"),
        (13, "planned_end", "too_long"),
    ]
    with pytest.raises(RegisterError):
        take(conn, cells(source_number="good"), *wrong)
    assert book.orders_of_source(conn, "oa", ["good"]) == {}


def test_out_of_reach_is_as_if_it_were_not_there(conn: Connection) -> None:
    narrow = replace(SETTING, sees=lambda code: code in ("ORG-2", "CAR-1"))
    plan = plan_orders(conn, found_of(FORM, cells()), "oa", "w", narrow)
    assert [problem.rule.code for problem in plan.problems] == ["organisation"]


def test_the_same_number_stands_once_in_a_file(conn: Connection) -> None:
    assert rules_of(conn, cells(), cells()) == []
    assert rules_of(conn, cells(), cells(purpose="other")) == [
        (3, "source_number", "entered_twice")
    ]
    take(conn, cells())
    other = cells(vehicle="CAR-2")
    assert len(take(conn, other, source="another system").added) == 1


def test_a_later_file_corrects_and_takes_on(conn: Connection) -> None:
    (first,) = take(conn, cells(purpose="送文件")).added
    ((before, after),) = take(conn, cells(purpose="送档案")).corrected
    assert (before, after) == (first, replace(first, purpose="送档案"))
    # What the file has no column for stays.
    done = cells(left_at=local(2024, 5, 1, 9, 5), returned_at=local(2024, 5, 1, 11))
    ((_, driven),) = take(conn, done).corrected
    assert (driven.state, driven.purpose) == (OrderState.RETURNED, "送档案")
    assert book.read_order(conn, first.number) == driven
    assert rules_of(conn, cells(state="assigned")) == [(2, "state", "state_back")]


def test_what_was_done_here_since_is_not_undone(conn: Connection) -> None:
    (kept,) = take(conn, cells(driver="赵一")).added
    act(conn, kept.number, Action.LEAVE, "zhao", SETTING, Told(odometer_km=10.0))
    # The file knows nothing of it: it corrects the rest.
    ((_, after),) = take(conn, cells(purpose="送文件")).corrected
    assert (after.state, after.odometer_out_km) == (OrderState.UNDER_WAY, 10.0)
    act(conn, kept.number, Action.RETURN, "zhao", at(1), Told(odometer_km=20.0))
    (cancelled,) = take(conn, cells(source_number="B", state="cancelled")).added
    assert rules_of(conn, cells(source_number="B", state="approved"))[0][2] == "state_back"
    assert take(conn, cells(source_number="B", purpose="x")).corrected[0][1].state == "cancelled"
    assert cancelled.state is OrderState.CANCELLED


def test_two_orders_do_not_get_one_vehicle(conn: Connection) -> None:
    held = assigned(conn)
    start, end = local(2024, 5, 16, 11), local(2024, 5, 16, 14)
    late = cells(planned_start=start, planned_end=end)
    (problem,) = plan_orders(conn, found_of(FORM, late), "oa", "w", SETTING).problems
    assert f"order {held.number} has it" in problem.text("en")
    other = {**late, "vehicle": "CAR-2"}
    twice = [other, {**other, "source_number": "A-2"}]
    assert rules_of(conn, *twice) == [(3, "vehicle", "taken_within")]
    # Of what was driven it is only said.
    driven = {"left_at": local(2024, 5, 1, 9), "returned_at": local(2024, 5, 1, 12)}
    take(conn, cells(**driven))
    plan = take(conn, cells(source_number="A-2", **driven, decided_by="李四", applicant="李四"))
    assert [note.said.code for note in plan.notes] == ["self_decided", "overlaps"]


def test_a_source_must_have_a_name(conn: Connection) -> None:
    with pytest.raises(InputError, match="a source must be a name of at most 64 signs, got ' '"):
        take(conn, cells(), source=" ")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_is_written_is_read_again(conn: Connection, language: Any) -> None:
    (order,) = take(conn, cells(purpose="=送文件", rating_note="好"), source="file").added
    zone = ZoneInfo("Asia/Shanghai")
    row = {name: getattr(order, name) for name in order.__slots__}
    for write, name in ((order_csv, "a.csv"), (order_workbook, "a.xlsx")):
        data = write([row], language, zone)
        assert take_orders(conn, read(data, name), "file", "w", SETTING).unchanged == (order,)
        assert write([row], language, zone) == data
    own = {**row, "source": "", "source_number": None}
    plan = plan_orders(conn, read(order_csv([own], language, zone)), "file", "w", SETTING)
    assert [problem.rule.code for problem in plan.problems] == ["own_order"]
