"""Which devices drive vehicles exempt from tracking, and when."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from quotawatt.register.exempt import exempt_devices
from quotawatt.register.kinds import Binding, FormerValue, Vehicle
from quotawatt.register.model import Register

ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2024, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
SECRET = Vehicle("CAR", "车", "Car", "ORG", "鲁Z·1", "sedan", "petrol", tracking_exempt=True)
OTHER = Vehicle("VAN", "车", "Van", "ORG", "鲁Z·2", "sedan", "petrol")


def covered(register: Register, instant: datetime, channel: str = "") -> bool:
    """Whether a latitude of the tracker must not be kept."""
    stretches = exempt_devices(register, ZONE).get("gps", ())
    return any(s.covers(channel, "latitude_deg", instant) for s in stretches)


def of(*bindings: Binding, **more: Any) -> Register:
    """A register of both vehicles."""
    return Register(vehicles=[SECRET, OTHER], bindings=bindings, **more)


def test_while_the_device_is_in_the_vehicle() -> None:
    register = of(Binding("gps", "CAR", START, START + DAY), Binding("gps", "VAN", START + DAY))
    assert not covered(register, START - timedelta(microseconds=1))
    assert covered(register, START)
    assert covered(register, START, "a channel that nothing binds")
    assert not covered(register, START + DAY)


def test_a_channel_of_another_vehicle_is_its_own() -> None:
    register = of(
        Binding("gps", "CAR", START, channel="1"), Binding("gps", "VAN", START, channel="2")
    )
    assert covered(register, START, "1")
    assert not covered(register, START, "2")


def test_the_days_of_the_exemption_are_local() -> None:
    until_may = FormerValue("CAR", "tracking_exempt", "false", date(2024, 5, 1))
    register = of(Binding("gps", "CAR", START), former_values=[until_may])
    midnight = datetime(2024, 5, 1, tzinfo=ZONE)
    assert covered(register, midnight)
    assert not covered(register, midnight - timedelta(microseconds=1))
    ended = FormerValue("VAN", "tracking_exempt", "true", date(2024, 5, 1))
    register = of(Binding("gps", "VAN", START), former_values=[ended])
    assert not covered(register, midnight)
    assert covered(register, midnight - timedelta(microseconds=1))


def test_others_are_not_named() -> None:
    found = exempt_devices(of(Binding("gps", "VAN", START)), ZONE)
    assert set(found) == {"asset:CAR"}
