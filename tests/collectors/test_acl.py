"""What a device may publish: exactly what is read as this device, and nothing for a hostile name."""

from collections.abc import Sequence

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from paho.mqtt.client import topic_matches_sub

from collectors.acl import NATIVE, Families, Grant, grants, require_name
from collectors.profile import load_profiles
from collectors.specs import MessageSpec, Profile
from collectors.topics import compile_topic
from quotawatt.errors import InputError


def profile(name: str, *messages: MessageSpec) -> Profile:
    return Profile(id=name, title_zh="甲", title_en="A", messages=messages)


def message(*topics: str, device: str = "{device}") -> MessageSpec:
    shape = [{"path": "id", "present": True}] if "#" in topics else []
    fields = [{"path": "", "quantity": "electricity_power_kw"}]
    return MessageSpec.model_validate(
        {"topics": topics, "device": device, "shape": shape, "groups": [{"fields": fields}]}
    )


def never_read(*topics: str) -> MessageSpec:
    return MessageSpec(topics=topics, format="any")


def topics_of(device: str, *patterns: str, gateway: bool = False) -> set[str]:
    families = Families([profile("p", message(*patterns))])
    return set(families.topics(device, "p", gateway=gateway))


@pytest.mark.parametrize(
    ("pattern", "device", "expected"),
    [
        ("quotawatt/{device}/readings", "m-1", {"quotawatt/m-1/readings"}),
        ("quotawatt/{device}/readings", "a/b", set()),
        ("{device#}/status/em:{channel}", "a/b", {"a/b/status/+"}),
        ("{device#}/tele/{device#}/SENSOR", "a/b/c", {"a/tele/b/c/SENSOR", "a/b/tele/c/SENSOR"}),
        ("{device#}/tele/{device#}/SENSOR", "a", set()),
        ("p/{device}/*", "m", {"p/m/+"}),
        ("p/{device}/#", "m", {"p/m/#"}),
        ("p/{device}/{name#}", "m", {"p/m/#"}),
        ("p/{device}/{name#}/set", "m", set()),
        ("p/dev_{device}/x", "m", {"p/dev_m/x"}),
        ("p/{device}_{channel}", "m", set()),
        ("p/+/x", "p/m/x", {"p/m/x"}),
        ("p/+/x", "m", set()),
        ("p/电表-{device}", "一", {"p/电表-一"}),
    ],
)
def test_a_pattern_becomes_the_topics_of_one_device(
    pattern: str, device: str, expected: set[str]
) -> None:
    assert topics_of(device, pattern) == expected


def test_topics_that_name_no_device_are_for_gateways_only() -> None:
    uplink = message("app/+/device/{name}/up", device="{info.id}")
    families = Families([profile("p", uplink, message("#", device="{id}"))])
    assert families.topics("m", "p", gateway=False) == frozenset()
    assert families.topics("m", "p", gateway=True) == {"app/+/device/+/up"}


HOSTILE = [
    *("", " ", "a b", "a+", "+", "#", "a/#", "a/+/b", "a\nuser collector\ntopic read #", "a\tb"),
    *("a:b", "%u", "%c/x", "$SYS/x", "${clientid}", 'a"}]}.', "a\\", "/a", "a/", "a//b", "x" * 129),
    *("a\u2028b", "a\u00a0b", "a\x00b", "\u202ea", "\ud800"),
]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_that_means_more_than_itself_is_refused(name: str) -> None:
    with pytest.raises(InputError, match="printable characters, no space"):
        require_name(name, "a device")
    found, refused = grants({name: (), "good": ()}, {}, FAMILIES[NATIVE])
    assert found == [Grant("good", ("quotawatt/good/readings",))]
    assert len(refused) == 1


def test_a_name_that_other_families_would_read_otherwise_is_refused() -> None:
    families = Families(
        [
            profile("one", message("{device#}/status/{name}")),
            profile("two", message("bridge/{device#}")),
        ]
    )
    assert families.topics("m", "one", gateway=False) == {"m/status/+"}
    with pytest.raises(InputError, match=r"bridge/\{device#\}"):
        families.topics("bridge", "one", gateway=False)


def test_a_name_is_refused_that_would_cover_others_several_levels_below() -> None:
    families = Families([profile("p", message("h/5/{device}/{name#}", "h/{device}/{name#}"))])
    assert families.topics("m", "p", gateway=False) == {"h/m/#", "h/5/m/#"}
    with pytest.raises(InputError, match="named like a part of a family's"):
        families.topics("5", "p", gateway=False)


def test_an_account_speaks_for_its_devices_and_they_for_themselves_no_more() -> None:
    devices = {"m-1": (), "m-2": (NATIVE,), "m-3": ()}
    found, refused = grants(devices, {"gate": ["m-1", "m-2"]}, FAMILIES[NATIVE])
    assert refused == []
    assert found == [
        Grant("gate", ("quotawatt/m-1/readings", "quotawatt/m-2/readings")),
        Grant("m-3", ("quotawatt/m-3/readings",)),
    ]


def test_a_device_of_several_families_may_use_all_and_always_its_native_topic() -> None:
    families = Families([*BUILT_IN.values()])
    found, refused = grants({"plug-7": {"tasmota", "shelly_gen2"}, "new": ()}, {}, families)
    assert refused == []
    assert found[0] == Grant("new", ("quotawatt/new/readings",))
    assert {"tele/plug-7/SENSOR", "plug-7/status/+", "quotawatt/plug-7/readings"} <= set(
        found[1].topics
    )


