"""What answers of an InfluxDB say of how it is set up: pure, from answers to verdicts.

Answers of 1.x as InfluxDB 1.6 gives them; of 2.x and 3.x as the vendor's API references describe them
(docs.influxdata.com: "InfluxDB OSS v2 API", "InfluxDB 3 Core API").
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import msgspec

from quotawatt.errors import StoreError
from quotawatt.storage.checking.verdicts import Verdict, right, wrong
from quotawatt.storage.influx_answers import answered_series, major_version, version_text

CLOCK_LIMIT_S = 30
"""A server's clock may be so far from ours: more shows in retention and in what is called late."""

_SHOWN = 200
_READ = 2000
_MARKUP = re.compile(r"<[^>]*>")
_DURATION = re.compile(r"(\d+)h0m0s")
_DAY_S = 86_400
_FOR_EVER = ("0s", "0")


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer over HTTP."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """What it says, on one line: the message of an error, else the beginning of the body."""
        said = self.json()
        message = said.get("error") or said.get("message")
        text = str(message) if message else self.body[:_READ].decode(errors="replace")
        return " ".join(_MARKUP.sub(" ", text).split())[:_SHOWN]

    @property
    def ok(self) -> bool:
        """Whether the status says so."""
        return 200 <= self.status < 300

    def json(self) -> dict[str, Any]:
        """The body as a JSON object; an empty one where it is none."""
        try:
            return msgspec.json.decode(self.body, type=dict[str, Any])
        except msgspec.MsgspecError:
            return {}


def address(ping: Answer, url: str) -> Verdict:
    """Whether what answers ``/ping`` is an InfluxDB, or one whose token is to be looked at next."""
    if ping.ok or ping.status in (401, 403):
        return right("address", "answers", url=url)
    if ping.status == 400 and b"HTTPS" in ping.body:
        return wrong("address", "tls_wanted", url=url)
    return wrong("address", "no_influxdb", url=url, status=ping.status, said=ping.text)


def version(ping: Answer) -> Verdict:
    """Which InfluxDB it is."""
    named = version_text(ping.headers, ping.body)
    if not named:
        return right("version", "version_unknown")
    if major_version(named) < 1:
        return wrong("version", "version_old", version=named)
    return right("version", "version_known", version=named)


def clock(answer: Answer, now: datetime) -> Verdict | None:
    """Whether the server's clock agrees with ours, ``now`` being when it answered; None: it does not say."""
    try:
        theirs = parsedate_to_datetime(answer.headers["Date"])
    except (KeyError, ValueError):
        return None
    off_s = round((theirs - now) / timedelta(seconds=1))
    if abs(off_s) > CLOCK_LIMIT_S:
        return wrong("clock", "clock_off", seconds=off_s, limit=CLOCK_LIMIT_S)
    return right("clock", "clock_right", seconds=off_s)


def token(answer: Answer, major: int, given: str) -> Verdict:
    """Whether the server lets us in, from its answer to a question that only a valid token may ask.

    given
        The token; only whether there is one, and a colon in it, counts.
    """
    if answer.status == 401 and not given:
        return wrong("token", "token_missing")
    if answer.status == 401 and major == 1 and ":" not in given:
        return wrong("token", "token_form")
    if answer.status == 401:
        return wrong("token", "token_wrong", said=answer.text)
    if answer.status == 403 and "create admin user first" in answer.text:
        return wrong("token", "no_admin")
    if answer.status == 404 and "organization" in answer.text:
        return wrong("token", "org_missing", said=answer.text)
    if answer.ok or answer.status in (403, 404):
        return right("token", "let_in" if given else "none_needed")
    return wrong("token", "refused_otherwise", status=answer.status, said=answer.text)


def database(answer: Answer, name: str) -> Verdict:
    """1.x: whether ``SHOW DATABASES``, which lists what the user may use, has the database."""
    if name in _column(answer, "name"):
        return right("database", "database_there", name=name)
    return wrong("database", "database_missing", name=name)


def policy(answer: Answer) -> Verdict | None:
    """1.x: whether the default retention policy keeps for ever, from ``SHOW RETENTION POLICIES``."""
    rows = list(_rows(answer))
    default = next((row for row in rows if row.get("default")), None)
    if default is None:
        return None
    lasts = str(default.get("duration", "0s"))
    if lasts in _FOR_EVER:
        return right("retention", "for_ever")
    hours = _DURATION.fullmatch(lasts)
    after = f"{int(hours[1]) / 24:g} d" if hours else lasts
    return wrong("retention", "expires", after=after)


