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
ROW = AnnouncedRow("mine", "d", "7", "Power", "W")


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


def test_announcements_are_limited() -> None:
    announced = Announced()
    announced.note([ROW._replace(key=str(i)) for i in range(KEYS_LIMIT)])
    for wrong in (ROW._replace(key="one more"), ROW._replace(name="n" * 300)):
        with pytest.raises(DecodeError) as error:
            announced.note([wrong])
        assert error.value.reason == "bad_payload"
