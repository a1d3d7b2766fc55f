"""Commands in device profiles: what the shipped ones send, and every mistake with its line."""

from datetime import UTC, datetime

import pytest

from collectors.commanding import catalogue
from collectors.decode import Decoder
from collectors.profile import load_profiles, parse_profile
from quotawatt.devicecommands import Catalogue, telegram
from quotawatt.errors import InputError

HEAD = """\
id: own
title_zh: 自有
title_en: Own
commands:
"""
TAIL = """\
messages:
  - topics: ["x/{device}"]
    groups: [{fields: [{path: p, quantity: electricity_power_kw}]}]
"""
OFF = '  switch_off: {topic: "c/{device}", payload: "0"}\n'
ON = '  switch_on: {topic: "c/{device}", payload: "1"}\n'
SENT = (
    ("tasmota", "switch_off", "plug", "", None, "cmnd/plug/POWER", "OFF"),
    ("tasmota", "switch_on", "plug", "2", None, "cmnd/plug/POWER2", "ON"),
    (
        "shelly_gen1",
        "switch_off",
        "shelly1-A1",
        "0",
        None,
        "shellies/shelly1-A1/relay/0/command",
        "off",
    ),
    (
        "shelly_gen2",
        "switch_off",
        "shellyplus1pm-a8",
        "0",
        None,
        "shellyplus1pm-a8/rpc",
        '{"id":1,"src":"quotawatt","method":"Switch.Set","params":{"id":0,"on":false}}',
    ),
    ("esphome", "switch_on", "node", "relay", None, "node/switch/relay/command", "ON"),
    ("homie", "switch_off", "dev", "relay/on", None, "homie/5/dev/relay/on/set", "false"),
    ("zigbee2mqtt", "switch_off", "0x01", "", None, "zigbee2mqtt/0x01/set", '{"state":"OFF"}'),
    (
        "native",
        "set_point",
        "ac",
        "",
        26.5,
        "quotawatt/ac/command",
        '{"command":"set_point","channel":"","value":26.5}',
    ),
)


@pytest.fixture(scope="module")
def known() -> Catalogue:
    return catalogue(load_profiles())


@pytest.mark.parametrize("sent", SENT, ids=lambda sent: "-".join(sent[:2]))
def test_what_families_are_told_and_that_collectors_ignore_it(
    sent: tuple[str, str, str, str, float | None, str, str], known: Catalogue, decoder: Decoder
) -> None:
    family, command, device, channel, value, topic, payload = sent
    filled = telegram(known[family][command], device, channel, value)
    assert (filled.topic, filled.payload) == (topic, payload)
    # Collectors hear it too: it must be no dead letter, and nobody's reading.
    decoded = decoder.decode(filled.topic, filled.payload.encode(), datetime.now(UTC))
    assert (decoded.profile, list(decoded.readings()), decoded.problems) == (family, [], [])


def test_every_family_with_commands_is_tried_above(known: Catalogue) -> None:
    assert {sent[0] for sent in SENT} == set(known)


@pytest.mark.parametrize(
    ("family", "channel"),
    [
        ("tasmota", "0"),
        ("tasmota", "A"),
        ("shelly_gen2", ""),
        ("zigbee2mqtt", "1"),
        ("homie", "on"),
    ],
)
def test_channels_that_would_be_another_topic(family: str, channel: str, known: Catalogue) -> None:
    with pytest.raises(InputError, match="a channel that switch_off reaches"):
        telegram(known[family]["switch_off"], "d", channel, None)


def problems(commands: str) -> list[str]:
    with pytest.raises(InputError) as error:
        parse_profile(HEAD + commands + TAIL, "own.yaml")
    return str(error.value).splitlines()


def test_a_sound_pair() -> None:
    profile = parse_profile(HEAD + OFF + ON + TAIL, "own.yaml")
    known = catalogue([profile])["own"]
    assert telegram(known["switch_on"], "d", "", None).payload == "1"
    assert known["switch_off"].answer_within.total_seconds() == 60


@pytest.mark.parametrize(
    ("commands", "line", "rule"),
    [
        (OFF, 5, "switch_off must stand beside switch_on"),
        (OFF.replace("switch_off", "toggle"), 5, "a command must be one of"),
        (OFF.replace('"0"', '"toggle"') + ON, 5, "never toggle"),
        (OFF + ON.replace("c/{device}", "c/all"), 6, "must hold {device}"),
        (OFF + ON.replace("}\n", ", channels: '['}\n"), 6, "regular expression"),
        (OFF + ON.replace("}\n", ", answer_within_s: 0}\n"), 6, "greater than or equal to 1"),
        (OFF + ON.replace("}\n", ", range: {low: 1, high: 2}}\n"), 6, "range must not stand with"),
        (OFF + ON.replace("}\n", ", retain: true}\n"), 6, "must be one of the keys"),
        ('  set_point: {topic: "c/{device}", payload: "{value}"}\n', 5, "range must stand with"),
        (
            '  set_point: {topic: "c/{device}", payload: "{value}", range: {low: 1, high: 99}}\n',
            5,
            "range must rise within 5 to 35",
        ),
    ],
)
def test_mistakes_with_their_line(commands: str, line: int, rule: str) -> None:
    (found,) = problems(commands)
    assert found.startswith(f"own.yaml:{line} ")
    assert rule in found