def short_shards(answer: Answer, weeks: int) -> str | None:
    """1.x: the default retention policy where it keeps for ever in shards shorter than so many weeks."""
    for row in _rows(answer):
        hours, _, rest = str(row.get("shardGroupDuration", "")).partition("h")
        short = rest == "0m0s" and hours.isdecimal() and int(hours) < weeks * 7 * 24
        if row.get("default") and row.get("duration") in _FOR_EVER and short:
            return str(row.get("name"))
    return None


def bucket(answer: Answer, name: str) -> tuple[Verdict, Mapping[str, Any]]:
    """2.x: whether the list of buckets of this name has it; and what it says of it."""
    found = _objects(answer, "buckets") if answer.ok else []
    held = next((one for one in found if one.get("name") == name), None)
    if held is None:
        return wrong("database", "bucket_missing", name=name), {}
    return right("database", "bucket_there", name=name), held


def bucket_retention(held: Mapping[str, Any]) -> Verdict:
    """2.x: whether the bucket keeps for ever; results do, and share it with the readings."""
    rules = held.get("retentionRules") or ()
    expiries = [seconds for rule in rules if (seconds := int(rule.get("everySeconds") or 0))]
    if not expiries:
        return right("retention", "for_ever")
    return wrong("retention", "expires", after=f"{min(expiries) / _DAY_S:g} d")


def removal(major: int, wanted: bool) -> Verdict:
    """3.x: whether the settings ask for nothing that it cannot do: removing what is old."""
    if wanted:
        return wrong("retention", "cannot_remove", major=major)
    return right("retention", "nothing_goes")


def mapping(answer: Answer, name: str, bucket_id: str) -> Verdict | None:
    """2.x: whether InfluxQL finds the bucket under its own name; None where the token may not ask."""
    if not answer.ok:
        return None
    mine = [one for one in _objects(answer, "content") if one.get("database") == name]
    if not mine:
        return wrong("mapping", "mapping_missing", name=name)
    if any(one.get("bucketID") == bucket_id and _asked_first(one) for one in mine):
        return right("mapping", "mapped", name=name)
    if any(one.get("bucketID") == bucket_id for one in mine):
        return wrong("mapping", "mapping_not_default", name=name)
    return wrong("mapping", "mapping_elsewhere", name=name)


def write(answer: Answer, name: str) -> Verdict:
    """Whether the server took the probe."""
    if answer.ok:
        return right("write", "taken")
    if answer.status in (401, 403):
        return wrong("write", "write_forbidden", name=name, said=answer.text)
    if answer.status == 404:
        return wrong("write", "database_missing", name=name)
    return wrong("write", "write_refused", status=answer.status, said=answer.text)


def read_back(answer: Answer, major: int, name: str, expected: float) -> Verdict:
    """Whether InfluxQL gives the probe back."""
    if answer.status in (401, 403):
        return wrong("read", "read_forbidden", name=name, said=answer.text)
    if not answer.ok:
        return wrong("read", "read_refused", status=answer.status, said=answer.text)
    try:
        found = answered_series("", answer.status, answer.body)
    except StoreError as error:
        unmapped = major == 2 and any(word in str(error) for word in ("database not", "dbrp"))
        cause = "mapping_missing" if unmapped else "read_refused"
        return wrong("read", cause, name=name, status=answer.status, said=answer.text)
    values = [cell for series in found for row in series.values for cell in row[1:]]
    return right("read", "came_back") if expected in values else wrong("read", "came_not_back")


def _asked_first(one: Mapping[str, Any]) -> bool:
    """Whether a query that names no retention policy goes by this mapping."""
    return bool(one.get("default") or one.get("virtual"))


def _column(answer: Answer, name: str) -> list[Any]:
    return [row.get(name) for row in _rows(answer)]


def _rows(answer: Answer) -> list[dict[str, Any]]:
    """The rows of an InfluxQL answer, by the names of their columns; none where it is another answer."""
    try:
        found = answered_series("", answer.status, answer.body)
    except StoreError:
        return []
    return [
        dict(zip(series.columns, row, strict=False)) for series in found for row in series.values
    ]


def _objects(answer: Answer, name: str) -> list[Mapping[str, Any]]:
    """The objects that an answer of the 2.x API lists under ``name``."""
    try:
        found: list[Mapping[str, Any]] = msgspec.convert(
            answer.json().get(name) or [], list[dict[str, Any]]
        )
    except msgspec.ValidationError:
        return []
    return found
