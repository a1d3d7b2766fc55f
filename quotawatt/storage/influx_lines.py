"""InfluxDB's line protocol and the literals of InfluxQL.

What a tag value cannot hold there is written in percent code: a backslash (it would escape what follows
it), control characters, and the percent sign itself. Reading turns it back; ordinary names, Chinese ones
included, stay as they are.
"""

import re
from urllib.parse import unquote

SHARD_WEEKS = 52
"""A server keeps times in shards of this length, as its makers advise where data are kept for ever.

A question opens each series in each shard that it touches: with shards of a week, the default, yearly totals
of a thousand meters take about seven times as long.
"""

_UNFIT = re.compile(r"[\x00-\x1f\x7f\\%]")
_SEPARATORS = re.compile(r"([,= ])")


def encode_tag(value: str) -> str:
    """``value`` as the server keeps it in a tag."""
    return _UNFIT.sub(lambda match: f"%{ord(match[0]):02X}", value)


def decode_tag(value: str) -> str:
    """What ``encode_tag`` made of a value, turned back."""
    return unquote(value)


def tag(name: str, value: str) -> str:
    """``,name=value`` for a line; nothing where ``value`` is empty, which no tag may be."""
    if not value:
        return ""
    return f",{name}=" + _SEPARATORS.sub(r"\\\1", encode_tag(value))


def text_field(value: str) -> str:
    """``value`` as a quoted field of a line."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def literal(value: str) -> str:
    """A tag's value as a string literal of InfluxQL."""
    escaped = encode_tag(value).replace("'", "\\'")
    return f"'{escaped}'"


def identifier(name: str) -> str:
    """A database's or measurement's name as InfluxQL quotes it."""
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def create_database(name: str) -> str:
    """The statement that makes a database of 1.x."""
    return f"CREATE DATABASE {identifier(name)} WITH SHARD DURATION {SHARD_WEEKS}w"
