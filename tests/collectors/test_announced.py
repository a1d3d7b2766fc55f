"""What devices announce, and readings that rest on it."""

from collections.abc import Iterable
from datetime import timedelta

import pytest

from collectors.announced import KEYS_LIMIT, Announced, AnnouncedRow
from quotawatt.errors import DecodeError
from tests.collectors.written import ARRIVED, decoder_of, found, refusal

BIRTHS = """
- topics: ["b/{device}/birth"]
  announces: {each: "m[]", key: "{alias}", name: "{name}", unit: unit}
  groups: &values
    - at: "m[]"
      named: {name: name, value: v, alias: alias}
      fields: [{path: "*Power*", quantity: electricity_power_kw, unit_given: true}]
- topics: ["b/{device}/data"]
  groups: *values
- topics: ["h/{device}/$description"]
  announces: {each: "nodes.*.properties.*", key: "{1}/{2}", name: "{1}/{2}", unit: unit}
- topics: ["h/{device}/{name#}"]
  format: plain
  groups: [{fields: [{path: "*", quantity: electricity_power_kw, unit_given: true}]}]
"""
ROW = AnnouncedRow("mine", "d", "7", "Power", "W", ARRIVED)


def test_a_birth_names_what_comes_by_number() -> None:
    decoder = decoder_of(BIRTHS)
    birth = {"m": [{"name": "Active Power", "alias": 7, "unit": "W", "v": 500}]}
    assert found(decoder, birth, "b/d/birth")[0] == [("", "electricity_power_kw", 0.5)]
    assert found(decoder, {"m": [{"alias": 7, "v": 700}]}, "b/d/data")[0] == [
        ("", "electricity_power_kw", 0.7)
    ]
    assert found(decoder, {"m": [{"name": "Active Power", "v": 1}]}, "b/d/data")[0] == [
        ("", "electricity_power_kw", 0.001)
    ]
    assert refusal(decoder, {"m": [{"alias": 8, "v": 1}]}, "b/d/data") == "unknown_alias"
    assert refusal(decoder, {"m": [{"alias": 7, "v": 1}]}, "b/other/data") == "unknown_alias"


def test_a_description_says_the_unit_of_bare_values() -> None:
    decoder = decoder_of(BIRTHS)
    assert refusal(decoder, b"5", "h/d/pv/power") == "unknown_unit"
    description = {"nodes": {"pv": {"properties": {"power": {"unit": "MW"}, "state": {}}}}}
    assert found(decoder, description, "h/d/$description") == ([], [])
    assert found(decoder, b"5", "h/d/pv/power")[0] == [("", "electricity_power_kw", 5000.0)]
    assert refusal(decoder, b"5", "h/d/pv/state") == "unknown_unit"


def test_what_was_stored_serves_after_a_restart() -> None:
    first = Announced()
    found(
        decoder_of(BIRTHS, first), {"m": [{"name": "Power", "alias": 7, "unit": "W"}]}, "b/d/birth"
    )
    rows = first.take_changes()
    assert rows == [ROW]
    assert first.take_changes() == []
    second = Announced()
    second.restore(rows)
    decoder = decoder_of(BIRTHS, second)
    assert found(decoder, {"m": [{"alias": 7, "v": 1000}]}, "b/d/data")[0] == [
        ("", "electricity_power_kw", 1.0)
    ]
    assert second.take_changes() == []


def test_the_same_again_is_no_change_and_the_latest_counts() -> None:
    announced = Announced()
    announced.note([ROW, ROW])
    announced.note([ROW._replace(unit="kW")])
    assert announced.take_changes() == [ROW._replace(unit="kW")]
    announced.note([ROW._replace(unit="kW")])
    assert announced.take_changes() == []
    announced.restore([ROW])
    assert announced.find("mine", "d", "7", ARRIVED) == ("Power", "kW")


