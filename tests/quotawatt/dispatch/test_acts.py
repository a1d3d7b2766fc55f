"""What people do with orders: by the one table, with what is held against each step."""

from itertools import product

import pytest
from sqlalchemy import Connection, Engine, select

from quotawatt.dispatch import book
from quotawatt.dispatch.acts import Told, act
from quotawatt.dispatch.duty import add_duty
from quotawatt.dispatch.order import MOVES, Action, Order, OrderState, moved
from quotawatt.dispatch.records import Seal
from quotawatt.dispatch.seals import add_seal, unseal
from quotawatt.errors import InputError, NotFoundError, RegisterError, StateError
from quotawatt.spans import DAY
from quotawatt.storage.tables import ledger
from tests.quotawatt.dispatch.world import (
    HOUR,
    NOW,
    SETTING,
    asked,
    assigned,
    at,
    undone,
)


def test_an_order_goes_from_request_to_rating(conn: Connection) -> None:
    number = assigned(conn).number
    act(conn, number, Action.LEAVE, "zhao", at(1), Told(odometer_km=52310.0))
    back = Told(odometer_km=52346.0, litres=3.4, cost_cny=25.0)
    act(conn, number, Action.RETURN, "zhao", at(3), back)
    rated = act(conn, number, Action.RATE, "li", at(4), Told(rating=5, note="准时"))
    assert rated == book.read_order(conn, number)
    assert (rated.state, rated.vehicle, rated.driver) == (OrderState.RATED, "CAR-1", "DRV-1")
    assert (rated.driven_km, rated.litres, rated.cost_cny) == (36.0, 3.4, 25.0)
    assert (rated.decided_by, rated.start, rated.end) == ("wang", NOW + HOUR, NOW + 3 * HOUR)
    told = [
        row
        for row in conn.execute(select(ledger.c.action, ledger.c.subject))
        if row[0][:5] == "order"
    ]
    assert told == [
        ("order_requested", "ORG-1"),
        ("order_approved", "ORG-1"),
        *[(f"order_{done}", "CAR-1") for done in ("assigned", "left", "returned", "rated")],
    ]


@pytest.mark.parametrize(("state", "action"), list(product(OrderState, Action)))
def test_what_does_not_stand_in_the_table_is_refused(state: OrderState, action: Action) -> None:
    if (state, action) in MOVES:
        assert moved(state, action) is MOVES[state, action]
    else:
        with pytest.raises(StateError, match=f"for '{action}', got {state}"):
            moved(state, action)


@pytest.mark.parametrize("who", ["li", "li/phone", "cli:li"])
def test_nobody_decides_on_an_own_order(conn: Connection, who: str) -> None:
    number = asked(conn, "li").number
    for action in (Action.APPROVE, Action.REJECT):
        with pytest.raises(StateError, match="by somebody else than who asked for it"):
            act(conn, number, action, who, SETTING, Told(note="no"))
    assert book.read_order(conn, number).state is OrderState.REQUESTED


def test_a_rejection_says_why(conn: Connection) -> None:
    number = asked(conn).number
    with pytest.raises(InputError, match="must say why, got none"):
        act(conn, number, Action.REJECT, "wang", SETTING)
    assert act(conn, number, Action.REJECT, "wang", SETTING, Told(note="无车")).state == "rejected"


def test_all_that_is_wrong_with_a_request_is_said_at_once(conn: Connection) -> None:
    with pytest.raises(RegisterError) as error:
        asked(conn, purpose=" ", passengers=0, planned_end=NOW - HOUR)
    assert error.value.problems == (
        "order passengers: must be 1 to 99, got 0",
        "order planned_end: must lie after 2024-05-16 10:00, got '2024-05-16 08:00'",
        "order purpose: must be given, got none",
        "order planned_end: must lie in the future (now is 2024-05-16 09:00), got none",
    )
    with pytest.raises(NotFoundError, match="must be of the register, got 'ORG-9'"):
        asked(conn, organisation="ORG-9")


@pytest.mark.parametrize(
    ("vehicle", "driver", "said"),
    [
        ("CAR-9", "DRV-1", "must be the code or plate of a vehicle"),
        ("ORG-1", "DRV-1", "must be the code or plate of a vehicle"),
        ("CAR-X", "DRV-1", "must not be exempt from tracking"),
        ("CAR-0", "DRV-1", "must be in use on 2024-05-16"),
        ("CAR-1", "DRV-3", "must be an active driver"),
    ],
)
def test_a_vehicle_and_a_driver_must_be_there(
    conn: Connection, vehicle: str, driver: str, said: str
) -> None:
    with pytest.raises(RegisterError, match=said):
        assigned(conn, vehicle, driver)


