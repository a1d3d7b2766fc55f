"""What answers of an InfluxDB mean: which version it is, what a query found, why it refuses."""

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from quotawatt.errors import StoreError
from quotawatt.storage.influx_retry import BUSY_STATUSES, BusyError, retry_after_s

_BODY_SHOWN = 300
_VERSION = re.compile(r"v?((\d+)\.\S+)")


def shown_url(url: str) -> str:
    """``url`` without the user and password that it may name."""
    scheme, separator, rest = url.partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme}{separator}{host.rpartition('@')[2]}{slash}{path}"


def version_text(headers: Mapping[str, str], body: bytes) -> str:
    """The version that ``/ping`` names, in its header or, as 3.x does too, in its body; empty: none."""
    named = headers.get("X-Influxdb-Version", "")
    if not named and body.lstrip().startswith(b"{"):
        try:
            named = str(msgspec.json.decode(body, type=dict[str, Any]).get("version", ""))
        except msgspec.MsgspecError:
            named = ""
    found = _VERSION.fullmatch(named.strip())
    return found[1] if found else ""


def major_version(version: str) -> int:
    """1, 2 or 3. What names no version is taken for 2: InfluxDB Cloud, and others that take its writes."""
    found = _VERSION.fullmatch(version)
    return int(found[2]) if found else 2


class AnsweredSeries(msgspec.Struct):
    """One series of a query's answer, as the server gives it."""

    columns: list[str] = []
    values: list[list[Any]] = []
    tags: dict[str, str] = {}


class _Statement(msgspec.Struct):
    series: list[AnsweredSeries] = []
    error: str | None = None


class _Reply(msgspec.Struct):
    results: list[_Statement] = []
    error: str | None = None


_replies = msgspec.json.Decoder(_Reply)


def answered_series(url: str, status: int, body: bytes) -> list[AnsweredSeries]:
    """The series of a query's answer, of all its statements.

    Raises StoreError: a statement that failed does so with status 200.
    """
    try:
        reply = _replies.decode(body)
    except msgspec.MsgspecError:
        beginning = body[:_BODY_SHOWN].decode(errors="replace")
        raise refusal(url, status, f"no answer of InfluxQL: {beginning}") from None
    problems = [reply.error, *(result.error for result in reply.results)]
    if any(problems):
        raise refusal(url, status, "; ".join(filter(None, problems)))
    return [series for result in reply.results for series in result.series]


def refusal(url: str, status: int, body: str, retry_after: str | None = None) -> StoreError:
    """The error that an answer is; a BusyError where another try may help."""
    message = f"InfluxDB must accept what it is sent, {url} says {status}: {body[:_BODY_SHOWN]}"
    if status in BUSY_STATUSES:
        return BusyError(message, retry_after_s(retry_after))
    return StoreError(message)