def test_topics_that_another_covers_are_left_out() -> None:
    families = Families([profile("p", message("{device}/#", "{device}", "{device}/a/+", "+/x"))])
    assert grants({"m": {"p"}}, {}, families)[0] == [Grant("m", ("m/#",))]


def test_what_a_family_never_looks_at_is_not_granted() -> None:
    never = never_read("{device}/cmnd/#", "{device}/set", "{device}/set/#", "all/$*")
    families = Families([profile("p", never, message("{device}/+"))])
    assert grants({"m": {"p"}}, {}, families)[0] == [Grant("m", ("m/+",), ("m/set",))]


def test_what_an_earlier_kind_or_another_family_reads_is_not_denied() -> None:
    earlier = profile("one", message("{device}/+"), never_read("{device}/set"))
    denies = profile("two", never_read("{device}/set"), message("{device}/+"))
    reads = profile("three", message("{device}/set"))
    assert grants({"m": {"one"}}, {}, Families([earlier]))[0] == [Grant("m", ("m/+",))]
    both = grants({"m": {"two", "three"}}, {}, Families([denies, reads]))[0]
    assert both == [Grant("m", ("m/+",))]
    below = profile("two", never_read("{device}/set/#"), message("{device}/#"))
    both = grants({"m": {"two", "three"}}, {}, Families([below, reads]))[0]
    assert both == [Grant("m", ("m/#",))]


def test_a_pattern_wild_in_part_of_a_level_denies_nothing_beside_it() -> None:
    families = Families(
        [profile("p", never_read("{device}/$*", "z*/{device}/set"), message("{device}/#"))]
    )
    assert grants({"m": {"p"}}, {}, families)[0] == [Grant("m", ("m/#",))]
    bridge = Families([profile("p", never_read("z*/{device}/set"), message("z*/{device}/{name}"))])
    assert grants({"m": {"p"}}, {}, bridge)[0] == [Grant("m", ("+/m/+",), ("+/m/set",))]


COMMANDS = {
    "tasmota": ["cmnd/plug-7/POWER", "plug-7/cmnd/POWER"],
    "shelly_gen1": ["shellies/plug-7/command", "shellies/plug-7/relay/0/command"],
    "shelly_gen2": ["plug-7/rpc", "plug-7/command/switch:0"],
    "zigbee2mqtt": ["zigbee2mqtt/plug-7/set", "zigbee2mqtt/plug-7/set/state"],
    "wirenboard": ["/devices/plug-7/controls/K1/on"],
    "homie": ["homie/plug-7/relay/state/set", "homie/5/plug-7/relay/state/set"],
    "esphome": ["plug-7/switch/relay/command"],
    "victron": ["W/plug-7/settings/0/Max"],
    "jetlinks": ["/acme/plug-7/properties/write", "/acme/plug-7/function/invoke"],
    "gbt32960": ["gbt32960/plug-7/dnstream"],
    "jt808": ["jt808/plug-7/dn"],
}


@pytest.mark.parametrize("family", sorted(COMMANDS))
def test_a_device_commands_nothing(family: str) -> None:
    found, _ = grants({"plug-7": {family}}, {}, Families([*BUILT_IN.values()]))
    (grant,) = found
    for topic in COMMANDS[family]:
        denied = any(mqtt_fits(rule, topic) for rule in grant.denied)
        assert denied or not any(mqtt_fits(rule, topic) for rule in grant.topics), topic


def mqtt_fits(rule: str, topic: str) -> bool:
    """Whether a topic fits a filter, by the client library's own matching."""
    return bool(topic_matches_sub(rule, topic))


BUILT_IN = {profile.id: profile for profile in load_profiles()}
FAMILIES = {name: Families([profile]) for name, profile in BUILT_IN.items()}
PATTERNS = {
    name: [compile_topic(t) for m in profile.messages if m.device == "{device}" for t in m.topics]
    for name, profile in BUILT_IN.items()
}
NAMES = st.text("abcde0123456789-", min_size=1, max_size=8)


def covered(granted: str, levels: Sequence[str]) -> str:
    """A topic that the filter covers, with these texts in the place of wildcards."""
    rest = iter(levels)
    return "/".join(next(rest) if level in ("+", "#") else level for level in granted.split("/"))


@given(
    device=st.lists(NAMES, min_size=1, max_size=3).map("/".join),
    family=st.sampled_from(sorted(BUILT_IN)),
    levels=st.lists(st.text("abcdexyz:0123456789", min_size=1, max_size=8), min_size=9, max_size=9),
)
@example(device="m", family="native", levels=["switch:0"] * 9)
def test_in_its_own_family_what_is_granted_is_read_as_this_device(
    device: str, family: str, levels: list[str]
) -> None:
    for granted in FAMILIES[family].topics(device, family, gateway=False):
        topic = covered(granted, levels)
        for pattern in PATTERNS[family]:
            found = pattern.match(topic)
            # What lies below its own name is its own too.
            named = "" if found is None else found.device
            if named not in ("", device) and not named.startswith(f"{device}/"):
                # A part of the family's topics taken for a name: nobody may have it.
                with pytest.raises(InputError, match="a family's topics"):
                    FAMILIES[family].topics(named, family, gateway=False)
