"""Drivers, the duty list, seals and services: kept, taken back, and all of it in the ledger."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Connection, select

from quotawatt.dispatch import drivers, duty, seals, services
from quotawatt.dispatch.records import Driver, Seal, Service, ServiceKind
from quotawatt.errors import InputError, NotFoundError, StateError
from quotawatt.spans import DAY
from quotawatt.storage.tables import ledger
from tests.quotawatt.dispatch.world import DRIVERS, HOUR, NOW

FIRST, UNTIL = date(2024, 10, 1), date(2024, 10, 8)


def told(conn: Connection) -> list[str]:
    """What the ledger says since the drivers were entered."""
    said = list(conn.execute(select(ledger.c.action).order_by(ledger.c.seq)).scalars())
    return said[len(DRIVERS) :]


def test_a_driver_is_entered_once_and_changed(conn: Connection) -> None:
    assert drivers.read_drivers(conn) == list(DRIVERS)
    drivers.put_driver(conn, DRIVERS[0], "test", NOW)
    assert told(conn) == []
    moved = Driver("DRV-1", "赵一", "ORG-2", active=False)
    drivers.put_driver(conn, moved, "test", NOW)
    assert drivers.read_driver(conn, "DRV-1") == moved
    drivers.put_driver(conn, Driver("DRV-4", "吴", "ORG-1", account="wu"), "test", NOW)
    with pytest.raises(InputError, match="that of one driver, got 'wu', which is DRV-4's"):
        drivers.put_driver(conn, Driver("DRV-5", "吴", "ORG-1", account="wu"), "test", NOW)
    with pytest.raises(NotFoundError, match="by the code, got 'DRV-9'"):
        drivers.read_driver(conn, "DRV-9")
    assert told(conn) == ["driver_kept"] * 2


def test_a_name_names_a_driver_as_long_as_it_is_one_alone() -> None:
    known = {driver.code: driver for driver in DRIVERS}
    assert drivers.driver_said("钱二", known) == known["DRV-2"]
    assert drivers.driver_said("DRV-2", known) == known["DRV-2"]
    known["DRV-9"] = Driver("DRV-9", "钱二", "ORG-2")
    assert drivers.driver_said("钱二", known) is None


def test_the_duty_list_covers_whole_local_days(conn: Connection) -> None:
    entry = duty.add_duty(conn, "CAR-1", FIRST, UNTIL, "国庆值班", "wang", NOW)
    assert [entry.covers("CAR-1", day) for day in (FIRST - DAY, FIRST, UNTIL - DAY, UNTIL)] == [
        *(False, True, True, False)
    ]
    assert duty.duty_entries(conn, UNTIL - DAY, UNTIL) == [entry]
    assert duty.duty_entries(conn, UNTIL, UNTIL + DAY) == []
    assert duty.duty_entries(conn, FIRST, UNTIL, ["CAR-2"]) == []
    gone = duty.withdraw_duty(conn, entry.id, "wang", NOW)
    assert not gone.covers("CAR-1", FIRST)
    assert duty.duty_entries(conn, FIRST, UNTIL) == []
    assert duty.duty_entries(conn, FIRST, UNTIL, withdrawn=True) == [gone]
    with pytest.raises(StateError, match="must be taken back once"):
        duty.withdraw_duty(conn, entry.id, "wang", NOW)
    with pytest.raises(InputError, match="must end after it begins"):
        duty.add_duty(conn, "CAR-1", FIRST, FIRST, "", "wang", NOW)
    assert told(conn) == ["duty_approved", "duty_withdrawn"]


def test_a_seal_holds_from_sealing_to_unsealing(conn: Connection) -> None:
    kept = seals.add_seal(conn, Seal(0, "CAR-1", NOW - DAY, "li", 8000.0), NOW)
    with pytest.raises(StateError, match="unsealed before it is sealed again, got CAR-1"):
        seals.add_seal(conn, Seal(0, "CAR-1", NOW, "li"), NOW)
    with pytest.raises(InputError, match="must not end before it began"):
        seals.unseal(conn, "CAR-1", NOW - 2 * DAY, None, "li", NOW)
    open_one = seals.unseal(conn, "CAR-1", NOW, 8012.0, "wang", NOW)
    assert (open_one.odometer_at_seal_km, open_one.odometer_at_unseal_km) == (8000.0, 8012.0)
    assert seals.seals_between(conn, NOW - HOUR, NOW) == [open_one]
    assert seals.seals_between(conn, NOW, NOW + HOUR) == []
    assert seals.seals_between(conn, NOW - 3 * DAY, kept.sealed_at) == []
    with pytest.raises(StateError, match="must be sealed to be unsealed, got CAR-1"):
        seals.unseal(conn, "CAR-1", NOW, None, "li", NOW)
    with pytest.raises(InputError, match="sealed_at must not lie in the future"):
        seals.add_seal(conn, Seal(0, "CAR-1", NOW + HOUR, "li"), NOW)
    assert told(conn) == ["vehicle_sealed", "vehicle_unsealed"]


def test_a_service_counts_until_it_is_taken_back(conn: Connection) -> None:
    day = NOW.date()
    wanted = Service(0, "CAR-1", day, ServiceKind.REPAIR, "li", NOW, 52_400.0, 680.0)
    kept = services.add_service(conn, wanted)
    assert services.services_between(conn, day, day + DAY) == [kept]
    assert services.services_between(conn, day + timedelta(days=1), day + 2 * DAY) == []
    gone = services.withdraw_service(conn, kept.id, "li", NOW)
    assert services.services_between(conn, day, day + DAY) == []
    (listed,) = services.services_between(conn, day, day + DAY, ["CAR-1"], withdrawn=True)
    assert (listed, listed.kind) == (gone, ServiceKind.REPAIR)
    with pytest.raises(NotFoundError, match="by its number, got 99"):
        services.withdraw_service(conn, 99, "li", NOW)
    assert told(conn) == ["service_entered", "service_withdrawn"]
