"""Commands as values: what is sent, and what cannot become another command."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotawatt.devicecommands import (
    KINDS,
    LIMIT,
    DeviceCommand,
    require_kind,
    require_value,
    telegram,
    template_problems,
)
from quotawatt.errors import InputError
from quotawatt.quantities import QUANTITIES, Kind

MINUTE = timedelta(minutes=1)
SWITCH = DeviceCommand(KINDS["switch_off"], "c/{device}/{channel}", "OFF", "[0-9a-z/]+", MINUTE)
SET = DeviceCommand(KINDS["set_point"], "c/{device}", '{"t":{value}}', "", MINUTE, 16, 28, 0.5)


def test_what_is_sent() -> None:
    filled = telegram(SWITCH, "house/d", "1", None)
    assert (filled.topic, filled.payload) == ("c/house/d/1", "OFF")
    assert telegram(SET, "d", "", 26).payload == '{"t":26}'
    assert telegram(SET, "d", "", 26.5).payload == '{"t":26.5}'


@pytest.mark.parametrize(
    "name", ["a b", "a+b", "#", 'a"b', "a\nb", "a{device}", "a//b", "a/", "a'", ""]
)
def test_a_device_whose_name_could_become_something_else(name: str) -> None:
    with pytest.raises(InputError, match="that is commanded must"):
        telegram(SET, name, "", 20)


@pytest.mark.parametrize("channel", ["", "A", "1 ", "1#", "1//2"])
def test_a_channel_that_the_family_does_not_command(channel: str) -> None:
    with pytest.raises(InputError):
        telegram(SWITCH, "d", channel, None)


def test_a_whole_device_has_no_channel() -> None:
    with pytest.raises(InputError, match="must be the whole device, got '1'"):
        telegram(SET, "d", "1", 20)


def test_a_topic_that_is_too_long() -> None:
    with pytest.raises(InputError, match=f"1 to {LIMIT} characters"):
        telegram(SET, "d" * LIMIT, "", 20)


@pytest.mark.parametrize("value", [None, 15.5, 28.5, 20.3, float("nan"), float("inf")])
def test_a_set_point_out_of_range_or_between_two_steps(value: float | None) -> None:
    with pytest.raises(InputError, match="set_point must"):
        require_value(SET, value)


def test_switching_takes_no_value() -> None:
    assert require_value(SWITCH, None) is None
    with pytest.raises(InputError, match="without a value, got 1"):
        require_value(SWITCH, 1.0)


@given(st.integers(0, 24))
def test_every_step_of_the_range_is_taken_as_it_is(step: int) -> None:
    value = 16 + step * 0.5
    assert require_value(SET, value) == value
    assert SET.expected(value) == value
    assert float(telegram(SET, "d", "", value).payload[5:-1]) == value


def test_the_table_is_whole() -> None:
    for name, kind in KINDS.items():
        assert require_kind(name) is kind
        assert KINDS[kind.undo].undo == name
        quantity = QUANTITIES[kind.quantity]
        assert quantity.kind is not Kind.COUNTER
        if kind.expected is None:
            assert quantity.low <= kind.low < kind.high <= quantity.high
        else:
            assert quantity.low <= kind.expected <= quantity.high
    with pytest.raises(InputError, match="one of switch_off, switch_on, set_point, got 'toggle'"):
        require_kind("toggle")


@pytest.mark.parametrize(
    ("topic", "payload", "channels", "takes_value", "rule"),
    [
        ("c/x", "OFF", "", False, "must hold {device}"),
        ("c/{device}/#", "OFF", "", False, "no + # {value}"),
        ("c/{device}", "{state}", "", False, "the places of a command"),
        ("c/{device}", "OFF", "[0-9]", False, "channels must stand"),
        ("c/{device}/{channel}", "OFF", "", False, "channels must stand"),
        ("c/{device}", "OFF", "", True, "must hold {value}"),
        ("c/{device}", "{value}", "", False, "must not hold {value}"),
        ("c/{device}", '{"on":"TOGGLE"}', "", False, "never toggle"),
    ],
)
def test_templates_that_are_wrong(
    topic: str, payload: str, channels: str, takes_value: bool, rule: str
) -> None:
    found = template_problems(topic, payload, channels, takes_value=takes_value)
    assert len(found) == 1
    assert rule in found[0]


def test_templates_that_are_sound() -> None:
    assert template_problems(SWITCH.topic, "OFF", SWITCH.channels, takes_value=False) == []
    assert template_problems(SET.topic, SET.payload, "", takes_value=True) == []
