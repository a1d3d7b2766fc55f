"""Command topics in the broker's access rules."""

import pytest

from collectors.acl import Families, Grant, grants
from collectors.commandacl import command_topics, with_commands
from collectors.commanding import catalogue
from collectors.filters import covers
from collectors.profile import load_profiles
from quotawatt.app.broker_files import emqx_acl, mosquitto_acl
from quotawatt.devicecommands import Catalogue


@pytest.fixture(scope="module")
def known() -> Catalogue:
    return catalogue(load_profiles())


def test_a_device_has_the_topics_of_its_bound_channels(known: Catalogue) -> None:
    channels = {"plug": {"", "2", "A"}, "meter": {""}, "bad name": {""}, "shelly": {"0"}}
    families = {
        "plug": {"tasmota"},
        "meter": {"csv"},
        "bad name": {"native"},
        "shelly": {"shelly_gen2"},
    }
    assert command_topics(channels, families, known) == {
        "plug": ("cmnd/plug/POWER", "cmnd/plug/POWER2"),
        "shelly": ("shelly/rpc",),
    }


def test_an_account_reads_what_its_devices_are_told() -> None:
    given = [Grant("plug", ("tele/plug/#",)), Grant("gateway", ("g/#",)), Grant("other", ("o",))]
    topics = {"plug": ("cmnd/plug/POWER",), "a": ("c/a",), "b": ("c/b",)}
    found = with_commands(given, topics, {"gateway": ["a", "b"]})
    assert [grant.commands for grant in found] == [("cmnd/plug/POWER",), ("c/a", "c/b"), ()]
    assert [grant.topics for grant in found] == [grant.topics for grant in given]


def test_nothing_denies_what_a_device_is_told(known: Catalogue) -> None:
    profiles = load_profiles()
    heard = {
        "plug": {"tasmota"},
        "esp-7": {"esphome"},
        "homie-7": {"homie"},
        "0x1": {"zigbee2mqtt"},
    }
    channels = {"plug": {""}, "esp-7": {"relay"}, "homie-7": {"relay/on"}, "0x1": {""}}
    found, refused = grants(heard, {}, Families(profiles))
    assert refused == []
    for grant in with_commands(found, command_topics(channels, heard, known), {}):
        assert grant.commands
        assert not [d for d in grant.denied for topic in grant.commands if covers(d, topic)]


GRANTS = [Grant("plug", ("tele/plug/#",), (), ("cmnd/plug/POWER",)), Grant("meter", ("m/#",))]


def test_the_files_of_mosquitto_and_emqx() -> None:
    assert mosquitto_acl(GRANTS, "collector").splitlines()[1:] == [
        "user collector",
        "topic read #",
        "topic read $SYS/#",
        "topic write cmnd/plug/POWER",
        "",
        "user plug",
        "topic write tele/plug/#",
        "topic read cmnd/plug/POWER",
        "",
        "user meter",
        "topic write m/#",
    ]
    assert emqx_acl(GRANTS, "collector").splitlines()[1:] == [
        '{allow, {user, "collector"}, subscribe, ["#", "$SYS/#"]}.',
        '{allow, {user, "collector"}, publish, ["cmnd/plug/POWER"]}.',
        '{allow, {user, "plug"}, publish, ["tele/plug/#"]}.',
        '{allow, {user, "plug"}, subscribe, ["cmnd/plug/POWER"]}.',
        '{allow, {user, "meter"}, publish, ["m/#"]}.',
        "{deny, all}.",
    ]
