"""Topic patterns."""

import pytest

from collectors.topics import compile_topic
from quotawatt.errors import InputError


@pytest.mark.parametrize(
    ("pattern", "topic", "found"),
    [
        ("quotawatt/{device}/readings", "quotawatt/MTR-1/readings", ("MTR-1", "", "")),
        ("quotawatt/{device}/readings", "quotawatt/a/b/readings", None),
        ("{device#}/tele/SENSOR", "Casa/PB/sdm120/tele/SENSOR", ("Casa/PB/sdm120", "", "")),
        ("{device#}/tele/{device#}/SENSOR", "a/b/tele/c/SENSOR", ("a/b/c", "", "")),
        ("{device}/status/switch:{channel}", "plug/status/switch:1", ("plug", "1", "")),
        ("{device}/status/switch:{channel}", "plug/status/switch:", None),
        ("{device}/status/script:*", "plug/status/script:12", ("plug", "", "")),
        ("+/{device}/#", "x/dev/and/more", ("dev", "", "")),
        ("+/{device}/#", "x/dev", ("dev", "", "")),
        ("a.b/{device}", "aXb/dev", None),
        ("{device}/x", "line\nbreak/x", ("line\nbreak", "", "")),
        ("h/{device}/{name}", "h/d/U1", ("d", "", "U1")),
        ("h/{device}/{name}", "h/d/a/U1", None),
        ("h/{device}/{name#}", "h/d/a/U1", ("d", "", "a/U1")),
        ("h/{device}/{name#}/$unit", "h/d/a/U1/$unit", ("d", "", "a/U1")),
        ("{device}/P{channel}/{name}", "d/P2/W", ("d", "2", "W")),
        ("#", "any/thing", ("", "", "")),
    ],
)
def test_match(pattern: str, topic: str, found: tuple[str, str, str] | None) -> None:
    assert compile_topic(pattern).match(topic) == found


@pytest.mark.parametrize(
    "pattern",
    [
        "",
        "a/#/b",
        "a/{room}",
        "a+/b",
        "{channel}/{channel}/{device}",
        "{name}/{name#}",
        "{device#}/a/{device#}/b/{name#}",
        "{device",
        "a}",
    ],
)
def test_wrong_patterns_are_named(pattern: str) -> None:
    with pytest.raises(InputError) as error:
        compile_topic(pattern)
    assert pattern in str(error.value)
