"""InfluxDB's line protocol as payload."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.lineprotocol import read_lines
from quotawatt.errors import DecodeError


def point(line: str) -> dict[str, Any]:
    (found,) = read_lines(line)["points"]
    return found


def test_a_whole_line() -> None:
    assert point(
        'meter,site=b1,room=2\\ a v=1.5,n=-3i,u=7u,on=t,s="a, \\"b\\" = c" 1672503300000000000'
    ) == {
        "measurement": "meter",
        "tags": {"site": "b1", "room": "2 a"},
        "fields": {"v": 1.5, "n": -3, "u": 7, "on": True, "s": 'a, "b" = c'},
        "time": 1672503300000000000,
    }


def test_no_tags_no_time_and_escapes_in_names() -> None:
    assert point("m\\,1 a\\=b=2") == {
        "measurement": "m,1", "tags": {}, "fields": {"a=b": 2.0}, "time": None
    }  # fmt: skip


def test_comments_and_empty_lines_are_left_out() -> None:
    points = read_lines("# head\n\nm a=1 1\r\n  \nm a=FALSE 2\n")["points"]
    assert [(p["fields"]["a"], p["time"]) for p in points] == [(1.0, 1), (False, 2)]


@pytest.mark.parametrize(
    "line",
    ["m", "m ", "m a", "m a=", "m a=1 x", "m a=1 1 1", "m,t a=1", "m,=v a=1", "m a=1,", "m ,a=1", 'm a="x',
     "m a=1x", "m a=nan", "m a=1e999i", " =1", "m a=1\\", 'm a="x"y'],
)  # fmt: skip
def test_what_is_no_line_is_refused(line: str) -> None:
    with pytest.raises(DecodeError) as error:
        read_lines(line)
    assert error.value.reason == "bad_payload"


names = st.text(st.characters(codec="utf-8", exclude_characters="\n\r\\#"), min_size=1, max_size=8)


def escaped(name: str) -> str:
    for sign in ", =":
        name = name.replace(sign, "\\" + sign)
    return name


@given(
    names,
    st.dictionaries(names, names, max_size=3),
    st.dictionaries(names, st.floats(-1e9, 1e9), min_size=1),
)
def test_what_was_written_is_read(
    name: str, tags: dict[str, str], fields: dict[str, float]
) -> None:
    name, tags = f"m{name}m", {f"t{k}t": f"v{v}v" for k, v in tags.items()}
    fields = {f"f{k.replace(chr(34), '')}f": v for k, v in fields.items()}
    head = escaped(name) + "".join(f",{escaped(k)}={escaped(v)}" for k, v in tags.items())
    body = ",".join(f"{escaped(k)}={v!r}" for k, v in fields.items())
    found = point(f"{head} {body} 5")
    assert (found["measurement"], found["tags"], found["fields"]) == (name, tags, fields)


@given(st.text())
def test_any_text(text: str) -> None:
    refused, points = "", []
    try:
        points = read_lines(text)["points"]
    except DecodeError as error:
        refused = error.reason
    assert refused in ("", "bad_payload")
    assert all(point["fields"] for point in points)


def test_hostile_lines_take_no_time() -> None:
    for line in (
        "a\\" * 50_000,
        "m " + '"' * 100_001,
        "m," * 50_000 + " a=1",
        "m a=" + "\\," * 50_000,
    ):
        with pytest.raises(DecodeError):
            read_lines(line)