def test_another_collector_is_asked_once_in_five_seconds() -> None:
    asked: list[str] = []

    def load(device: str) -> Iterable[AnnouncedRow]:
        asked.append(device)
        return [ROW] if len(asked) == 2 else []

    announced = Announced(load)
    assert announced.find("mine", "d", "7", ARRIVED) is None
    assert announced.find("mine", "d", "7", ARRIVED + timedelta(seconds=4)) is None
    assert asked == ["d"]
    assert announced.find("mine", "d", "7", ARRIVED + timedelta(seconds=5)) == ("Power", "W")
    assert announced.find("mine", "d", "Power", ARRIVED) == ("Power", "W")
    assert asked == ["d", "d"]
    announced.note([ROW, ROW])
    assert asked == ["d", "d"]


def test_a_message_goes_by_what_was_announced_when_it_came() -> None:
    announced = Announced()
    later = ARRIVED + timedelta(hours=1)
    announced.note([ROW, ROW._replace(name="Energy", unit="kWh", arrived=later)])
    for hours, meant in ((-1, "Power"), (0, "Power"), (0.9, "Power"), (1, "Energy"), (9, "Energy")):
        found = announced.find("mine", "d", "7", ARRIVED + timedelta(hours=hours))
        assert found is not None
        assert found.name == meant


def test_what_was_announced_before_does_not_undo_what_was_since() -> None:
    """A birth that was kept is taken in again, after a restart, while the device goes on sending."""
    newer = ROW._replace(name="Energy", unit="kWh", arrived=ARRIVED + timedelta(hours=1))
    announced = Announced(lambda _: [newer])
    announced.note([ROW])
    assert announced.take_changes() == []
    assert announced.find("mine", "d", "7", newer.arrived) == ("Energy", "kWh")
    assert announced.find("mine", "d", "7", ARRIVED) == ("Power", "W")


def test_a_device_that_announces_anew_at_every_birth_is_not_remembered_for_ever() -> None:
    announced = Announced()
    for hour in range(50):
        at = ARRIVED + timedelta(hours=hour)
        announced.note([ROW._replace(name=f"Power {hour % 2}", arrived=at)])
    first = announced.find("mine", "d", "7", ARRIVED)
    last = announced.find("mine", "d", "7", ARRIVED + timedelta(days=9))
    assert (first, last) == (("Power 0", "W"), ("Power 1", "W"))
    # The oldest that is still remembered, not the first of all.
    assert announced.find("mine", "d", "7", ARRIVED + timedelta(hours=43)) == ("Power 1", "W")


def test_what_others_stored_is_taken_in_of_known_devices_only() -> None:
    announced = Announced()
    announced.note([ROW])
    newer = ROW._replace(unit="kW", arrived=ARRIVED + timedelta(hours=1))
    announced.refresh([newer, newer._replace(device="other")])
    assert announced.find("mine", "d", "7", newer.arrived) == ("Power", "kW")
    assert announced.find("mine", "other", "7", newer.arrived) is None
    assert announced.take_changes() == [ROW]


def test_announcements_are_limited() -> None:
    announced = Announced()
    announced.note([ROW._replace(key=str(i)) for i in range(KEYS_LIMIT)])
    for wrong in (ROW._replace(key="one more"), ROW._replace(name="n" * 300)):
        with pytest.raises(DecodeError) as error:
            announced.note([wrong])
        assert error.value.reason == "bad_payload"


def test_what_is_kept_is_limited_over_all_devices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("collectors.announced.KEPT_LIMIT", 1_000)
    stored: dict[str, list[AnnouncedRow]] = {}
    announced = Announced(lambda device: stored.get(device, []))
    for device in ("d0", "d1", "d2", "d3"):
        rows = [ROW._replace(device=device, key=str(i), name=f"n{i}") for i in range(200)]
        announced.note(rows)
        stored[device] = announced.take_changes()
    assert announced.kept <= 1_000
    assert announced.find("mine", "d0", "17", ARRIVED) == ("n17", "W")
    assert announced.kept <= 1_000


def test_a_device_that_renames_its_values_for_ever_takes_no_memory() -> None:
    announced = Announced()
    for number in range(KEYS_LIMIT + 100):
        announced.note([ROW._replace(name=f"n{number}")])
    assert announced.kept <= KEYS_LIMIT + 1
    assert announced.find("mine", "d", "7", ARRIVED) == (f"n{KEYS_LIMIT + 99}", "W")
