"""Switched loads: they do what they are told, and what they say is read as what they do."""

from datetime import UTC, datetime, timedelta

import pytest

from collectors.commanding import catalogue
from collectors.decode import Decoder
from collectors.profile import load_profiles
from quotawatt.devicecommands import Catalogue, telegram
from simulators.faults import FaultKind
from simulators.switched import Dialect, SwitchedLoad
from tests.collectors.conftest import decoder

__all__ = ["decoder"]

NOW = datetime(2023, 6, 5, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)
FAMILIES = {
    Dialect.NATIVE: ("native", ""),
    Dialect.TASMOTA: ("tasmota", ""),
    Dialect.SHELLY: ("shelly_gen2", "0"),
}


@pytest.fixture(scope="module")
def known() -> Catalogue:
    return catalogue(load_profiles())


def load(dialect: Dialect, fault: FaultKind | None = None) -> SwitchedLoad:
    return SwitchedLoad("dev-1", dialect, 2.0, NOW, fault=fault)


def said(one: SwitchedLoad, at: datetime, decoder: Decoder) -> dict[str, float]:
    """What collectors make of its report."""
    found = {}
    for body in one.report(at):
        for reading in decoder.decode(body.topic, body.payload, at).readings():
            assert reading.device == "dev-1"
            found[reading.quantity] = reading.value
    return found


@pytest.mark.parametrize("dialect", list(Dialect))
def test_it_obeys_what_the_profile_sends_and_its_power_falls(
    dialect: Dialect, known: Catalogue, decoder: Decoder
) -> None:
    family, channel = FAMILIES[dialect]
    one = load(dialect)
    before = said(one, NOW + HOUR, decoder)
    assert (before["switch_on"], before["electricity_power_kw"]) == (1, 2.0)
    off = telegram(known[family]["switch_off"], "dev-1", channel, None)
    assert off.topic == one.command_topic
    one = one.told(off.payload.encode(), NOW + HOUR)
    after = said(one, NOW + 3 * HOUR, decoder)
    assert (after["switch_on"], after["electricity_power_kw"]) == (0, 0)
    # What it took until then stays counted.
    assert after["electricity_import_kwh"] == before["electricity_import_kwh"] == 2.0
    on = telegram(known[family]["switch_on"], "dev-1", channel, None)
    assert one.told(on.payload.encode(), NOW + 3 * HOUR).present_kw == 2.0


def test_a_warmer_set_point_takes_less(known: Catalogue, decoder: Decoder) -> None:
    warmer = telegram(known["native"]["set_point"], "dev-1", "", 28.0)
    one = load(Dialect.NATIVE).told(warmer.payload.encode(), NOW)
    assert said(one, NOW, decoder)["temperature_setpoint_c"] == 28.0
    assert one.present_kw == pytest.approx(2.0 * 0.88)


@pytest.mark.parametrize("dialect", list(Dialect))
def test_twice_is_as_once(dialect: Dialect, known: Catalogue) -> None:
    family, channel = FAMILIES[dialect]
    payload = telegram(known[family]["switch_off"], "dev-1", channel, None).payload.encode()
    once = load(dialect).told(payload, NOW)
    assert once.told(payload, NOW) == once


@pytest.mark.parametrize("dialect", list(Dialect))
def test_a_deaf_one_hears_and_does_not_obey(dialect: Dialect, known: Catalogue) -> None:
    family, channel = FAMILIES[dialect]
    payload = telegram(known[family]["switch_off"], "dev-1", channel, None).payload.encode()
    assert load(dialect, FaultKind.DEAF).told(payload, NOW).on


@pytest.mark.parametrize("dialect", list(Dialect))
@pytest.mark.parametrize(
    "payload", [b"", b"{}", b"TOGGLE", b'{"command":"explode"}', b"[1]", b"\xff"]
)
def test_what_it_does_not_understand_changes_nothing(dialect: Dialect, payload: bytes) -> None:
    one = load(dialect)
    assert one.told(payload, NOW) == one
