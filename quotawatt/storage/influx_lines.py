"""InfluxDB's line protocol and the literals of InfluxQL.

What a tag value cannot hold there is written in percent code: a backslash (it would escape what follows
it), control characters, and the percent sign itself. Reading turns it back; ordinary names, Chinese ones
included, stay as they are.
"""

import re
from collections.abc import Iterator
from urllib.parse import unquote

import pyarrow as pa

from quotawatt.readings import Grain
from quotawatt.storage.frames import integers

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


def result_lines(grain: Grain, results: pa.Table) -> bytes:
    """The lines of a table of schema RESULTS, one a result.

    One without value leaves an older value standing: ``quality`` and ``withdrawn`` say that it counts no
    more.
    """
    return "\n".join(_result_lines(grain, results)).encode()


def _result_lines(grain: Grain, results: pa.Table) -> Iterator[str]:
    starts = integers(results["start"]).tolist()
    columns = results.drop_columns(["start"]).to_pydict()
    for start, subject, measure, value, quality, coverage, revision, withdrawn in zip(
        starts, *columns.values(), strict=True
    ):
        amount = "" if value is None else f"value={value!r},"
        yield (
            f"results_{grain}{tag('subject', subject)}{tag('measure', measure)} "
            f"{amount}quality={text_field(quality)},coverage={coverage!r},revision={revision}i,"
            f"withdrawn={'t' if withdrawn else 'f'} {start}"
        )