def test_a_vehicle_that_is_taken_is_refused_with_the_other_order(conn: Connection) -> None:
    first = assigned(conn)
    taken = f"must be free from 2024-05-16 10:00 to 2024-05-16 12:00: order {first.number} has it"
    with pytest.raises(RegisterError, match=f"vehicle: {taken}"):
        assigned(conn, driver="DRV-2")
    with pytest.raises(RegisterError, match=f"driver: {taken}"):
        assigned(conn, "CAR-2")
    # One ends as the other begins.
    start, end = NOW + 3 * HOUR, NOW + 4 * HOUR
    later = assigned(conn, planned_start=start, planned_end=end)
    assert later.state is OrderState.ASSIGNED
    # A cancelled one occupies nothing.
    act(conn, first.number, Action.CANCEL, "li", SETTING, Told(note="改期"))
    again = assigned(conn)
    assert (
        act(
            conn,
            again.number,
            Action.ASSIGN,
            "wang",
            SETTING,
            Told(vehicle="CAR-2", driver="DRV-2"),
        ).vehicle
        == "CAR-2"
    )


def test_one_that_is_late_goes_on_until_it_is_back(conn: Connection) -> None:
    out = assigned(conn)
    act(conn, out.number, Action.LEAVE, "zhao", at(1))
    later = assigned(conn, planned_start=NOW + 4 * HOUR, planned_end=NOW + 6 * HOUR)
    assert later.vehicle == "CAR-1"
    with pytest.raises(StateError, match=f"must be back from order {out.number} before it leaves"):
        act(conn, later.number, Action.LEAVE, "zhao", at(5))
    act(conn, out.number, Action.RETURN, "zhao", at(5))
    assert act(conn, later.number, Action.LEAVE, "zhao", at(5.5)).state is OrderState.UNDER_WAY


def test_what_is_told_of_leaving_and_returning_must_fit(conn: Connection) -> None:
    number = assigned(conn).number
    with pytest.raises(RegisterError, match="must not lie in the future"):
        act(conn, number, Action.LEAVE, "zhao", SETTING, Told(at=NOW + HOUR))
    act(conn, number, Action.LEAVE, "zhao", at(1), Told(odometer_km=100.0))
    with pytest.raises(RegisterError) as error:
        act(conn, number, Action.RETURN, "zhao", at(2), Told(at=NOW, odometer_km=99.0, litres=-1))
    assert [problem.split(":")[0] for problem in error.value.problems] == [
        *("order litres", "order odometer_in_km", "order returned_at")
    ]


def test_a_sealed_vehicle_leaves_only_from_the_duty_list(conn: Connection) -> None:
    number = assigned(conn).number
    add_seal(conn, Seal(0, "CAR-1", NOW, "test", 100.0), NOW)
    with pytest.raises(StateError, match="must be unsealed, or on the duty list of 2024-05-16"):
        act(conn, number, Action.LEAVE, "zhao", at(1))
    day = NOW.date()
    add_duty(conn, "CAR-1", day, day + DAY, "值班", "test", NOW)
    assert act(conn, number, Action.LEAVE, "zhao", at(1)).left_at == NOW + HOUR


def test_an_unsealed_vehicle_leaves(conn: Connection) -> None:
    number = assigned(conn).number
    add_seal(conn, Seal(0, "CAR-1", NOW - DAY, "test"), NOW)
    unseal(conn, "CAR-1", NOW, None, "test", NOW)
    assert act(conn, number, Action.LEAVE, "zhao", at(1)).state is OrderState.UNDER_WAY


def test_a_driver_does_not_rate_the_own_driving(conn: Connection) -> None:
    number = assigned(conn).number
    act(conn, number, Action.LEAVE, "zhao", at(1))
    act(conn, number, Action.RETURN, "zhao", at(2))
    with pytest.raises(StateError, match="rated by somebody else than its driver, got zhao"):
        act(conn, number, Action.RATE, "zhao", at(3), Told(rating=5))
    with pytest.raises(RegisterError, match="must be given for an order that is rated"):
        act(conn, number, Action.RATE, "li", at(3))


def test_both_stores_keep_an_order_as_it_is(records: Engine) -> None:
    with undone(records) as conn:
        order: Order = assigned(conn, planned_km=36.5)
        assert book.read_order(conn, order.number) == order
        assert book.orders_between(conn, NOW, NOW + DAY, ["CAR-1"]) == [order]
        assert book.orders_between(conn, NOW + 3 * HOUR, NOW + DAY) == []
        assert book.orders_between(conn, NOW, NOW + DAY, ["CAR-2"]) == []
