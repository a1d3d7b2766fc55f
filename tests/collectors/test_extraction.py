"""Groups applied to payloads, seen from a whole profile."""

import pytest

from tests.collectors.written import ARRIVED, decoder_of, found, refusal


def group(lines: str) -> str:
    return f"- topics: ['x/{{device}}']\n  groups:\n    - {lines}\n"


def test_a_group_repeats_for_every_key_that_fits() -> None:
    decoder = decoder_of(group("{at: 'ph:{channel}', fields: [{path: u, quantity: voltage_v}]}"))
    payload = {"ph:a": {"u": 1}, "ph:b": {"u": 2}, "ph:": {"u": 3}, "other": {"u": 4}, "ph:c": 5}
    assert found(decoder, payload)[0] == [("a", "voltage_v", 1.0), ("b", "voltage_v", 2.0)]


def test_entries_of_lists_with_a_channel_of_their_own_and_conditions() -> None:
    decoder = decoder_of(
        group("{at: 'list[]', when: [{path: type, in: [V]}], channel: '{no}/x', "
              "fields: [{path: u, quantity: voltage_v}]}")
    )  # fmt: skip
    payload = {
        "list": [{"type": "V", "no": 3, "u": 1}, {"type": "A", "u": 2}, {"type": "V", "u": 3}, 4]
    }
    assert found(decoder, payload)[0] == [("", "voltage_v", 3.0), ("3/x", "voltage_v", 1.0)]


def test_patterns_as_keys_and_the_first_field_wins() -> None:
    decoder = decoder_of(
        group("{fields: [{path: total*}, {path: 'P{channel}', quantity: electricity_power_kw, unit: W}, "
              "{path: '*', quantity: voltage_v}]}")
    )  # fmt: skip
    shown, _ = found(decoder, {"total_P": 1, "P1": 2000, "U": 230, "x": None})
    assert shown == [("", "voltage_v", 230.0), ("1", "electricity_power_kw", 2.0)]


def test_parts_of_one_value_are_read_by_several_fields() -> None:
    decoder = decoder_of(
        group(
            "{fields: [{path: 's*', bit: 0, quantity: switch_on}, {path: 's*', bit: 1, quantity: online}]}"
        )
    )
    assert found(decoder, {"status": 2})[0] == [("", "online", 1.0), ("", "switch_on", 0.0)]


def test_keys_may_be_written_in_any_case() -> None:
    decoder = decoder_of(
        group("{ignore_case: true, fields: [{path: Voltage, quantity: voltage_v}]}")
    )
    assert found(decoder, {"VOLTAGE": 1, "voltages": 2})[0] == [("", "voltage_v", 1.0)]


NAMED = """
{at: "m[]", named: {name: n, value: v, unit: u}, time: {path: t, format: epoch_s}, fields: [
  {path: "*power*", quantity: electricity_power_kw, unit_given: true},
  {path: "*power*", quantity: electricity_apparent_power_kva, unit_given: true},
  {path: "*temp*", quantity: temperature_c, unit: F},
  {path: "*energy*", quantity: electricity_import_kwh, unit: Wh, unit_given: true}]}
""".strip().replace("\n", " ")


def test_entries_that_name_their_value_and_its_unit() -> None:
    decoder = decoder_of(group(NAMED))
    payload = {"m": [
        {"n": "power", "v": 5, "u": "MW"}, {"n": "power/2", "v": 7, "u": "VA"}, {"n": "temp", "v": 212},
        {"n": "energy", "v": 10}, {"n": "energy", "v": 10, "u": "kWh"}, {"v": 1}, {"n": "power", "u": "W"},
    ]}  # fmt: skip
    assert found(decoder, payload) == (
        [
            ("", "electricity_apparent_power_kva", 0.007),
            ("", "electricity_import_kwh", 0.01),
            ("", "electricity_import_kwh", 10.0),
            ("", "electricity_power_kw", 5000.0),
            ("", "temperature_c", 100.0),
        ],
        [],
    )


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ({"n": "power", "v": 1}, "unknown_unit"),
        ({"n": "power", "v": 1, "u": "florps"}, "unknown_unit"),
        ({"n": "temp", "v": "hot"}, "bad_value"),
        ({"n": "temp", "v": 1, "t": "noon"}, "bad_time"),
    ],
)
def test_a_wrong_entry_costs_only_itself(entry: dict[str, object], reason: str) -> None:
    good = {"n": "energy", "v": 1, "u": "kWh"}
    shown, problems = found(decoder_of(group(NAMED)), {"m": [entry, good]})
    assert shown == [("", "electricity_import_kwh", 1.0)]
    assert problems == [reason]


def test_a_place_has_the_time_of_the_message_where_it_has_none() -> None:
    decoder = decoder_of(
        group(NAMED).replace("groups:", "time: {path: ts, format: epoch_s}\n  groups:")
    )
    payload = b'{"ts": 100, "m": [{"n": "temp", "v": 1, "t": 50}, {"n": "temp", "v": 2}]}'
    decoded = decoder.decode("x/dev", payload, ARRIVED)
    assert [(b.times_us, b.timed_by_server) for b in decoded.blocks] == [
        ([50_000_000], False),
        ([100_000_000], False),
    ]


POSITION = "{fields: [{path: lat, quantity: latitude_deg}, {path: lon, quantity: longitude_deg}]}"


@pytest.mark.parametrize(
    ("lat", "lon", "readings"), [(0, 0, 0), (0.0, 0, 0), (0, 5.5, 2), (31.2, 0, 2), (None, 0, 1)]
)
def test_a_position_of_zero_is_none(lat: float | None, lon: float, readings: int) -> None:
    assert len(found(decoder_of(group(POSITION)), {"lat": lat, "lon": lon})[0]) == readings


REFUSING = (
    group("{at: a, fields: [{path: u, quantity: voltage_v}, {path: known}]}")
    + "  otherwise: refuse\n"
)


@pytest.mark.parametrize("payload", [{}, {"a": {}}, {"a": {"x": 1}}, {"b": {"u": 1}}])
def test_what_no_field_names_is_refused_where_the_profile_wants(payload: object) -> None:
    assert refusal(decoder_of(REFUSING), payload) == "unmapped"


@pytest.mark.parametrize("a", [{"u": None}, {"known": 5}, {"x": 1, "known": None}])
def test_what_is_known_is_not_refused(a: object) -> None:
    assert found(decoder_of(REFUSING), {"a": a}) == ([], [])


def test_too_many_places_are_refused() -> None:
    decoder = decoder_of(group("{at: 'a[]', fields: [{path: u, quantity: voltage_v}]}"))
    assert refusal(decoder, {"a": [0] * 10_001}) == "bad_payload"
