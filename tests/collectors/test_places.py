"""Places of payloads: where the paths of groups lead."""

from typing import Any

import pytest

from collectors.paths import split_path
from collectors.places import PLACES_LIMIT, Place, Places
from quotawatt.errors import DecodeError

PAYLOAD = {
    "电": {"量": 5},
    "list": [{"v": 1}, {"v": 2}, 3],
    "em1:0": {"v": 10},
    "em1:1": {"v": 11},
    "nested": [[1, 2], [3]],
}


def places(written: str, payload: object = PAYLOAD) -> list[Place]:
    return Places([split_path(written)]).find(payload, "t").get(0, [])


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("", [(PAYLOAD, "t", ())]),
        ("list[]", [({"v": 1}, "t", ("0",)), ({"v": 2}, "t", ("1",)), (3, "t", ("2",))]),
        ("list.1.v", [(2, "t", ())]),
        ("em1:{channel}", [({"v": 10}, "0", ("em1:0",)), ({"v": 11}, "1", ("em1:1",))]),
        ("em1:*.v", [(10, "t", ("em1:0",)), (11, "t", ("em1:1",))]),
        ("nested[][]", [(1, "t", ("0", "0")), (2, "t", ("0", "1")), (3, "t", ("1", "0"))]),
        ("电.*", [(5, "t", ("量",))]),
        ("电.{channel}", [(5, "量", ("量",))]),
        ("list.*.v", [(1, "t", ("0",)), (2, "t", ("1",))]),
        ("absent[]", []),
        ("电[]", []),
    ],
)
def test_places(written: str, found: list[Any]) -> None:
    assert [tuple(place) for place in places(written)] == found


def test_several_paths_are_found_in_one_pass() -> None:
    written = ["list[]", "em1:{channel}", "absent", "em1:*", "list[].v", "list[]", "em*"]
    together = Places([split_path(path) for path in written]).find(PAYLOAD, "t")
    assert sorted(together) == [0, 1, 3, 4, 5, 6]
    assert [together.get(i, []) for i in range(len(written))] == [places(w) for w in written]


def test_entries_of_a_list_that_is_the_payload() -> None:
    assert [place.node for place in places("[].v", [{"v": 1}, {}, {"v": 2}])] == [1, 2]


@pytest.mark.parametrize(
    ("written", "payload"),
    [
        ("[]", [0] * (PLACES_LIMIT + 1)),
        ("*", {f"k{i}": 0 for i in range(PLACES_LIMIT + 1)}),
        ("[][].x", [[{"x": 1}] * 200] * 200),
    ],
)
def test_places_are_limited(written: str, payload: object) -> None:
    with pytest.raises(DecodeError) as error:
        places(written, payload)
    assert error.value.reason == "bad_payload"
    assert len(places("[]", [0] * PLACES_LIMIT)) == PLACES_LIMIT
